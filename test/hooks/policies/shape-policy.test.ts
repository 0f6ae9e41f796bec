import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ShapeResponse } from '../../../src/hooks/messages/shape.ts';
import { HookPolicyError, type HookPolicyFailure } from '../../../src/hooks/policies/policy-error.ts';
import {
  type ClientRequest,
  clientRequest,
  requestAfterShape,
  type ShapeDecision,
  type ShapePolicyOptions,
} from '../../../src/hooks/policies/shape-policy.ts';
import { failureOf } from '../../support/failure.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { answered, bytesOf, entriesOf, headersOf, requestsKeep, trapped } from './outcomes.ts';

const shape = suite('the policy of shape');

const upstream = { kind: 'AnthropicDirect', base_url: 'https://up.test/api/' } as const;
const body = bytesOf('{"client":true}');

function client(init: RequestInit = {}, base_url: string | null = upstream.base_url): ClientRequest {
  const request = new Request('https://lb.test/v1/messages?beta=true', { method: 'POST', body, ...init });
  return { request, body: request.method === 'GET' ? new Uint8Array() : body, upstream: { ...upstream, base_url } };
}

const right: ShapeResponse = {
  url: 'https://up.test/v1/other?x=1',
  method: 'PUT',
  headers: headersOf([['anthropic-version', '2023-06-01']]),
  body: bytesOf('{"shaped":true}'),
};

const after = (changes: Partial<ShapeResponse>, options?: ShapePolicyOptions): ShapeDecision =>
  requestAfterShape(answered({ ...right, ...changes }), client(), options);

shape('makes the request that the plugin wants', async () => {
  const { request, error } = after({});
  assert.is(error, undefined);
  assert.equal([request.url, request.method, request.redirect], ['https://up.test/v1/other?x=1', 'PUT', 'manual']);
  assert.equal(entriesOf(request.headers), [['anthropic-version', '2023-06-01']]);
  assert.is(await request.text(), '{"shaped":true}');
});

shape('drops what belongs to the connection, the host or the upstream', () => {
  const { request, error } = after({
    headers: headersOf([
      ['Connection', 'close, X-Private , te'],
      ['connection', 'x-other'],
      ['x-private', '1'],
      ['X-Other', '1'],
      ['keep-alive', '5'],
      ['proxy-connection', 'close'],
      ['proxy-authenticate', 'Basic'],
      ['proxy-authorization', 's'],
      ['TE', 'trailers'],
      ['trailer', 'x-t'],
      ['transfer-encoding', 'chunked'],
      ['upgrade', 'h2c'],
      ['Host', 'evil.test'],
      ['Content-Length', '7'],
      ['Accept-Encoding', 'zstd'],
      ['expect', '100-continue'],
      ['Authorization', 'Bearer s'],
      ['X-Api-Key', 's'],
      ['X-Anthropic-Internal', '1'],
      ['x-anthropic-', '1'],
      ['content-type', 'application/json'],
      ['x-anthropicx', 'kept'],
    ]),
  });
  assert.is(error, undefined);
  assert.equal(entriesOf(request.headers), [
    ['content-type', 'application/json'],
    ['x-anthropicx', 'kept'],
  ]);
});

shape('keeps the bytes of values, and joins repeated headers', () => {
  const value = Uint8Array.of(0x63, 0xe9, 0x80, 0xff, 0x09, 0x20, 0x7e);
  const { request } = after({
    headers: [
      { name: 'X-A', value },
      ...headersOf([
        ['x-b', '1'],
        ['X-B', '2'],
      ]),
    ],
  });
  assert.is(request.headers.get('x-a'), 'c\xe9\x80\xff\t ~');
  assert.is(request.headers.get('x-b'), '1, 2');
});

shape('a URL can have 65,534 bytes, and a longer one is not read', () => {
  const longest = `https://up.test/${'a'.repeat(65_518)}`;
  assert.is(after({ url: longest }).request.url, longest);
  // An engine needs an hour to read the name of this host.
  const host = Array.from({ length: 2_000_000 }, (_, index) =>
    String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)),
  );
  const { error } = after({ url: `https://${host.join('')}/` }, { originPolicy: 'unrestricted' });
  assert.equal(error?.failure, { kind: 'Url' });
});

