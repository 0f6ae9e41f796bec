import { checkArgument, checkOptions, type OptionRules } from '../../option-rules.ts';
import type { Upstream } from '../messages/common.ts';
import type { ShapeResponse } from '../messages/shape.ts';
import type { HookOutcome } from '../plugin.ts';
import { type FallbackOptions, fallbackRules, type HookFallbackError, reportFallback, taken } from './fallback.ts';
import { HIDDEN_COOKIES, HOST_REQUEST_HEADERS, SHAPE_DROPPED_HEADERS } from './header-rules.ts';
import {
  baseUrlOf,
  checkedRequest,
  checkMethod,
  requestOf,
  type ShapedRequestOptions,
  shapedRequestRules,
} from './outgoing-request.ts';
import { type VisibilityOptions, visibilityRules } from './visible.ts';
import { keptHeaders, wireHeaders } from './wire-headers.ts';

/** How a host uses the answer of `shape`. */
export interface ShapePolicyOptions extends ShapedRequestOptions, VisibilityOptions, FallbackOptions {}

const rules: OptionRules<ShapePolicyOptions> = { ...shapedRequestRules, ...visibilityRules, ...fallbackRules };

/** The client's request, as the plugin was asked about it. */
export interface ClientRequest {
  readonly request: Request;
  /** The body of the request, which was read before. */
  readonly body: Uint8Array;
  /** The selected upstream. */
  readonly upstream: Upstream;
}

/** The request for the upstream. */
export interface ShapeDecision {
  /**
   * Has neither `authorization` nor `x-api-key`: the host adds the credential of the upstream.
   * `fetch` adds `content-length`. Redirects are not followed: they could lead to another origin.
   */
  readonly request: Request;
  /** Why the answer was not used; then this is the client's own request. */
  readonly error?: HookFallbackError;
}

/**
 * The policy of `shape` (abi/HOOKS.md, "Policies of a server"): if the hook failed, or its answer
 * is not taken, the client's own request goes to the base URL of the upstream, with a warning.
 *
 * @param outcome what the hook returned.
 * @throws TypeError if `outcome`, `options`, the body or the upstream's `base_url` is malformed.
 * HookPolicyError as {@link clientRequest} throws it. Exceptions from `telemetry` propagate.
 */
export function requestAfterShape(
  outcome: HookOutcome<ShapeResponse>,
  client: ClientRequest,
  options: ShapePolicyOptions = {},
): ShapeDecision {
  checkOptions(options, rules);
  // Otherwise a host without a body would only see it when a plugin fails.
  checkArgument('client.body', ArrayBuffer.isView(client.body), 'the bytes of the request, as readBody returns them');
  const { bounds, originPolicy, cookieRedaction } = options;
  const result = taken(outcome, (response) => shapedRequest(response, client.upstream, { bounds, originPolicy }));
  if (result.ok) return { request: result.value };
  const { error } = result;
  reportFallback('shape', 'client_request', error, options);
  return { request: clientRequest(client, { cookieRedaction }), error };
}

/**
 * Makes the client's own request to the base URL of the upstream: method, path, query and body as
 * they are. Headers too, but for those of the connection and those that the host sets itself.
 * `cookie` stays, unless it is hidden from plugins.
 *
 * @throws HookPolicyError `Method` or `BodyNotAllowed` if runtimes cannot send the client's method,
 * or not with a body. TypeError if `options` or the upstream's `base_url` is malformed.
 */
export function clientRequest({ request, body, upstream }: ClientRequest, options: VisibilityOptions = {}): Request {
  checkOptions(options, visibilityRules);
  const { method } = request;
  checkMethod(method, body.length);
  const { pathname, search } = new URL(request.url);
  const url = baseUrl(upstream);
  url.pathname = url.pathname.replace(/\/$/, '') + pathname;
  url.search = search;
  const dropped = options.cookieRedaction ? { ...HOST_REQUEST_HEADERS, ...HIDDEN_COOKIES } : HOST_REQUEST_HEADERS;
  const headers = keptHeaders(wireHeaders(request.headers), dropped);
  return requestOf({ url: url.href, method, headers, body });
}

/**
 * Takes the answer of `shape`: checks it, and drops the headers that plugins may not set.
 *
 * @param upstream the selected upstream.
 * @throws HookPolicyError for the first rule that is broken: size, method, URL, headers. TypeError
 * if `options` or the upstream's `base_url` is malformed.
 */
export function shapedRequest(
  response: ShapeResponse,
  upstream: Upstream,
  options: ShapedRequestOptions = {},
): Request {
  return requestOf(checkedRequest(response, baseUrl(upstream), SHAPE_DROPPED_HEADERS, options));
}

function baseUrl({ base_url }: Upstream): URL {
  return baseUrlOf('upstream.base_url', base_url);
}
