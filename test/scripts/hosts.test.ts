// The hosts in other languages that scripts/hosts.ts runs the vectors on.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shortfalls } from '../../scripts/hosts/shortfalls.ts';
import { recordedCounts, tableText, withTable } from '../../scripts/hosts/table.ts';
import { layers } from '../../scripts/vectors/layers.ts';
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

hosts('the table of hosts is made from hosts.json', () => {
  const text = readFileSync(new URL('../../abi/vectors/README.md', import.meta.url), 'utf8');
  assert.is(text, withTable(text, tableText(recordedCounts())), 'npm run test:hosts -- --write');
});

hosts('hosts.json has each vector of each host once', () => {
  const recorded = Object.entries(recordedCounts());
  const names = recorded.map(([name]) => name);
  assert.equal(names, ['this package', 'published host in Rust', 'host-in-go', 'host-in-python']);
  for (const [name, host] of recorded) {
    for (const { layer, vectors } of layers) {
      const { passed, failed, unsupported } = host[layer] ?? { passed: vectors.length, failed: 0, unsupported: 0 };
      const stale = `${name}, ${layer}: npm run test:hosts -- --write`;
      assert.is(passed + failed + unsupported, vectors.length, stale);
      if (name !== 'published host in Rust') assert.is(failed, 0, stale);
    }
  }
});

hosts('a table has a row for each layer, and tells what differs and what is unsupported', () => {
  const table = tableText({
    one: { json: { passed: 3, failed: 0, unsupported: 0 }, fuel: { passed: 1, failed: 2, unsupported: 4 } },
    two: { fuel: { passed: 0, failed: 0, unsupported: 5 } },
  }).split('\n');
  assert.is(table[0], '| layer | one | two |');
  assert.ok(table.includes('| `json` | 3 |  |'));
  assert.ok(table.includes('| `fuel` | 1, 2 differ, 4 unsupported | 0, 5 unsupported |'));
  assert.is(table.at(-1), '| all | 4, 2 differ, 4 unsupported | 0, 5 unsupported |');
});

hosts.run();
