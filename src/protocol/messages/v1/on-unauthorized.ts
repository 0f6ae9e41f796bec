import { opaque, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { upstreamErrorWire } from './http.ts';
import { stateSample, upstreamErrorSample } from './samples.ts';

/** What `on_unauthorized` is called with. */
export const onUnauthorizedRequest = struct('OnUnauthorizedRequest', {
  error: upstreamErrorWire,
  signer_state: opaque,
});
/** What {@link onUnauthorizedRequest} decodes to. */
export type OnUnauthorizedRequest = Infer<typeof onUnauthorizedRequest>;

/** What `on_unauthorized` answers. */
export const onUnauthorizedResponse = struct('OnUnauthorizedResponse', { decision: string, signer_state: opaque });
/** What {@link onUnauthorizedResponse} decodes to. */
export type OnUnauthorizedResponse = Infer<typeof onUnauthorizedResponse>;

/** Says what to do when the upstream refused the signature. */
export const onUnauthorized: WireFunction<OnUnauthorizedRequest, OnUnauthorizedResponse> = {
  name: 'on_unauthorized',
  fallback: 'pass_through',
  supportedVersions: [1],
  dryRunRequest: () => ({ error: upstreamErrorSample(), signer_state: stateSample() }),
  dryRunResponse: () => ({ decision: 'fail', signer_state: stateSample() }),
  schemas: { request: onUnauthorizedRequest, response: onUnauthorizedResponse },
};
