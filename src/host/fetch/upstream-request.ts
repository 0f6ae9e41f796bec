import { encodeBase64 } from '../../base64.ts';
import type { ShapedRequestOptions } from '../../hooks/index.ts';
import { type HeaderRules, SENDER_HEADERS, SHAPE_DROPPED_HEADERS } from '../../hooks/policies/header-rules.ts';
import { baseUrlOf, checkedRequest, requestOf } from '../../hooks/policies/outgoing-request.ts';
import { wireHeaders } from '../../hooks/policies/wire-headers.ts';
import type { ShapedRequestWire, ShapeResponse } from '../../protocol/messages/index.ts';
import { withMessageErrors } from './message-error.ts';
import { fromWire, toWire, wireHeaderList } from './wire-form.ts';

/** How a host uses a plugin's request for an upstream. */
export interface UpstreamRequestOptions extends ShapedRequestOptions {
  /** The URL of the selected upstream: `https://api.anthropic.com` by default, as in cc-lb. */
  readonly baseUrl?: string | null | undefined;
}

/**
 * Takes the answer of `shape` of generation 1 for a signer: checks it, and drops what a shape may
 * not set, which are the headers of the connection and of the host, and credentials. The signer
 * must sign what is sent, so this comes before it.
 *
 * @throws HttpMessageError for the first rule that is broken: base64, size, method, URL, headers.
 * TypeError if `options` is malformed.
 */
export function shapedRequestWire(shaped: ShapeResponse, options: UpstreamRequestOptions = {}): ShapedRequestWire {
  return withMessageErrors(() => toWire(checked(shaped, SHAPE_DROPPED_HEADERS, options)));
}

/**
 * Makes the request of an answer of `shape` of generation 1, without a signer: as `shapedRequest`
 * does for hook plugins. The host adds the credential of the upstream.
 *
 * @throws what {@link shapedRequestWire} throws.
 */
export function unsignedRequest(shaped: ShapeResponse, options: UpstreamRequestOptions = {}): Request {
  return withMessageErrors(() => requestOf(checked(shaped, SHAPE_DROPPED_HEADERS, options)));
}

/**
 * Makes the request that a signer signed. A signer may set credentials: `authorization`,
 * `x-api-key` and `x-anthropic-*`. It may set neither the headers of the connection nor `host`,
 * `content-length`, `accept-encoding` and `expect`, which the code that sends decides.
 *
 * @param signed of `SignerFlow.sign`.
 * @throws what {@link shapedRequestWire} throws.
 */
export function signedRequest(signed: ShapedRequestWire, options: UpstreamRequestOptions = {}): Request {
  return withMessageErrors(() => requestOf(checked(signed, SENDER_HEADERS, options)));
}

/**
 * Writes a request of a hook plugin's shape, or of `clientRequest`, for a signer of generation 1.
 *
 * @param request which is read from a clone, so it can still be sent.
 */
export async function requestToSign(request: Request): Promise<ShapedRequestWire> {
  const { url, method, headers } = request;
  const body = new Uint8Array(await request.clone().arrayBuffer());
  return { url, method, headers: wireHeaderList(wireHeaders(headers)), body_base64: encodeBase64(body) };
}

function checked(
  request: ShapedRequestWire,
  dropped: HeaderRules,
  { baseUrl = null, ...options }: UpstreamRequestOptions,
): ReturnType<typeof checkedRequest> {
  return checkedRequest(fromWire(request), baseUrlOf('options.baseUrl', baseUrl), dropped, options);
}
