import { opaque, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { stateSample, upstreamSample } from './samples.ts';
import { upstreamWire } from './upstream.ts';

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
