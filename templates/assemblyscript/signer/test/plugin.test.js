import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { base64, buildSignerRequest, openSession, signRequest } from 'cc-lb-runtime-protocol/conformance';
import { wire } from 'cc-lb-runtime-protocol/wire';

// A session is a host for tests: it admits the plugin and calls it.
const plugin = openSession(await readFile(new URL('../build/my-plugin.wasm', import.meta.url)));

function headersWith(factoryState) {
  const built = plugin.dispatch(wire.v1.buildSigner, buildSignerRequest().factoryState(factoryState));
  assert.equal(built.kind, 'ok');
  const signed = plugin.dispatch(wire.v1.sign, signRequest().signerState(built.response.signer_state));
  assert.equal(signed.kind, 'ok');
  return signed.response.headers;
}

test('adds the key of the factory state', () => {
  assert.deepEqual(headersWith({ key: 'secret' }), [{ name: 'x-api-key', value_base64: base64('secret') }]);
});

test('changes nothing without a key', () => {
  assert.equal(headersWith(null), null);
});