const hostile: readonly (readonly [what: string, changes: Partial<ShapeResponse>, failure: HookPolicyFailure])[] = [
  ['a URL with a user name', { url: 'https://u@up.test/' }, { kind: 'UrlCredentials' }],
  ['a URL with a password', { url: 'https://:p@up.test/' }, { kind: 'UrlCredentials' }],
  ['another scheme', { url: 'file:///etc/passwd' }, { kind: 'UrlScheme' }],
  ['a data URL', { url: 'data:text/plain,x' }, { kind: 'UrlScheme' }],
  ['a script URL', { url: 'javascript:alert(1)' }, { kind: 'UrlScheme' }],
  ['another origin', { url: 'https://evil.test/' }, { kind: 'UrlOrigin' }],
  ['another port', { url: 'https://up.test:8443/' }, { kind: 'UrlOrigin' }],
  ['a downgrade to http', { url: 'http://up.test/' }, { kind: 'UrlOrigin' }],
  ['a host that only begins like the upstream', { url: 'https://up.test.evil.test/' }, { kind: 'UrlOrigin' }],
  ['a relative URL', { url: '/v1/messages' }, { kind: 'Url' }],
  ['an empty URL', { url: '' }, { kind: 'Url' }],
  ['a URL without a host', { url: 'https://' }, { kind: 'Url' }],
  ['a URL of 65,535 bytes', { url: `https://up.test/?${'\u00e9'.repeat(32_759)}` }, { kind: 'Url' }],
  [
    'CR and LF in a value',
    { headers: headersOf([['x-a', 'b\r\nx-c: d']]) },
    { kind: 'HeaderValue', index: 0, offset: 1 },
  ],
  ['LF at the end of a value', { headers: headersOf([['x-a', 'b\n']]) }, { kind: 'HeaderValue', index: 0, offset: 1 }],
  ['NUL in a value', { headers: headersOf([['x-a', '\0']]) }, { kind: 'HeaderValue', index: 0, offset: 0 }],
  ['DEL in a value', { headers: headersOf([['x-a', 'a\x7f']]) }, { kind: 'HeaderValue', index: 0, offset: 1 }],
  [
    'a space in a name',
    {
      headers: headersOf([
        ['x-a', ''],
        ['x a', ''],
      ]),
    },
    { kind: 'HeaderName', index: 1 },
  ],
  ['a colon in a name', { headers: headersOf([['x-a:', '']]) }, { kind: 'HeaderName', index: 0 }],
  ['CRLF in a name', { headers: headersOf([['x-a\r\nx-b', '']]) }, { kind: 'HeaderName', index: 0 }],
  ['an empty name', { headers: headersOf([['', 'x']]) }, { kind: 'HeaderName', index: 0 }],
  ['a name that is not ASCII', { headers: headersOf([['x-\u212a', 'x']]) }, { kind: 'HeaderName', index: 0 }],
  [
    '10,000 headers',
    { headers: headersOf(Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, ''])) },
    { kind: 'TooManyHeaders', count: 10_000, max: 100 },
  ],
  [
    'a long value',
    { headers: headersOf([['x-a', 'v'.repeat(8193)]]) },
    { kind: 'HeaderTooLarge', index: 0, bytes: 8193, max: 8192 },
  ],
  [
    'a long name',
    { headers: headersOf([['n'.repeat(8193), '']]) },
    { kind: 'HeaderTooLarge', index: 0, bytes: 8193, max: 8192 },
  ],
  ['a body with GET', { method: 'GET' }, { kind: 'BodyNotAllowed', bytes: 15, of: 'GET' }],
  ['a body with HEAD', { method: 'HEAD' }, { kind: 'BodyNotAllowed', bytes: 15, of: 'HEAD' }],
  ...['CONNECT', 'TRACE', 'TRACK', 'connect', 'post', 'GET ', 'GET /x HTTP/1.1\r\n', 'PROPFIND', ''].map(
    (method) => [`the method ${JSON.stringify(method)}`, { method }, { kind: 'Method' }] as const,
  ),
];
for (const [what, changes, failure] of hostile) {
  shape(`refuses ${what}: the client's own request goes to the base URL`, async () => {
    const { request, error } = after(changes);
    assert.equal(error?.failure, failure);
    assert.equal([request.url, request.method], ['https://up.test/api/v1/messages?beta=true', 'POST']);
    assert.is(await request.text(), '{"client":true}');
  });
}

shape('bounds are inclusive, and can be changed', () => {
  const headers = headersOf(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'v'.repeat(8192)]));
  assert.is(after({ headers }).error, undefined);
  const kindOf = (options: ShapePolicyOptions['bounds']): string | undefined =>
    after({ headers }, { bounds: options }).error?.failure.kind;
  assert.is(kindOf({ headersMax: 99 }), 'TooManyHeaders');
  assert.is(kindOf({ headerValueMaxBytes: 8191 }), 'HeaderTooLarge');
  const texts = right.url.length + right.method.length + right.body.length;
  const size = texts + headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  assert.is(kindOf({ outputMaxBytes: size }), undefined);
  assert.is(kindOf({ outputMaxBytes: size - 1 }), 'OutputTooLarge');
});

shape('an unrestricted plugin can choose any origin, and only that', () => {
  const options = { originPolicy: 'unrestricted' } as const;
  assert.is(after({ url: 'http://other.test:81/x' }, options).request.url, 'http://other.test:81/x');
  assert.is(after({ url: 'ftp://other.test/' }, options).error?.failure.kind, 'UrlScheme');
  assert.is(after({ url: 'https://u:p@other.test/' }, options).error?.failure.kind, 'UrlCredentials');
});

