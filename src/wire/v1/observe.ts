import { list, struct } from '../declare.ts';
import type { Infer } from '../type.ts';
import type { WireFunction } from '../wire-function.ts';
import { observeEventWire } from './observe-event.ts';

export const observeRequest = struct('ObserveRequest', { events: list(observeEventWire) });
export type ObserveRequest = Infer<typeof observeRequest>;

export const observeResponse = struct('ObserveResponse', {});
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
