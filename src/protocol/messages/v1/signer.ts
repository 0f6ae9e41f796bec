import { list, opaque, option, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { shapedRequestSample, stateSample, upstreamErrorSample, upstreamSample } from './samples.ts';
import { headerWire, shapedRequestWire, upstreamErrorWire, upstreamWire } from './types.ts';

/** The request of `sign`. */
export const signRequest = struct('SignRequest', { shaped: shapedRequestWire, signer_state: opaque });
/** The TypeScript type of {@link signRequest}. */
export type SignRequest = Infer<typeof signRequest>;

/** The response of `sign`. */
export const signResponse = struct('SignResponse', {
  url: option(string),
  method: option(string),
  headers: option(list(headerWire)),
  body_base64: option(string),
});
/** The TypeScript type of {@link signResponse}. */
export type SignResponse = Infer<typeof signResponse>;

/** Signs a shaped request. Each null in the response leaves that part unchanged. */
export const sign: WireFunction<SignRequest, SignResponse> = {
  name: 'sign',
  fallback: 'fail_request',
  supportedVersions: [1],
  dryRunRequest: () => ({ shaped: shapedRequestSample(), signer_state: stateSample() }),
  dryRunResponse: () => ({ url: null, method: null, headers: null, body_base64: null }),
  schemas: { request: signRequest, response: signResponse },
};

/** The request of `build_signer`. The factory state is the host's configuration. */
export const buildSignerRequest = struct('BuildSignerRequest', { upstream: upstreamWire, factory_state: opaque });
/** The TypeScript type of {@link buildSignerRequest}. */
export type BuildSignerRequest = Infer<typeof buildSignerRequest>;

/** The response of `build_signer`. */
export const buildSignerResponse = struct('BuildSignerResponse', { signer_state: opaque });
/** The TypeScript type of {@link buildSignerResponse}. */
export type BuildSignerResponse = Infer<typeof buildSignerResponse>;

/** Makes the state that `sign` uses. */
export const buildSigner: WireFunction<BuildSignerRequest, BuildSignerResponse> = {
  name: 'build_signer',
  fallback: 'fail_request',
  supportedVersions: [1],
  dryRunRequest: () => ({ upstream: upstreamSample(), factory_state: stateSample() }),
  dryRunResponse: () => ({ signer_state: stateSample() }),
  schemas: { request: buildSignerRequest, response: buildSignerResponse },
};

/** The request of `on_unauthorized`. */
export const onUnauthorizedRequest = struct('OnUnauthorizedRequest', {
  error: upstreamErrorWire,
  signer_state: opaque,
});
/** The TypeScript type of {@link onUnauthorizedRequest}. */
export type OnUnauthorizedRequest = Infer<typeof onUnauthorizedRequest>;

/** The response of `on_unauthorized`. */
export const onUnauthorizedResponse = struct('OnUnauthorizedResponse', { decision: string, signer_state: opaque });
/** The TypeScript type of {@link onUnauthorizedResponse}. */
export type OnUnauthorizedResponse = Infer<typeof onUnauthorizedResponse>;

/** Decides what to do after the upstream refused the signature. */
export const onUnauthorized: WireFunction<OnUnauthorizedRequest, OnUnauthorizedResponse> = {
  name: 'on_unauthorized',
  fallback: 'pass_through',
  supportedVersions: [1],
  dryRunRequest: () => ({ error: upstreamErrorSample(), signer_state: stateSample() }),
  dryRunResponse: () => ({ decision: 'fail', signer_state: stateSample() }),
  schemas: { request: onUnauthorizedRequest, response: onUnauthorizedResponse },
};
