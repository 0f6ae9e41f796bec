import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { base64, normalizeErrorRequest, openSession, shapeRequest } from 'cc-lb-runtime-protocol/conformance';
import { wire } from 'cc-lb-runtime-protocol/wire';

// A session is a host for tests: it admits the plugin and calls it.
const plugin = openSession(await readFile(new URL('../build/my-plugin.wasm', import.meta.url)));

test('sends a request without headers of the connection', () => {
  const request = shapeRequest()
    .path('/v1/messages', 'beta=true')
    .header('Connection', 'close')
    .header('accept', '*/*');
  const outcome = plugin.dispatch(wire.v1.shape, request);
  assert.equal(outcome.kind, 'ok');
  assert.equal(outcome.response.url, 'https://api.anthropic.com/v1/messages?beta=true');
  assert.deepEqual(outcome.response.headers, [
    { name: 'accept', value_base64: base64('*/*') },
    { name: 'anthropic-version', value_base64: base64('2023-06-01') },
  ]);
});

test('wraps an error that is not JSON', () => {
  const wrap = (status, body) => {
    const outcome = plugin.dispatch(wire.v1.normalizeError, normalizeErrorRequest().status(status).body(body));
    assert.equal(outcome.kind, 'ok');
    return outcome.response.body_base64;
  };
  assert.equal(wrap(500, '{"type":"error"}'), null);
  assert.deepEqual(JSON.parse(Buffer.from(wrap(529, 'busy'), 'base64').toString()), {
    type: 'error',
    error: { type: 'overloaded_error', message: 'busy' },
  });
});