shape('GET and HEAD have no body', () => {
  for (const method of ['GET', 'HEAD']) {
    const { request, error } = after({ method, body: new Uint8Array() });
    assert.is(error, undefined);
    assert.equal([request.method, request.body], [method, null]);
  }
});

shape('all other methods can have one', async () => {
  for (const method of ['DELETE', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
    const { request } = after({ method });
    assert.equal([request.method, await request.text()], [method, '{"shaped":true}']);
  }
});

shape("the client's own request has no credentials and nothing of its connection", async () => {
  const telemetry = recordedTelemetry();
  const headers = {
    connection: 'x-hop',
    'x-hop': '1',
    authorization: 'Bearer s',
    'x-api-key': 's',
    'accept-encoding': 'zstd',
    expect: '100-continue',
    'anthropic-version': '2023-06-01',
    'x-anthropic-client': '\xe9',
  };
  const { request, error } = requestAfterShape(trapped(), client({ headers }), { telemetry });
  assert.is(error?.failure.kind, 'GuestTrap');
  assert.is(await request.text(), '{"client":true}');
  for (const name of ['connection', 'authorization', 'x-api-key', 'host', 'accept-encoding', 'expect'])
    assert.not(request.headers.has(name), name);
  // A browser's request has no header connection, so nothing says that x-hop belongs to it.
  assert.is(request.headers.has('x-hop'), !client({ headers }).request.headers.has('connection'));
  assert.is(request.headers.get('anthropic-version'), '2023-06-01');
  assert.is(request.headers.get('x-anthropic-client'), '\xe9');
  assert.is(request.redirect, 'manual');
  assert.equal(
    telemetry.events.map(({ level, fields }) => [level, fields]),
    [['warn', { hook: 'shape', policy: 'client_request', error: 'GuestTrap', phase: 'cc_lb_shape' }]],
  );
});

shape("the client's path cannot leave the upstream", () => {
  const urlOf = (path: string, base_url: string | null): string =>
    clientRequest({ ...client({}, base_url), request: new Request(`https://lb.test${path}`), body: new Uint8Array() })
      .url;
  assert.is(urlOf('//evil.test/x?y', 'https://up.test'), 'https://up.test//evil.test/x?y');
  assert.is(urlOf('/@evil.test', 'https://up.test'), 'https://up.test/@evil.test');
  assert.is(urlOf('/v1', null), 'https://api.anthropic.com/v1');
  assert.is(urlOf('/v1?a=%20', 'http://up.test:81/base?ignored=1'), 'http://up.test:81/base/v1?a=%20');
});

shape('a malformed base URL is a mistake of the host', () => {
  for (const base_url of ['up.test', 'ftp://up.test', ''])
    assert.throws(() => requestAfterShape(trapped(), client({}, base_url)), /upstream\.base_url must be/);
});

shape('a missing body is a mistake of the host, also if the plugin answers', () => {
  const { request, upstream } = client({}, 'https://up.test');
  // The cast: what a caller without a type checker can pass.
  const given = { request, upstream } as unknown as ClientRequest;
  assert.throws(() => requestAfterShape(trapped(), given), /client\.body must be/);
  const answer = answered({ url: 'https://up.test/', method: 'GET', headers: [], body: new Uint8Array() });
  assert.throws(() => requestAfterShape(answer, given), /client\.body must be/);
});

shape('options are checked', () => {
  // The cast: what a caller without a type checker can pass.
  assert.throws(() => after({}, { originPolicy: 'none' } as unknown as ShapePolicyOptions), /options\.originPolicy/);
});

shape("the client's own request is refused by name if it cannot be sent", () => {
  const failureFor = (method: string, own: Uint8Array): HookPolicyFailure =>
    failureOf(HookPolicyError, () => clientRequest({ ...client({ method, body: null }), body: own }));
  assert.equal(failureFor('GET', body), { kind: 'BodyNotAllowed', bytes: body.length, of: 'GET' });
  assert.equal(failureFor('HEAD', body), { kind: 'BodyNotAllowed', bytes: body.length, of: 'HEAD' });
  assert.equal(failureFor('PROPFIND', body), { kind: 'Method' });
  assert.is(clientRequest({ ...client({ method: 'GET', body: null }), body: new Uint8Array() }).method, 'GET');
});

shape("the client's own request has no cookie if it is hidden from plugins", () => {
  if (!requestsKeep('cookie')) return console.log('skipped: cookie: browsers take it from a Request');
  const own = client({ headers: { cookie: 'a=1', 'x-a': '1' } });
  const namesOf = (options?: ShapePolicyOptions): string[] => {
    const { request } = requestAfterShape(trapped(), own, options);
    return [...request.headers.keys()].filter((name) => name !== 'content-type');
  };
  assert.equal(namesOf(), ['cookie', 'x-a']);
  assert.equal(namesOf({ cookieRedaction: true }), ['x-a']);
  assert.not(clientRequest(own, { cookieRedaction: true }).headers.has('cookie'));
});

shape.run();
