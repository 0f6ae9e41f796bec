import type { Claim, Header, Principal, Upstream } from '../../../hooks/messages/common.ts';
import { binaryBody } from '../../exercises.ts';
import { HUGE, HUGE_BYTES, LARGE, LARGE_BYTES, oneRequest, type RequestForm } from './form.ts';

/** The model of the samples. */
export const MODEL = 'claude-sonnet-4-5';

/** The path of the samples. */
export const PATH = '/v1/messages';

/** Encodes a text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Makes a header with a text as its value. */
export function header(name: string, value: string): Header {
  return { name, value: utf8(value) };
}

/** The principal of the samples: not that of the probes. */
export const principal: Principal = { id: 'conformance-principal', kind: 'api_key', claims: [] };

/** The upstream of the samples, which has no base URL. */
export const upstream: Upstream = { kind: 'AnthropicDirect', base_url: null };

/** Claims of each JSON form. A value is JSON text as bytes. */
const claimValues = (): Readonly<Record<string, Uint8Array>> => ({
  'a claim that is a text': utf8('"team-a"'),
  'a claim that is a large number': utf8('18446744073709551615'),
  'a claim that is a fraction': utf8('0.5'),
  'a claim that is true': utf8('true'),
  'a claim that is null': utf8('null'),
  'a claim that is a list': utf8('[1,"a",null]'),
  'a claim that is an object': utf8('{"a":{"b":[]}}'),
  'a claim without a value': new Uint8Array(),
  'a claim that is not JSON': utf8('{"a":'),
  'a claim that is not UTF-8': binaryBody,
});

/** All of these claims, one key of which occurs twice. */
export function manyClaims(): readonly Claim[] {
  return [
    ...Object.values(claimValues()).map((value, index) => ({ key: `claim-${index}`, value })),
    { key: 'claim-0', value: utf8('"team-b"') },
    { key: '', value: utf8('1') },
  ];
}

const KINDS = ['api_key', 'oauth_subject', 'internal_key', 'workload_identity', 'subscription_bearer'];

/** The forms of principals and their claims. */
export function principalForms<Request extends { readonly principal: Principal }>(
  sample: Request,
): RequestForm<Request>[] {
  const withClaims = (given: readonly Claim[]): Request => ({ ...sample, principal: { ...principal, claims: given } });
  const single = Object.entries(claimValues()).map(([what, value]): [string, Request] => [
    what,
    withClaims([{ key: 'claim', value }]),
  ]);
  return [
    {
      id: 'principals',
      what: 'requests of each kind of principal',
      hint: 'Accept any text as kind and as id of a principal.',
      cases: Object.fromEntries(
        KINDS.map((kind): [string, Request] => [
          `a principal of kind ${kind}`,
          { ...sample, principal: { ...principal, kind } },
        ]),
      ),
    },
    {
      id: 'claims',
      what: 'requests with a claim of each form',
      hint: 'Read a claim as bytes that may hold any JSON, or none. Keys can repeat.',
      cases: { ...Object.fromEntries(single), 'many claims, one of them twice': withClaims(manyClaims()) },
    },
  ];
}

/** The forms of upstreams: each variant, with and without its options. */
export function upstreamForms<Request extends { readonly upstream: Upstream }>(sample: Request): RequestForm<Request> {
  const at = (base_url: string): Request => ({ ...sample, upstream: { kind: 'AnthropicDirect', base_url } });
  return {
    id: 'upstreams',
    what: 'requests for each form of an upstream',
    hint: 'Accept every variant of Upstream, with and without a base URL. A base URL can have a port and a path.',
    cases: {
      'an upstream with a base URL': at('https://example.test'),
      'a base URL with a slash at its end': at('https://example.test/'),
      'a base URL with a port and a path': at('http://127.0.0.1:8080/proxy'),
      'a base URL with an IPv6 address': at('https://[2001:db8::1]:8443'),
    },
  };
}

/** A JSON body of a client's request, at least as long as `bytes`. */
export function messageBody(bytes = 0): Uint8Array {
  const content = 'x'.repeat(Math.max(bytes, 5));
  return utf8(`{"model":"${MODEL}","max_tokens":16,"messages":[{"role":"user","content":"${content}"}]}`);
}

/** The forms of a body. */
export function bodyForms<Request extends { readonly body: Uint8Array }>(sample: Request): RequestForm<Request>[] {
  const of = (id: string, what: string, hint: string, body: Uint8Array): RequestForm<Request> =>
    oneRequest(id, what, hint, { ...sample, body });
  return [
    of('empty-body', 'an empty body', 'Accept a body of no bytes.', new Uint8Array()),
    of('binary-body', 'a body that is not UTF-8', 'Read the body as bytes. It need not be text or JSON.', binaryBody),
    of(LARGE, 'a body of 64 KiB', LARGE_HINT, messageBody(LARGE_BYTES)),
    of(HUGE, 'a body of 1 MiB', LARGE_HINT, messageBody(HUGE_BYTES)),
  ];
}

/** What to change if a large request is not answered. */
export const LARGE_HINT = 'Read large content once, do not copy it again and again, and grow the memory as needed.';

/** The number of headers that cc-lb allows. */
const MANY = 100;

/** The forms of headers. `put` makes a request with these headers. */
export function headerForms<Request>(put: (headers: readonly Header[]) => Request): RequestForm<Request>[] {
  const many = Array.from({ length: MANY }, (_, index) => header(`x-header-${index}`, `value ${index}`));
  return [
    oneRequest('no-headers', 'a request without headers', 'Do not expect any header.', put([])),
    oneRequest('many-headers', `a request with ${MANY} headers`, 'Accept any number of headers.', put(many)),
    oneRequest(
      'odd-headers',
      'headers that are empty, repeated, in capitals or not UTF-8',
      'Read values of headers as bytes, compare names without case, and accept a name twice.',
      put(oddHeaders()),
    ),
  ];
}

/** Headers that are allowed and unusual. */
export function oddHeaders(): readonly Header[] {
  return [
    header('x-empty', ''),
    header('x-repeated', 'first'),
    header('x-repeated', 'second'),
    header('X-Capitals', 'VALUE'),
    { name: 'x-bytes', value: Uint8Array.of(0xff, 0xfe, 0x80) },
  ];
}

/** The forms of method, path and query. */
export function targetForms<
  Request extends { readonly method: string; readonly path: string; readonly query: string | null },
>(sample: Request): RequestForm<Request> {
  return {
    id: 'targets',
    what: 'requests with other methods and paths, and with each form of a query',
    hint: 'Accept any method and path. A query can be missing, empty or of any form.',
    cases: {
      'a GET of another path': { ...sample, method: 'GET', path: '/v1/models', body: new Uint8Array() },
      'a query': { ...sample, query: 'beta=true' },
      'an empty query': { ...sample, query: '' },
      'an encoded query': { ...sample, path: '/v1/messages/count_tokens', query: 'a=%20%C3%A9&a=+&b' },
    },
  };
}
