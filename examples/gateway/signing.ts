import {
  type AdmittedPlugin,
  type PluginHost,
  requestToSign,
  SignerFlow,
  type SignerLease,
  signedRequest,
  type UpstreamFailure,
  unsignedRequest,
  upstreamErrorWire,
} from 'cc-lb-runtime-protocol/host';
import type { Exchange } from './exchange.ts';
import { RefusedByPlugin } from './refused.ts';
import type { Shaped } from './shaping.ts';
import type { Upstream } from './upstreams.ts';

/** Signs requests. It keeps the flow of each signer for each upstream. */
export class Signing {
  readonly #host: PluginHost;
  readonly #flows = new WeakMap<AdmittedPlugin, Map<Upstream, SignerFlow>>();

  constructor(host: PluginHost) {
    this.#host = host;
  }

  /**
   * Makes the request that is sent. Without a signer, the gateway adds the credential itself.
   *
   * @throws RefusedByPlugin if the signer fails. HttpMessageError if its answer breaks a rule.
   */
  async signed(shaped: Shaped, { plugins }: Exchange, upstream: Upstream): Promise<Request> {
    const { baseUrl, apiKey } = upstream;
    if (plugins.sign === undefined) {
      const request = shaped instanceof Request ? shaped.clone() : unsignedRequest(shaped, { baseUrl });
      request.headers.set('x-api-key', apiKey);
      return request;
    }
    const toSign = shaped instanceof Request ? await requestToSign(shaped) : shaped;
    const outcome = await this.#flow(plugins.sign, upstream).sign(toSign, plugins.sign);
    if (outcome.kind === 'failed') throw new RefusedByPlugin(outcome.error);
    return signedRequest(outcome.request, { baseUrl });
  }

  /**
   * Asks the signer whether to send a request again that the upstream refused as unauthorized. If
   * the signer fails, the refusal passes on.
   */
  async retries(failure: UpstreamFailure, { plugins }: Exchange, upstream: Upstream): Promise<boolean> {
    if (plugins.sign === undefined) return false;
    const outcome = await this.#flow(plugins.sign, upstream).onUnauthorized(upstreamErrorWire(failure), plugins.sign);
    return outcome.kind === 'decided' && outcome.decision === 'retry';
  }

  #flow({ admitted }: SignerLease, upstream: Upstream): SignerFlow {
    const flows = this.#flows.get(admitted) ?? new Map<Upstream, SignerFlow>();
    this.#flows.set(admitted, flows);
    const purpose = { upstream: { kind: 'anthropic_direct' }, factory_state: { key: upstream.apiKey } } as const;
    const flow = flows.get(upstream) ?? new SignerFlow(this.#host, admitted, purpose);
    flows.set(upstream, flow);
    return flow;
  }
}
