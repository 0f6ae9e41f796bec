import { list, opaque, option, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { shapedRequestSample, stateSample, upstreamErrorSample, upstreamSample } from './samples.ts';
import { headerWire, shapedRequestWire, upstreamErrorWire, upstreamWire } from './types.ts';

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

/** What `build_signer` is called with; the factory state is the host's configuration. */
export const buildSignerRequest = struct('BuildSignerRequest', { upstream: upstreamWire, factory_state: opaque });
/** What {@link buildSignerRequest} decodes to. */
export type BuildSignerRequest = Infer<typeof buildSignerRequest>;

/** What `build_signer` answers. */
export const buildSignerResponse = struct('BuildSignerResponse', { signer_state: opaque });
/** What {@link buildSignerResponse} decodes to. */
export type BuildSignerResponse = Infer<typeof buildSignerResponse>;

/** Makes the state that `sign` works with. */
export const buildSigner: WireFunction<BuildSignerRequest, BuildSignerResponse> = {
  name: 'build_signer',
  fallback: 'fail_request',
  supportedVersions: [1],
  dryRunRequest: () => ({ upstream: upstreamSample(), factory_state: stateSample() }),
  dryRunResponse: () => ({ signer_state: stateSample() }),
  schemas: { request: buildSignerRequest, response: buildSignerResponse },
};

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
