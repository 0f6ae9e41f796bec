import { list, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { observeEventWire } from './types.ts';

/** What `observe` is called with. */
export const observeRequest = struct('ObserveRequest', { events: list(observeEventWire) });
/** What {@link observeRequest} decodes to. */
export type ObserveRequest = Infer<typeof observeRequest>;

/** What `observe` answers: nothing. */
export const observeResponse = struct('ObserveResponse', {});
/** What {@link observeResponse} decodes to. */
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
