import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { observeRequest, openSession } from 'cc-lb-runtime-protocol/conformance';
import { wire } from 'cc-lb-runtime-protocol/wire';

// A session is a host for tests: it admits the plugin, calls it, and keeps what it logs.
const plugin = openSession(await readFile(new URL('../build/my-plugin.wasm', import.meta.url)));

/** The lines that the plugin logs for an event. */
function linesFor(event) {
  const before = plugin.logs.length;
  assert.equal(plugin.dispatch(wire.v1.observe, observeRequest().event(event)).kind, 'ok');
  return plugin.logs.slice(before).map(({ message }) => message);
}

const finished = (output_tokens) => ({
  kind: 'request_finished',
  status: 200,
  input_tokens: null,
  output_tokens,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  duration_ms: 1500n,
});

test('logs the end of a request', () => {
  assert.deepEqual(linesFor(finished(null)), ['status 200 after 1500 ms']);
  assert.deepEqual(linesFor(finished(7n)), ['status 200 after 1500 ms, 7 tokens']);
});

test('logs nothing at a chunk', () => {
  assert.deepEqual(linesFor({ kind: 'chunk', batch_index: 0n, event_count: 1n, total_bytes: 9n }), []);
});
