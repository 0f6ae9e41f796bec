import { extend, list, string, struct } from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';
import { choiceFields } from './v1/route.ts';
import { nilId, principalSample, requestSample } from './v1/samples.ts';
import { candidateWire } from './v2.ts';
import type { WireFunction } from './wire-function.ts';

/** The request of `filter`. */
export const filterRequest = struct('FilterRequest', extend(choiceFields, { candidates: list(candidateWire) }));
/** The TypeScript type of {@link filterRequest}. */
export type FilterRequest = Infer<typeof filterRequest>;

/** A plugin's decision about one candidate, and why. */
export const perCandidateReasonWire = struct('PerCandidateReasonWire', {
  upstream_id: string,
  decision: string,
  reason: string,
});
/** The TypeScript type of {@link perCandidateReasonWire}. */
export type PerCandidateReasonWire = Infer<typeof perCandidateReasonWire>;

/** The response of `filter`. */
export const filterResponse = struct('FilterResponse', { results: list(perCandidateReasonWire) });
/** The TypeScript type of {@link filterResponse}. */
export type FilterResponse = Infer<typeof filterResponse>;

/** Decides which candidates a request may go to. */
export const filter: WireFunction<FilterRequest, FilterResponse> = {
  name: 'filter',
  fallback: 'use_default',
  supportedVersions: [1],
  dryRunRequest: () => ({ ...requestSample(), principal: principalSample(), candidates: [] }),
  dryRunResponse: () => ({ results: [{ upstream_id: nilId, decision: 'accept', reason: '' }] }),
  schemas: { request: filterRequest, response: filterResponse },
};

/** The type that v3 adds. */
export const types = { PerCandidateReasonWire: perCandidateReasonWire } as const;

/** The wire function of v3. It is still offered as version 1. */
export const v3 = { filter } as const;
