import { list, opaque, option, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { headerWire, shapedRequestWire } from './http.ts';
import { shapedRequestSample, stateSample } from './samples.ts';

/** What `sign` is called with. */
export const signRequest = struct('SignRequest', { shaped: shapedRequestWire, signer_state: opaque });
/** What {@link signRequest} decodes to. */
export type SignRequest = Infer<typeof signRequest>;

/** What `sign` answers. */
export const signResponse = struct('SignResponse', {
  url: option(string),
  method: option(string),
  headers: option(list(headerWire)),
  body_base64: option(string),
});
/** What {@link signResponse} decodes to. */
export type SignResponse = Infer<typeof signResponse>;

/** Signs a shaped request; each null in the response leaves that part as it was. */
export const sign: WireFunction<SignRequest, SignResponse> = {
  name: 'sign',
  fallback: 'fail_request',
  supportedVersions: [1],
  dryRunRequest: () => ({ shaped: shapedRequestSample(), signer_state: stateSample() }),
  dryRunResponse: () => ({ url: null, method: null, headers: null, body_base64: null }),
  schemas: { request: signRequest, response: signResponse },
};
