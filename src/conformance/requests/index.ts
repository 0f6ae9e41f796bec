/** Requests of the wire functions, built up from the dry-run samples. */
export { base64, type Content, RequestBuilder } from './builder.ts';
export { FilterRequestBuilder, filterRequest } from './filter.ts';
export { NormalizeErrorRequestBuilder, normalizeErrorRequest } from './normalize-error.ts';
export { ObserveRequestBuilder, observeRequest } from './observe.ts';
export { ShapeRequestBuilder, shapeRequest } from './shape.ts';
export {
  BuildSignerRequestBuilder,
  buildSignerRequest,
  OnUnauthorizedRequestBuilder,
  onUnauthorizedRequest,
  SignRequestBuilder,
  signRequest,
} from './signer.ts';
