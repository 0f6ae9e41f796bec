import { translate } from '../../failure.ts';
import { utf8Length } from '../../json/text/utf8.ts';
import { checkArgument, checkOptions, type OptionRules, oneOfRule, optionsRule } from '../../option-rules.ts';
import type { ShapeResponse } from '../messages/shape.ts';
import { bodyInit, hasNoBody } from './bodies.ts';
import type { HeaderRules } from './header-rules.ts';
import { HookPolicyError, type HookPolicyFailure } from './policy-error.ts';
import {
  checkHeaders,
  checkOutput,
  headerParts,
  settleBounds,
  type WireBounds,
  wireBoundRules,
} from './wire-bounds.ts';
import { headersOf, keptHeaders } from './wire-headers.ts';

/** What is taken from the answer of `shape`. */
export interface ShapedRequestOptions {
  readonly bounds?: WireBounds | undefined;
  /**
   * Which URLs a plugin may choose: only those with the origin of the selected upstream
   * (`upstream`, the default), or any of http and https (`unrestricted`, the default of cc-lb).
   */
  readonly originPolicy?: 'upstream' | 'unrestricted' | undefined;
}

/** The rules of {@link ShapedRequestOptions}. */
export const shapedRequestRules: OptionRules<ShapedRequestOptions> = {
  bounds: optionsRule(wireBoundRules),
  originPolicy: oneOfRule(['upstream', 'unrestricted']),
};

/** Where requests go if the upstream has no base URL. */
const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/**
 * Reads the base URL of an upstream.
 *
 * @param name of the argument that has it.
 * @throws TypeError if it is malformed.
 */
export function baseUrlOf(name: string, text: string | null): URL {
  const url = text ?? DEFAULT_BASE_URL;
  checkArgument(name, URL.canParse(url) && isHttpUrl(new URL(url)), 'an absolute URL of http or https');
  return new URL(url);
}

/**
 * Checks a request that a plugin wrote, and drops the headers that it may not set.
 *
 * @param base the URL of the selected upstream.
 * @param dropped which headers to leave out, besides those of the connection.
 * @returns the request. Its URL is written as engines write it, and names are in lower case.
 * @throws HookPolicyError for the first rule that is broken: size, method, URL, headers. TypeError
 * if `options` is malformed.
 */
export function checkedRequest(
  { url, method, headers, body }: ShapeResponse,
  base: URL,
  dropped: HeaderRules,
  options: ShapedRequestOptions,
): ShapeResponse {
  checkOptions(options, shapedRequestRules);
  const { originPolicy = 'upstream' } = options;
  const bounds = settleBounds(options.bounds);
  checkOutput([url, method, ...headerParts(headers), body], bounds);
  checkMethod(method, body.length);
  const { href } = checkedUrl(url, originPolicy === 'upstream' ? base.origin : undefined);
  checkHeaders(headers, bounds);
  return { url: href, method, headers: keptHeaders(headers, dropped), body };
}

/**
 * Makes a request whose redirects are not followed.
 *
 * @throws HookPolicyError `NotConstructible`.
 */
export function requestOf({ url, method, headers, body }: ShapeResponse): Request {
  return translate(
    () => new Request(url, { method, headers: headersOf(headers), body: bodyInit(body), redirect: 'manual' }),
    TypeError,
    (_error, options) => new HookPolicyError({ kind: 'NotConstructible' }, options),
  );
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
 * The methods of requests to an upstream. `fetch` refuses CONNECT, TRACE and TRACK; some runtimes
 * write others in upper case, or send GET instead.
 */
const METHODS: readonly string[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * Checks the method of a request to an upstream.
 *
 * @param bytes the size of the body.
 * @throws HookPolicyError `Method` or `BodyNotAllowed`.
 */
export function checkMethod(method: string, bytes: number): void {
  if (!METHODS.includes(method)) throw new HookPolicyError({ kind: 'Method' });
  if (hasNoBody(method) && bytes > 0) throw new HookPolicyError({ kind: 'BodyNotAllowed', bytes, of: method });
}
