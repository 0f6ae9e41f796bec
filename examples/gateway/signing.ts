import {
  type AdmittedPlugin,
  type PluginHost,
  requestToSign,
  SignerFlow,
  type SignerLease,
  signedRequest,
  unsignedRequest,
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
    if (plugins.sign === undefined) {
      const request = shaped instanceof Request ? shaped.clone() : unsignedRequest(shaped, upstream);
      request.headers.set('x-api-key', upstream.apiKey);
      return request;
    }
    const toSign = shaped instanceof Request ? await requestToSign(shaped) : shaped;
    const outcome = await this.#flow(plugins.sign, upstream).sign(toSign, plugins.sign);
    if (outcome.kind === 'failed') throw new RefusedByPlugin(outcome.error);
    return signedRequest(outcome.request, upstream);
  }

  /**
   * Asks the signer whether to send a request again that the upstream refused as unauthorized.
   *
   * @param body of the refusal.
   */
  async retries(body: Uint8Array, { plugins }: Exchange, upstream: Upstream): Promise<boolean> {
    if (plugins.sign === undefined) return false;
    const error = { status: 401, body_base64: encodeBase64(body), category: 'unauthorized' } as const;
    const outcome = await this.#flow(plugins.sign, upstream).onUnauthorized(error, plugins.sign);
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
