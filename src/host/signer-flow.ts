import type { DispatchError, DispatchOutcome } from '../protocol/dispatch.ts';
import {
  type BuildSignerRequest,
  type BuildSignerResponse,
  type OpaqueJson,
  type ShapedRequestWire,
  type SignResponse,
  type UpstreamErrorWire,
  type WireFunction,
  type WireInput,
  wire,
} from '../protocol/messages/index.ts';
import type { AdmittedPlugin } from './admitted-plugin.ts';
import type { CallOptions } from './engine.ts';
import type { PluginKey } from './key.ts';

/** The part of a host of plugins that a signer's flow needs. */
export interface SignerHost {
  get(key: PluginKey): AdmittedPlugin | undefined;
  dispatch<Req, Res>(
    key: PluginKey,
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options: CallOptions,
  ): Promise<DispatchOutcome<Res>>;
}

/** For what a signer is built. */
export type SignerPurpose = WireInput<BuildSignerRequest>;

/** A request that is ready for the upstream; or why it could not be signed, and must fail. */
export type SigningOutcome =
  | { readonly kind: 'signed'; readonly request: ShapedRequestWire }
  | { readonly kind: 'failed'; readonly error: DispatchError };

/** What to do after an upstream refused a signature. */
export type UnauthorizedOutcome =
  | {
      readonly kind: 'decided';
      /** The plugin's word, such as `fail`. The host knows what it does for which. */
      readonly decision: string;
    }
  /** The plugin did not answer: pass the upstream's answer on. */
  | { readonly kind: 'pass_through'; readonly error: DispatchError };

/** A signer that is built, or being built, and for which module. */
interface BuiltSigner {
  readonly moduleSha256: string | undefined;
  readonly outcome: Promise<DispatchOutcome<BuildSignerResponse>>;
  /** The state after the latest answer of `on_unauthorized`; `undefined` before the first. */
  latest: OpaqueJson | undefined;
  /** Ends when no call of `on_unauthorized` is under way. */
  refusals: Promise<unknown>;
}

/**
 * The three calls of a signer for one upstream, in their order: `build_signer` when it is first
 * needed, then `sign` for each request, and `on_unauthorized` when the upstream refuses one. The
 * flow keeps the state of the signer from call to call. It builds the signer anew if it could not
 * be built, and if its plugin was swapped: the state is private to a plugin. All its calls run on
 * one instance of the plugin. Several flows take turns among the instances.
 */
export class SignerFlow {
  static #made = 0;
  readonly #options: CallOptions = { affinity: SignerFlow.#made++ };
  readonly #host: SignerHost;
  readonly #key: PluginKey;
  readonly #purpose: SignerPurpose;
  #built: BuiltSigner | undefined;

  /** @param key the signer's plugin. */
  constructor(host: SignerHost, key: PluginKey, purpose: SignerPurpose) {
    this.#host = host;
    this.#key = key;
    this.#purpose = purpose;
  }

  /**
   * Signs a request.
   *
   * @param shaped the request as the dialect shaped it.
   * @returns a promise of the request with the parts that the signer changed. It rejects as
   * `dispatch` of the host does.
   */
  async sign(shaped: ShapedRequestWire): Promise<SigningOutcome> {
    const signer = this.#signer();
    const built = await signer.outcome;
    if (built.kind === 'fallback') return { kind: 'failed', error: built.error };
    const request = { shaped, signer_state: signer.latest ?? built.response.signer_state };
    const signed = await this.#host.dispatch(this.#key, wire.v1.sign, request, this.#options);
    if (signed.kind === 'fallback') return { kind: 'failed', error: signed.error };
    return { kind: 'signed', request: withChanges(shaped, signed.response) };
  }

  /**
   * Asks the signer what to do after the upstream refused a request that it signed. Its new state
   * is for all later calls. Several such calls are made one after the other.
   *
   * @returns a promise of its decision. It rejects as `dispatch` of the host does.
   */
  async onUnauthorized(error: UpstreamErrorWire): Promise<UnauthorizedOutcome> {
    const signer = this.#signer();
    const result = signer.refusals.then(() => this.#refused(signer, error));
    // The next call waits for the end of this one, not for its success.
    signer.refusals = result.catch(() => undefined);
    return await result;
  }

  async #refused(signer: BuiltSigner, error: UpstreamErrorWire): Promise<UnauthorizedOutcome> {
    const built = await signer.outcome;
    if (built.kind === 'fallback') return { kind: 'pass_through', error: built.error };
    const request = { error, signer_state: signer.latest ?? built.response.signer_state };
    const answer = await this.#host.dispatch(this.#key, wire.v1.onUnauthorized, request, this.#options);
    if (answer.kind === 'fallback') return { kind: 'pass_through', error: answer.error };
    const { decision, signer_state: state } = answer.response;
    signer.latest = state;
    return { kind: 'decided', decision };
  }

  /** Returns the signer of the plugin that serves now, and builds it if there is none. */
  #signer(): BuiltSigner {
    const moduleSha256 = this.#host.get(this.#key)?.module_sha256;
    if (this.#built !== undefined && this.#built.moduleSha256 === moduleSha256) return this.#built;
    const outcome = this.#host.dispatch(this.#key, wire.v1.buildSigner, this.#purpose, this.#options);
    const signer: BuiltSigner = { moduleSha256, outcome, latest: undefined, refusals: Promise.resolve() };
    this.#built = signer;
    const forget = (): void => {
      if (this.#built === signer) this.#built = undefined;
    };
    // Whoever waits for the outcome sees the error too.
    outcome.then(({ kind }) => (kind === 'fallback' ? forget() : undefined), forget);
    return signer;
  }
}

/** Applies a signer's answer to the request: null leaves a part as it was. */
function withChanges(
  shaped: ShapedRequestWire,
  { url, method, headers, body_base64 }: SignResponse,
): ShapedRequestWire {
  return {
    url: url ?? shaped.url,
    method: method ?? shaped.method,
    headers: headers ?? shaped.headers,
    body_base64: body_base64 ?? shaped.body_base64,
  };
}
