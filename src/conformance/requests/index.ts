/** Builders of requests of the wire functions. Each starts from a dry-run sample. */
export { base64, type Content, RequestBuilder } from './builder.ts';
export {
  NormalizeErrorRequestBuilder,
  normalizeErrorRequest,
  ShapeRequestBuilder,
  shapeRequest,
} from './dialect.ts';
export { FilterRequestBuilder, filterRequest } from './filter.ts';
export { ObserveRequestBuilder, observeRequest } from './observe.ts';
export {
  BuildSignerRequestBuilder,
  buildSignerRequest,
  OnUnauthorizedRequestBuilder,
  onUnauthorizedRequest,
  SignRequestBuilder,
  signRequest,
} from './signer.ts';
