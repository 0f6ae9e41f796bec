// A fixed table of requests and responses that cross the wire, through a proxy.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeBase64 } from '../../../src/base64.ts';
import { servers } from './http-server.ts';
import { withProxy } from './proxy.ts';
import { ask, type RawAnswer, type RawMessage, rawClient, valuesOf } from './raw-http.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** Headers that `fetch` adds by itself, and those in whose place its own stand. */
const OF_FETCH = /^(accept|accept-language|sec-fetch-mode|connection|host|content-length|transfer-encoding)$/;

/** Headers that servers add by themselves, and those of their connection. */
const OF_SERVER = /^(date|connection|keep-alive|transfer-encoding|content-length|vary)$/;

/** Names in lower case and values, sorted by name, without those of the runtime. */
function without(rules: RegExp, { headers }: RawMessage): [name: string, value: string][] {
  return headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !rules.test(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** What a server writes into a response that has a body, but no such header. */
const ADDED: Readonly<Record<string, Headers>> = { 'Bun.serve': [['content-type', 'application/octet-stream']] };

/** A request with headers, and which of them the upstream gets. */
interface RequestCase {
  readonly start?: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly sent: Headers;
  readonly sentStart?: string;
  readonly sentBody?: string;
}

const key = ['x-api-key', 'sk-upstream'] as const;
const encoding = ['accept-encoding', 'gzip, br'] as const;
const agent = ['user-agent', 'test'] as const;
const always = [encoding, agent, key] as const;

const requests: Readonly<Record<string, RequestCase>> = {
  'headers of the connection stay behind': {
    headers: [
      ['Connection', 'X-Private, x-other'],
      ['X-Private', '1'],
      ['x-other', '2'],
      ['Keep-Alive', 'timeout=5'],
      ['Proxy-Connection', 'keep-alive'],
      ['Proxy-Authenticate', 'Basic'],
      ['TE', 'trailers'],
      ['Trailer', 'x-t'],
      ['X-Kept', '3'],
    ],
    sent: [...always, ['x-kept', '3']],
  },
  'credentials of the client stay behind, and the signer sets its own': {
    headers: [
      ['Authorization', 'Bearer client'],
      ['X-Api-Key', 'sk-client'],
      ['Proxy-Authorization', 'Basic client'],
      ['X-Anthropic-Internal', '1'],
      ['anthropic-version', '2023-06-01'],
    ],
    sent: [encoding, ['anthropic-version', '2023-06-01'], agent, key],
  },
  'values keep their bytes, and repeated headers are joined': {
    headers: [
      ['X-Latin', 'caf\xe9 \x80\xff'],
      ['X-Utf8', '\xc3\xa9'],
      ['X-Twice', 'a'],
      ['x-twice', 'b, c'],
      ['X-Empty', ''],
    ],
    sent: [...always, ['x-empty', ''], ['x-latin', 'caf\xe9 \x80\xff'], ['x-twice', 'a, b, c'], ['x-utf8', '\xc3\xa9']],
  },
  'the host sets length, encoding and host itself': {
    start: 'POST /v1/messages?beta=true&x=%20 HTTP/1.1',
    headers: [
      ['Content-Length', '5'],
      ['Accept-Encoding', 'zstd'],
      ['Content-Type', 'application/json'],
    ],
    body: '{"a"}',
    sentStart: 'POST /v1/messages?beta=true&x=%20 HTTP/1.1',
    sent: [encoding, ['content-type', 'application/json'], agent, key],
    sentBody: '{"a"}',
  },
  'a chunked body gets a length': {
    start: 'PUT /p HTTP/1.1',
    headers: [['Transfer-Encoding', 'chunked']],
    body: '3\r\nabc\r\n2;x=y\r\nd\xff\r\n0\r\n\r\n',
    sentStart: 'PUT /p HTTP/1.1',
    sent: always,
    sentBody: 'abcd\xff',
  },
  'a body of nothing is sent as nothing': {
    start: 'DELETE /d HTTP/1.1',
    headers: [['Content-Length', '0']],
    sentStart: 'DELETE /d HTTP/1.1',
    sent: always,
  },
  'the body of a GET stays behind': {
    start: 'GET /b HTTP/1.1',
    headers: [['Content-Length', '5']],
    body: 'hello',
    sentStart: 'GET /b HTTP/1.1',
    sent: always,
  },
  'HEAD has no body': { start: 'HEAD /h HTTP/1.1', headers: [], sentStart: 'HEAD /h HTTP/1.1', sent: always },
};

/** A response, and what the client gets of it. */
interface ResponseCase {
  readonly start?: string;
  readonly requestMethod?: string;
  readonly headers: Headers;
  readonly body?: string;
  readonly got: Headers;
  readonly gotStatus?: number;
  readonly gotBody?: string;
}

/** `hello`, compressed. */
const GZIP = atob('H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==');
const BROTLI = atob('CwKAaGVsbG8D');

const responses: Readonly<Record<string, ResponseCase>> = {
  'headers of the connection stay behind': {
    headers: [
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Proxy-Authenticate', 'Basic'],
      ['Trailer', 'x-t'],
      ['X-Kept', '1'],
    ],
    body: 'hello',
    got: [['x-kept', '1']],
  },
  'cookies stay apart, other repeated headers are joined': {
    headers: [
      ['Set-Cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
      ['X-Twice', '1'],
      ['set-cookie', 'b=2'],
      ['x-twice', '2'],
    ],
    body: 'hello',
    got: [
      ['set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
      ['set-cookie', 'b=2'],
      ['x-twice', '1, 2'],
    ],
  },
  'values keep their bytes': {
    headers: [['X-Latin', 'caf\xe9 \x80\xff']],
    body: 'hello',
    got: [['x-latin', 'caf\xe9 \x80\xff']],
  },
  'an encoding is undone, and its headers go': {
    headers: [
      ['Content-Encoding', 'gzip'],
      ['X-Kept', '1'],
    ],
    body: GZIP,
    got: [['x-kept', '1']],
    gotBody: 'hello',
  },
  'so is the other one that was asked for': {
    headers: [['Content-Encoding', 'BR']],
    body: BROTLI,
    got: [],
    gotBody: 'hello',
  },
  'an encoding that was not asked for is refused': {
    headers: [['Content-Encoding', 'deflate']],
    body: 'hello',
    got: [['content-type', 'text/plain']],
    gotStatus: 502,
    gotBody: 'the upstream must answer with the encoding gzip, br or none: others are not decoded',
  },
  'a redirect is passed on': {
    start: 'HTTP/1.1 302 Found',
    headers: [['Location', 'https://elsewhere.test/']],
    body: '',
    got: [['location', 'https://elsewhere.test/']],
    gotStatus: 302,
  },
  'a failure is passed on': {
    start: 'HTTP/1.1 529 Overloaded',
    headers: [],
    body: 'busy',
    got: [],
    gotStatus: 529,
    gotBody: 'busy',
  },
  'a status without a body': {
    start: 'HTTP/1.1 204 No Content',
    headers: [['X-Kept', '1']],
    got: [['x-kept', '1']],
    gotStatus: 204,
    gotBody: '',
  },
  'a status that no Response can have is refused': {
    start: 'HTTP/1.1 700 Odd',
    headers: [],
    body: 'x',
    got: [['content-type', 'text/plain']],
    gotStatus: 502,
    gotBody: 'the status must be from 200 to 599, but is 700',
  },
  'the answer to HEAD has no body': {
    requestMethod: 'HEAD',
    headers: [
      ['Content-Length', '1234'],
      ['X-Kept', '1'],
    ],
    got: [['x-kept', '1']],
    gotBody: '',
  },
};

const write = (start: string, headers: Headers, body: string): string =>
  `${[start, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${body}`;

const ok: RawAnswer = (socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok');

/** The headers of a request that is the only one of its connection. */
const lastRequest: Headers = [
  ['Host', 'lb.test'],
  ['Connection', 'close'],
];

for (const [name, serve] of Object.entries(servers)) {
  const table = suite(`requests and responses through ${name}`);

  for (const [what, each] of Object.entries(requests))
    table(`of requests: ${what}`, () =>
      withProxy(serve, ok, async ({ origin, upstream }) => {
        const { start = 'GET / HTTP/1.1', headers, body = '' } = each;
        const isClosing = headers.some(([header]) => header === 'Connection');
        const own: Headers = [['Host', 'lb.test'], agent, ...(isClosing ? [] : [['Connection', 'close'] as const])];
        await ask(origin, write(start, [...own, ...headers], body));
        const [sent] = upstream.requests;
        if (sent === undefined || upstream.requests.length > 1) throw new Error('the upstream was not asked once');
        assert.equal(sent.start, each.sentStart ?? 'GET / HTTP/1.1');
        assert.equal(without(OF_FETCH, sent), [...each.sent]);
        assert.equal(valuesOf(sent, 'host'), [new URL(upstream.origin).host]);
        assert.equal(valuesOf(sent, 'transfer-encoding'), []);
        assert.is(sent.body, each.sentBody ?? '');
      }),
    );

  for (const [what, each] of Object.entries(responses)) {
    const { start = 'HTTP/1.1 200 OK', headers, body } = each;
    const length = body === undefined ? [] : [['Content-Length', String(body.length)] as const];
    const bytes = write(start, [...headers, ...length], body ?? '');
    table(`of responses: ${what}`, () =>
      withProxy(
        serve,
        (socket) => socket.end(bytes, 'latin1'),
        async ({ origin }) => {
          const got = await ask(origin, write(`${each.requestMethod ?? 'GET'} / HTTP/1.1`, lastRequest, ''));
          assert.match(got.start, new RegExp(`^HTTP/1.1 ${each.gotStatus ?? 200}`));
          const isTyped = each.got.some(([header]) => header === 'content-type');
          const added = got.body === '' || isTyped ? [] : (ADDED[name] ?? []);
          assert.equal(without(OF_SERVER, got), [...added, ...each.got]);
          assert.is(got.body, each.gotBody ?? body ?? '');
          // What HEAD says is the length that GET would have.
          if (each.requestMethod === 'HEAD') assert.equal(valuesOf(got, 'content-length'), ['1234']);
          else assert.ok(got.isWhole);
        },
      ),
    );
  }

  // Some servers refuse a part of these themselves, or close the connection.
  for (const method of ['PURGE', 'PROPFIND', 'patch', 'FOO'])
    table(`the method ${method}, which could arrive as another, is refused`, () =>
      withProxy(serve, ok, async ({ origin, upstream }) => {
        const client = rawClient(origin);
        client.send(write(`${method} / HTTP/1.1`, lastRequest, ''));
        assert.match(await client.until((bytes) => bytes.includes('\r\n')), /^(HTTP\/1.1 40[05]|$)/);
        client.abort();
        assert.equal(upstream.requests, []);
      }),
    );

  table('a plugin sees values as bytes, and no credentials', () =>
    withProxy(serve, ok, async ({ origin, seen }) => {
      const headers: Headers = [
        ...lastRequest,
        ['Authorization', 'Bearer s'],
        ['X-Latin', 'caf\xe9'],
        ['Content-Length', '3'],
      ];
      await ask(origin, write('POST /a%20b?c=%C3%A9 HTTP/1.1', headers, 'a\xff\0'));
      const [request] = seen;
      if (request === undefined) throw new Error('no plugin was asked');
      const { request_id, method, path, query } = request;
      assert.equal([request_id, method, path, query], ['request-1', 'POST', '/a%20b', 'c=%C3%A9']);
      const values = new Map(request.headers.map((each) => [each.name, decodeBase64(each.value_base64)]));
      assert.equal([...values.keys()].sort(), ['connection', 'content-length', 'x-latin']);
      assert.equal(values.get('x-latin'), Uint8Array.from([0x63, 0x61, 0x66, 0xe9]));
      assert.equal(decodeBase64(request.body_base64), Uint8Array.of(0x61, 0xff, 0));
    }),
  );

  table.run();
}
