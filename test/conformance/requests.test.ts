import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  base64,
  buildSignerRequest,
  filterRequest,
  normalizeErrorRequest,
  observeRequest,
  onUnauthorizedRequest,
  shapeRequest,
  signRequest,
} from '../../src/conformance/index.ts';
import { encodeJson, type WireFunction, type WireInput, wire } from '../../src/protocol/messages/index.ts';

const requests = suite('requests under construction');

const { v1, v3 } = wire;

/** The JSON of the builder at its start, and after its setters. */
function texts<Req, Res>(fn: WireFunction<Req, Res>, start: { build(): Req }, built: { build(): Req }): string[] {
  // The casts: a Req is one of its own inputs.
  const write = (request: Req): string => encodeJson(fn.schemas.request, request as WireInput<Req>, 'declared');
  assert.is(write(start.build()), write(fn.dryRunRequest()), `${fn.name} starts from the sample`);
  return [write(start.build()), write(built.build())];
}

const header = `{"name":"a","value_base64":"${btoa('b')}"}`;

requests('filter', () => {
  const built = filterRequest()
    .requestId('r')
    .method('GET')
    .path('/p', 'q=1')
    .header('a', 'b')
    .body(Uint8Array.of(0xff))
    .principal({ id: 'p', claims: { x: 1 } })
    .candidate('c', { name: 'n' })
    .candidate('d');
  assert.is(
    texts(v3.filter, filterRequest(), built)[1],
    `{"request_id":"r","headers":[${header}],"method":"GET","path":"/p","query":"q=1","body_base64":"/w==",` +
      '"principal":{"id":"p","kind":"api_key","claims":{"x":1}},"candidates":[' +
      '{"upstream_id":"c","name":"n","kind":"anthropic_api_key","observed_rate_limits":[],' +
      '"subscription_quotas":[],"observed_at_unix_secs":0},' +
      '{"upstream_id":"d","name":"dry-run-upstream","kind":"anthropic_api_key","observed_rate_limits":[],' +
      '"subscription_quotas":[],"observed_at_unix_secs":0}]}',
  );
});

requests('shape', () => {
  const built = shapeRequest()
    .requestId('r')
    .method('GET')
    .path('/p')
    .header('a', 'b')
    .body('{}')
    .principal({ kind: 'user' });
  assert.is(
    texts(v1.shape, shapeRequest(), built)[1],
    `{"request":{"request_id":"r","headers":[${header}],"method":"GET","path":"/p","query":null,` +
      '"body_base64":"e30="},' +
      '"upstream":{"kind":"anthropic_direct"},"principal":{"id":"dry-run-principal","kind":"user","claims":{}}}',
  );
});

requests('normalize_error', () => {
  const built = normalizeErrorRequest().status(429).body('é');
  assert.is(texts(v1.normalizeError, normalizeErrorRequest(), built)[1], '{"status":429,"body_base64":"w6k="}');
});

requests('observe', () => {
  const event = { kind: 'error', code: 'c', message: 'm', source: 's' } as const;
  const built = observeRequest().event(event).events([event]);
  const text = '{"kind":"error","code":"c","message":"m","source":"s"}';
  assert.is(texts(v1.observe, observeRequest(), built)[1], `{"events":[${text},${text}]}`);
});

requests('the functions of a signer', () => {
  const state = { serial: 18446744073709551615n };
  assert.is(
    texts(v1.buildSigner, buildSignerRequest(), buildSignerRequest().factoryState(state))[1],
    '{"upstream":{"kind":"anthropic_direct"},"factory_state":{"serial":18446744073709551615}}',
  );
  const sign = signRequest().url('https://e/').method('PUT').header('a', 'b').body('x').signerState(state);
  assert.is(
    texts(v1.sign, signRequest(), sign)[1],
    `{"shaped":{"url":"https://e/","method":"PUT","headers":[${header}],"body_base64":"eA=="},` +
      '"signer_state":{"serial":18446744073709551615}}',
  );
  const refused = onUnauthorizedRequest().status(403).body('x').category('failed').signerState(1);
  assert.is(
    texts(v1.onUnauthorized, onUnauthorizedRequest(), refused)[1],
    '{"error":{"status":403,"body_base64":"eA==","category":"failed"},"signer_state":1}',
  );
});

requests('a setter does not change its builder', () => {
  const start = filterRequest().candidate('a');
  const [one, other] = [start.candidate('b'), start.set('path', '/other')];
  assert.is(start.build().candidates.length, 1);
  assert.is(one.build().candidates.length, 2);
  assert.is(other.build().path, '/other');
  assert.is(one.build().path, '/v1/messages');
});

requests('base64 encodes bytes of any length', () => {
  assert.equal(['', 'a', 'ab', 'abc'].map(base64), ['', 'YQ==', 'YWI=', 'YWJj']);
  assert.is(atob(base64(new Uint8Array(200_000))).length, 200_000);
});

requests.run();
