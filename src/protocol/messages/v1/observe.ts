import { list, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { observeEventWire } from './types.ts';

/** The request of `observe`. */
export const observeRequest = struct('ObserveRequest', { events: list(observeEventWire) });
/** The TypeScript type of {@link observeRequest}. */
export type ObserveRequest = Infer<typeof observeRequest>;

/** The response of `observe`, which is empty. */
export const observeResponse = struct('ObserveResponse', {});
/** The TypeScript type of {@link observeResponse}. */
export type ObserveResponse = Infer<typeof observeResponse>;

/** Tells a plugin what happened to requests. */
export const observe: WireFunction<ObserveRequest, ObserveResponse> = {
  name: 'observe',
  fallback: 'silent_skip',
  supportedVersions: [1],
  dryRunRequest: () => ({ events: [] }),
  dryRunResponse: () => ({}),
  schemas: { request: observeRequest, response: observeResponse },
};
