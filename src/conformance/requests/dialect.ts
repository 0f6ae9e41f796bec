import {
  type NormalizeErrorRequest,
  type Principal,
  type RequestWire,
  type ShapeRequest,
  type WireInput,
  wire,
} from '../../protocol/messages/index.ts';
import { base64, type Content, RequestBuilder } from './builder.ts';
import { headerOf, principalWith } from './filter.ts';

/** A request of `shape` under construction. The setters of a client's request change `request`. */
export class ShapeRequestBuilder extends RequestBuilder<ShapeRequest> {
  /** Sets `request_id`. */
  requestId(id: string): this {
    return this.#request({ request_id: id });
  }

  /** Sets `method`. */
  method(method: string): this {
    return this.#request({ method });
  }

  /** Sets `path`, and `query` without its question mark. */
  path(path: string, query: string | null = null): this {
    return this.#request({ path, query });
  }

  /** Adds a header. */
  header(name: string, value: Content): this {
    return this.#request({ headers: [...this.request.request.headers, headerOf(name, value)] });
  }

  /** Sets the body. */
  body(content: Content): this {
    return this.#request({ body_base64: base64(content) });
  }

  /** Changes fields of `principal`. */
  principal(changes: Partial<WireInput<Principal>>): this {
    return this.with({ principal: principalWith(this.request.principal, changes) });
  }

  #request(changes: Partial<RequestWire>): this {
    return this.with({ request: { ...this.request.request, ...changes } });
  }
}

/** Starts a request of `shape` from the dry-run sample. */
export function shapeRequest(): ShapeRequestBuilder {
  return new ShapeRequestBuilder(wire.v1.shape.dryRunRequest());
}

/** A request of `normalize_error` under construction. */
export class NormalizeErrorRequestBuilder extends RequestBuilder<NormalizeErrorRequest> {
  /** Sets `status`, an HTTP status code. */
  status(status: number): this {
    return this.with({ status });
  }

  /** Sets the body. */
  body(content: Content): this {
    return this.with({ body_base64: base64(content) });
  }
}

/** Starts a request of `normalize_error` from the dry-run sample: status 500, no body. */
export function normalizeErrorRequest(): NormalizeErrorRequestBuilder {
  return new NormalizeErrorRequestBuilder(wire.v1.normalizeError.dryRunRequest());
}
