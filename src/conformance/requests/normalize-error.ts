import { type NormalizeErrorRequest, wire } from '../../protocol/messages/index.ts';
import { base64, type Content, RequestBuilder } from './builder.ts';

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

/** A request of `normalize_error` that starts from the dry-run sample: status 500, no body. */
export function normalizeErrorRequest(): NormalizeErrorRequestBuilder {
  return new NormalizeErrorRequestBuilder(wire.v1.normalizeError.dryRunRequest());
}
