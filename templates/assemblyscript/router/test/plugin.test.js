import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { filterRequest, openSession } from 'cc-lb-runtime-protocol/conformance';
import { wire, wireSamples } from 'cc-lb-runtime-protocol/wire';

// A session is a host for tests: it admits the plugin and calls it.
const plugin = openSession(await readFile(new URL('../build/my-plugin.wasm', import.meta.url)));

/** @param {bigint | null} remaining what is left of the rate limit of a candidate */
const limited = (remaining) => ({ observed_rate_limits: [{ ...wireSamples.RateLimitObservationWire(), remaining }] });

test('rejects only candidates without requests left', () => {
  const request = filterRequest()
    .candidate('a', limited(0n))
    .candidate('b', limited(1n))
    .candidate('c', limited(null))
    .candidate('d');
  const outcome = plugin.dispatch(wire.v3.filter, request);
  assert.equal(outcome.kind, 'ok');
  assert.deepEqual(
    outcome.response.results.map(({ upstream_id, decision }) => [upstream_id, decision]),
    [
      ['a', 'reject'],
      ['b', 'accept'],
      ['c', 'accept'],
      ['d', 'accept'],
    ],
  );
  assert.equal(outcome.response.results[0].reason, 'no requests left in dry-run');
});
