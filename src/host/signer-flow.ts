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

/** The part of a lease that a signer's flow needs. */
export interface SignerLease {
  readonly admitted: AdmittedPlugin;
  dispatch<Req, Res>(
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options: CallOptions,
  ): Promise<DispatchOutcome<Res>>;
  release(): Promise<void>;
}

/** The part of a host of plugins that a signer's flow needs. */
export interface SignerHost {
  lease(key: PluginKey): SignerLease;
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

/** A signer that is built, or being built. */
interface BuiltSigner {
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
 * be built, and for a plugin that was swapped in: the state is private to a plugin. All its calls
 * run on one instance of the plugin. Several flows take turns among the instances.
 */
export class SignerFlow {
  static #made = 0;
  readonly #options: CallOptions = { affinity: SignerFlow.#made++ };
  readonly #host: SignerHost;
  readonly #key: PluginKey;
  readonly #purpose: SignerPurpose;
  /** By the record of the plugin, which each swap replaces. */
  readonly #built = new WeakMap<AdmittedPlugin, BuiltSigner>();

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
   * @param lease of the signer's plugin, for a request that holds it; else the plugin that serves.
   * @returns a promise of the request with the parts that the signer changed. It rejects as
   * `dispatch` of the host does.
   */
  sign(shaped: ShapedRequestWire, lease?: SignerLease): Promise<SigningOutcome> {
    return this.#holding(lease, async (plugin) => {
      const signer = this.#signer(plugin);
      const built = await signer.outcome;
      if (built.kind === 'fallback') return { kind: 'failed', error: built.error };
      const request = { shaped, signer_state: signer.latest ?? built.response.signer_state };
      const signed = await plugin.dispatch(wire.v1.sign, request, this.#options);
      if (signed.kind === 'fallback') return { kind: 'failed', error: signed.error };
      return { kind: 'signed', request: withChanges(shaped, signed.response) };
    });
  }

  /**
   * Asks the signer what to do after the upstream refused a request that it signed. Its new state
   * is for all later calls. Several such calls are made one after the other.
   *
   * @param lease of the signer's plugin, for a request that holds it; else the plugin that serves.
   * @returns a promise of its decision. It rejects as `dispatch` of the host does.
   */
  onUnauthorized(error: UpstreamErrorWire, lease?: SignerLease): Promise<UnauthorizedOutcome> {
    return this.#holding(lease, async (plugin) => {
      const signer = this.#signer(plugin);
      const result = signer.refusals.then(() => this.#refused(plugin, signer, error));
      // The next call waits for the end of this one, not for its success.
      signer.refusals = result.catch(() => undefined);
      return await result;
    });
  }

  /** Holds one plugin during the calls, so that no swap comes between them. */
  async #holding<T>(given: SignerLease | undefined, work: (plugin: SignerLease) => Promise<T>): Promise<T> {
    if (given !== undefined) return await work(given);
    const lease = this.#host.lease(this.#key);
    try {
      return await work(lease);
    } finally {
      await lease.release();
    }
  }

  async #refused(plugin: SignerLease, signer: BuiltSigner, error: UpstreamErrorWire): Promise<UnauthorizedOutcome> {
    const built = await signer.outcome;
    if (built.kind === 'fallback') return { kind: 'pass_through', error: built.error };
    const request = { error, signer_state: signer.latest ?? built.response.signer_state };
    const answer = await plugin.dispatch(wire.v1.onUnauthorized, request, this.#options);
    if (answer.kind === 'fallback') return { kind: 'pass_through', error: answer.error };
    const { decision, signer_state: state } = answer.response;
    signer.latest = state;
    return { kind: 'decided', decision };
  }

  /** Returns the signer of a plugin, and builds it if there is none. */
  #signer(plugin: SignerLease): BuiltSigner {
    const { admitted } = plugin;
    const before = this.#built.get(admitted);
    if (before !== undefined) return before;
    const outcome = plugin.dispatch(wire.v1.buildSigner, this.#purpose, this.#options);
    const signer: BuiltSigner = { outcome, latest: undefined, refusals: Promise.resolve() };
    this.#built.set(admitted, signer);
    const forget = (): void => {
      if (this.#built.get(admitted) === signer) this.#built.delete(admitted);
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
