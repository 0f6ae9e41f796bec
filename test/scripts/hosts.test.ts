// The hosts in other languages that scripts/hosts.ts runs the vectors on.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shortfalls } from '../../scripts/hosts/shortfalls.ts';
import type { Layer } from '../../src/conformance/index.ts';

const hosts = suite('hosts in other languages');

const counts = (layer: Layer, passed: number, failed: number, unsupported: number) => ({
  layer,
  passed,
  failed,
  unsupported,
});

hosts('pass at least their share of each layer', () => {
  const report = { layers: [counts('fuel', 9, 0, 1), counts('kernel', 8, 1, 1)] };
  assert.equal(shortfalls(report, { layers: ['fuel', 'kernel'], share: 0.8 }), []);
  assert.equal(shortfalls(report, { layers: ['fuel', 'kernel'], share: 0.9 }), [
    'kernel: 8 of 10 vectors passed, expected at least 9',
  ]);
});

hosts('pass none of a layer that has no vectors', () => {
  assert.equal(shortfalls({ layers: [] }, { layers: ['fuel'], share: 0.9 }), [
    'fuel: 0 of 0 vectors passed, expected at least 1',
  ]);
});

hosts.run();
