import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clientRequest } from '../../../src/hooks/index.ts';
import {
  type HttpMessageFailure,
  requestToSign,
  shapedRequestWire,
  signedRequest,
  type UpstreamRequestOptions,
  unsignedRequest,
} from '../../../src/host/index.ts';
import type { ShapedRequestWire } from '../../../src/protocol/messages/index.ts';
import { thrownBy } from '../../support/failure.ts';
import { base64Of, headersOf, messageFailureOf } from './messages.ts';

const upstream = { baseUrl: 'https://up.test/api' } as const;

const right: ShapedRequestWire = {
  url: 'https://up.test/v1/messages?x=1',
  method: 'POST',
  headers: headersOf([['anthropic-version', '2023-06-01']]),
  body_base64: base64Of('{"shaped":true}'),
};

/** Each kind of header that someone may not set. */
const headers = headersOf([
  ['Connection', 'X-Listed'],
  ['x-listed', '1'],
  ['TE', 'trailers'],
  ['Host', 'evil.test'],
  ['Content-Length', '7'],
  ['Accept-Encoding', 'zstd'],
  ['Expect', '100-continue'],
  ['Authorization', 'Bearer s'],
  ['X-Api-Key', 's'],
  ['X-Anthropic-Internal', '1'],
  ['X-B', '1'],
  ['x-a', '\u00e9'],
  ['x-b', '2'],
]);

const entriesOf = (request: Request): [string, string][] => [...request.headers];

const shape = suite('the answer of shape');

shape('becomes the request for a signer, without what a shape may not set', () => {
  assert.equal(shapedRequestWire({ ...right, headers }, upstream), {
    ...right,
    headers: headersOf([
      ['x-b', '1'],
      ['x-a', '\u00e9'],
      ['x-b', '2'],
    ]),
  });
});

shape('becomes a request, if nobody signs it', async () => {
  const request = unsignedRequest({ ...right, headers }, upstream);
  assert.equal([request.url, request.method, request.redirect], [right.url, 'POST', 'manual']);
  assert.equal(entriesOf(request), [
    ['x-a', '\xc3\xa9'],
    ['x-b', '1, 2'],
  ]);
  assert.is(await request.text(), '{"shaped":true}');
});

shape('goes to the upstream only, unless the host allows more', () => {
  const elsewhere = { ...right, url: 'https://elsewhere.test/' };
  assert.is(unsignedRequest(elsewhere, { ...upstream, originPolicy: 'unrestricted' }).url, elsewhere.url);
  const byDefault = { ...right, url: 'https://api.anthropic.com/v1/messages' };
  for (const baseUrl of [undefined, null]) assert.is(unsignedRequest(byDefault, { baseUrl }).url, byDefault.url);
});

const refused: readonly (readonly [what: string, changes: Partial<ShapedRequestWire>, failure: HttpMessageFailure])[] =
  [
    ['another origin', { url: 'https://evil.test/' }, { kind: 'UrlOrigin' }],
    ['a user name', { url: 'https://u@up.test/' }, { kind: 'UrlCredentials' }],
    ['another scheme', { url: 'file:///etc/passwd' }, { kind: 'UrlScheme' }],
    ['a relative URL', { url: '/v1' }, { kind: 'Url' }],
    ['another method', { method: 'TRACE' }, { kind: 'Method' }],
    ['GET with a body', { method: 'GET' }, { kind: 'BodyNotAllowed', bytes: 15, of: 'GET' }],
    ['a body that is not base64', { body_base64: 'a' }, { kind: 'Base64', field: 'body_base64' }],
    ['a body in base64url', { body_base64: '-_-_' }, { kind: 'Base64', field: 'body_base64' }],
    [
      'a value that is not base64',
      { headers: [...right.headers, { name: 'x-a', value_base64: 'YQ' }] },
      { kind: 'Base64', field: 'headers[1].value_base64' },
    ],
    ['a name with a line break', { headers: headersOf([['x\r\ny', '']]) }, { kind: 'HeaderName', index: 0 }],
    ['a value with one', { headers: headersOf([['x', 'a\r\nb: c']]) }, { kind: 'HeaderValue', index: 0, offset: 1 }],
    [
      'too many headers',
      { headers: headersOf(Array.from({ length: 101 }, (_, index) => [`x-${index}`, ''] as const)) },
      { kind: 'TooManyHeaders', count: 101, max: 100 },
    ],
  ];

for (const [what, changes, failure] of refused)
  shape(`is refused for ${what}, of a signer too`, async () => {
    for (const make of [shapedRequestWire, unsignedRequest, signedRequest])
      assert.equal(await messageFailureOf(() => make({ ...right, ...changes }, upstream)), failure);
  });

shape('is measured by the bytes that it stands for', async () => {
  const bounds = { outputMaxBytes: 70 };
  assert.is(unsignedRequest({ ...right, headers: [] }, { ...upstream, bounds }).url, right.url);
  const large = { ...right, headers: [], body_base64: base64Of('x'.repeat(36)) };
  const failure = await messageFailureOf(() => unsignedRequest(large, { ...upstream, bounds }));
  assert.equal(failure, { kind: 'OutputTooLarge', bytes: 71, max: 70 });
});

shape('is refused without its content in the message', () => {
  const secret = { ...right, url: 'https://sk-secret.test/', body_base64: 'sk-secret' };
  assert.not.match(String(thrownBy(() => unsignedRequest(secret, upstream))), /sk-secret/);
});

shape('is not asked about a malformed option', () => {
  // The casts: what a caller without a type checker can pass.
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ baseUrl: 'up.test' }, /options.baseUrl must be an absolute URL of http or https/],
    [{ base_url: 'https://up.test' }, /options.base_url must be left out/],
    [{ originPolicy: 'any' }, /options.originPolicy must be 'upstream' or 'unrestricted'/],
  ];
  for (const [options, message] of wrong)
    assert.match(String(thrownBy(() => unsignedRequest(right, options as UpstreamRequestOptions))), message);
});

const signer = suite('a request that was signed');

signer('has the credentials of the signer, but not what the sender decides', () => {
  assert.equal(entriesOf(signedRequest({ ...right, headers }, upstream)), [
    ['authorization', 'Bearer s'],
    ['x-a', '\xc3\xa9'],
    ['x-anthropic-internal', '1'],
    ['x-api-key', 's'],
    ['x-b', '1, 2'],
  ]);
});

signer('can have been of a hook plugin, or of the client', async () => {
  const request = new Request('https://lb.test/v1/messages?a=%20', {
    method: 'POST',
    headers: { 'x-latin': 'caf\xe9', authorization: 'Bearer client' },
    body: 'x',
  });
  const body = new TextEncoder().encode('{}');
  const own = clientRequest({ request, body, upstream: { kind: 'AnthropicDirect', base_url: 'https://up.test' } });
  const toSign = await requestToSign(own);
  assert.equal([toSign.url, toSign.method, toSign.body_base64], ['https://up.test/v1/messages?a=%20', 'POST', 'e30=']);
  const latin = toSign.headers.filter(({ name }) => name !== 'content-type');
  assert.equal(latin, [{ name: 'x-latin', value_base64: 'Y2Fm6Q==' }]);
  assert.is(await own.text(), '{}', 'the request can still be sent');
  assert.is(signedRequest(toSign, upstream).headers.get('x-latin'), 'caf\xe9');
});

shape.run();
signer.run();
