import {
  type BuildSignerRequest,
  type OnUnauthorizedRequest,
  OpaqueJson,
  type ShapedRequestWire,
  type SignRequest,
  type UpstreamErrorWire,
  type WireInput,
  wire,
} from '../../protocol/messages/index.ts';
import { base64, type Content, RequestBuilder } from './builder.ts';
import { headerOf } from './filter.ts';

/** A request of `build_signer` under construction. */
export class BuildSignerRequestBuilder extends RequestBuilder<BuildSignerRequest> {
  /** Sets `factory_state`, any JSON value. */
  factoryState(state: WireInput<OpaqueJson>): this {
    return this.with({ factory_state: OpaqueJson.from(state) });
  }
}

/** Starts a request of `build_signer` from the dry-run sample, whose state is null. */
export function buildSignerRequest(): BuildSignerRequestBuilder {
  return new BuildSignerRequestBuilder(wire.v1.buildSigner.dryRunRequest());
}

/**
 * A request of `sign` under construction. The setters of a request for the upstream change
 * `shaped`.
 */
export class SignRequestBuilder extends RequestBuilder<SignRequest> {
  /** Sets `url`. */
  url(url: string): this {
    return this.#shaped({ url });
  }

  /** Sets `method`. */
  method(method: string): this {
    return this.#shaped({ method });
  }

  /** Adds a header. */
  header(name: string, value: Content): this {
    return this.#shaped({ headers: [...this.request.shaped.headers, headerOf(name, value)] });
  }

  /** Sets the body. */
  body(content: Content): this {
    return this.#shaped({ body_base64: base64(content) });
  }

  /** Sets `signer_state`, any JSON value: the one that `build_signer` returned. */
  signerState(state: WireInput<OpaqueJson>): this {
    return this.with({ signer_state: OpaqueJson.from(state) });
  }

  #shaped(changes: Partial<ShapedRequestWire>): this {
    return this.with({ shaped: { ...this.request.shaped, ...changes } });
  }
}

/** Starts a request of `sign` from the dry-run sample, whose state is null. */
export function signRequest(): SignRequestBuilder {
  return new SignRequestBuilder(wire.v1.sign.dryRunRequest());
}

/**
 * A request of `on_unauthorized` under construction. The setters of the upstream's error change
 * `error`.
 */
export class OnUnauthorizedRequestBuilder extends RequestBuilder<OnUnauthorizedRequest> {
  /** Sets `status`, an HTTP status code. */
  status(status: number): this {
    return this.#error({ status });
  }

  /** Sets the body. */
  body(content: Content): this {
    return this.#error({ body_base64: base64(content) });
  }

  /** Sets `category`. */
  category(category: UpstreamErrorWire['category']): this {
    return this.#error({ category });
  }

  /** Sets `signer_state`, any JSON value: from `build_signer` or an earlier `on_unauthorized`. */
  signerState(state: WireInput<OpaqueJson>): this {
    return this.with({ signer_state: OpaqueJson.from(state) });
  }

  #error(changes: Partial<UpstreamErrorWire>): this {
    return this.with({ error: { ...this.request.error, ...changes } });
  }
}

/** Starts a request of `on_unauthorized` from the dry-run sample: status 401, state null. */
export function onUnauthorizedRequest(): OnUnauthorizedRequestBuilder {
  return new OnUnauthorizedRequestBuilder(wire.v1.onUnauthorized.dryRunRequest());
}
