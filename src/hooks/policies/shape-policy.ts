import { translate } from '../../failure.ts';
import { utf8Length } from '../../json/text/utf8.ts';
import { checkArgument, checkOptions, type OptionRules, oneOfRule, optionsRule } from '../../option-rules.ts';
import type { Upstream } from '../messages/common.ts';
import type { ShapeResponse } from '../messages/shape.ts';
import type { HookOutcome } from '../plugin.ts';
import { bodyInit, hasNoBody } from './bodies.ts';
import { type FallbackOptions, fallbackRules, type HookFallbackError, reportFallback, taken } from './fallback.ts';
import { HOST_REQUEST_HEADERS, SHAPE_DROPPED_HEADERS } from './header-rules.ts';
import { HookPolicyError, type HookPolicyFailure } from './policy-error.ts';
import {
  checkHeaders,
  checkOutput,
  headerParts,
  settleBounds,
  type WireBounds,
  wireBoundRules,
} from './wire-bounds.ts';
import { forwardedHeaders, wireHeaders } from './wire-headers.ts';

/** What is taken from the answer of `shape`. */
export interface ShapedRequestOptions {
  readonly bounds?: WireBounds | undefined;
  /**
   * Which URLs a plugin may choose: only those with the origin of the selected upstream
   * (`upstream`, the default), or any of http and https (`unrestricted`, the default of cc-lb).
   */
  readonly originPolicy?: 'upstream' | 'unrestricted' | undefined;
}

/** How a host uses the answer of `shape`. */
export interface ShapePolicyOptions extends ShapedRequestOptions, FallbackOptions {}

const requestRules: OptionRules<ShapedRequestOptions> = {
  bounds: optionsRule(wireBoundRules),
  originPolicy: oneOfRule(['upstream', 'unrestricted']),
};
const rules: OptionRules<ShapePolicyOptions> = { ...requestRules, ...fallbackRules };

/** Where requests go if the upstream has no `base_url`. */
const DEFAULT_BASE_URL = 'https://api.anthropic.com';

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
 * Exceptions from `telemetry` propagate.
 */
export function requestAfterShape(
  outcome: HookOutcome<ShapeResponse>,
  client: ClientRequest,
  options: ShapePolicyOptions = {},
): ShapeDecision {
  checkOptions(options, rules);
  // Otherwise a host without a body would only see it when a plugin fails.
  checkArgument('client.body', ArrayBuffer.isView(client.body), 'the bytes of the request, as readBody returns them');
  const { bounds, originPolicy } = options;
  const result = taken(outcome, (response) => shapedRequest(response, client.upstream, { bounds, originPolicy }));
  if (result.ok) return { request: result.value };
  const { error } = result;
  reportFallback('shape', 'client_request', error, options);
  return { request: clientRequest(client), error };
}

/**
 * Makes the client's own request to the base URL of the upstream: method, path, query and body as
 * they are. Headers too, but for those of the connection and those that the host sets itself.
 *
 * @throws TypeError if the upstream's `base_url` is malformed.
 */
export function clientRequest({ request, body, upstream }: ClientRequest): Request {
  const { pathname, search } = new URL(request.url);
  const url = baseUrlOf(upstream);
  url.pathname = url.pathname.replace(/\/$/, '') + pathname;
  url.search = search;
  const headers = forwardedHeaders(wireHeaders(request.headers), HOST_REQUEST_HEADERS);
  return new Request(url, { method: request.method, headers, body: bodyInit(body), redirect: 'manual' });
}

/**
 * Takes the answer of `shape`: checks it, and drops the headers that plugins may not set.
 *
 * @param upstream the selected upstream.
 * @throws HookPolicyError for the first rule that is broken: size, method, URL, headers. TypeError
 * if `options` or the upstream's `base_url` is malformed.
 */
export function shapedRequest(
  { url, method, headers, body }: ShapeResponse,
  upstream: Upstream,
  options: ShapedRequestOptions = {},
): Request {
  checkOptions(options, requestRules);
  const { originPolicy = 'upstream' } = options;
  const bounds = settleBounds(options.bounds);
  const { origin } = baseUrlOf(upstream);
  checkOutput([url, method, ...headerParts(headers), body], bounds);
  checkMethod(method, body.length);
  const target = checkedUrl(url, originPolicy === 'upstream' ? origin : undefined);
  checkHeaders(headers, bounds);
  return translate(
    () =>
      new Request(target, {
        method,
        headers: forwardedHeaders(headers, SHAPE_DROPPED_HEADERS),
        body: bodyInit(body),
        redirect: 'manual',
      }),
    TypeError,
    (_error, options) => new HookPolicyError({ kind: 'NotConstructible' }, options),
  );
}

function baseUrlOf({ base_url }: Upstream): URL {
  const text = base_url ?? DEFAULT_BASE_URL;
  const isHttp = URL.canParse(text) && isHttpUrl(new URL(text));
  checkArgument('upstream.base_url', isHttp, 'an absolute URL of http or https');
  return new URL(text);
}

/**
 * The most bytes of a URL, as in Rust's crate http. Reading the name of a host takes an
 * engine time that grows with the square of its length: minutes for 1 MiB.
 */
const URL_MAX_BYTES = 65_534;

function isHttpUrl({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** @param origin the only one that is allowed; `undefined` for any. */
function checkedUrl(text: string, origin: string | undefined): URL {
  const refuse = (failure: HookPolicyFailure): never => {
    throw new HookPolicyError(failure);
  };
  if (utf8Length(text) > URL_MAX_BYTES || !URL.canParse(text)) return refuse({ kind: 'Url' });
  const url = new URL(text);
  if (!isHttpUrl(url)) refuse({ kind: 'UrlScheme' });
  if (url.username !== '' || url.password !== '') refuse({ kind: 'UrlCredentials' });
  if (origin !== undefined && url.origin !== origin) refuse({ kind: 'UrlOrigin' });
  return url;
}

/**
 * The methods that a shape can choose. `fetch` refuses CONNECT, TRACE and TRACK; some runtimes
 * write others in upper case, or send GET instead.
 */
const METHODS: readonly string[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** @param bytes the size of the body. */
function checkMethod(method: string, bytes: number): void {
  if (!METHODS.includes(method)) throw new HookPolicyError({ kind: 'Method' });
  if (hasNoBody(method) && bytes > 0) throw new HookPolicyError({ kind: 'BodyNotAllowed', bytes, of: method });
}
