import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionForSlot, slotsFromHandshake } from '../../src/protocol/handshake.ts';
import { allWireFunctions, type PluginSlot } from '../../src/protocol/messages/index.ts';

const slots = suite('protocol/slots');

const cases: readonly (readonly [readonly string[], readonly PluginSlot[]])[] = [
  [[], []],
  [['filter'], ['router']],
  [['observe'], ['observability_hook']],
  [['shape'], ['shape']],
  [
    ['shape', 'observe', 'filter', 'shape'],
    ['router', 'observability_hook', 'shape'],
  ],
  [['sign', 'build_signer', 'route', 'router', 'future_function', '__proto__'], []],
  [allWireFunctions, ['router', 'observability_hook', 'shape']],
];

for (const [implemented, expected] of cases) {
  slots(`of ${implemented.join(', ') || 'nothing'}`, () => {
    assert.equal(slotsFromHandshake(implemented), expected);
    assert.equal(slotsFromHandshake(new Set(implemented)), expected);
  });
}

slots('and back', () => {
  assert.equal(
    (['router', 'observability_hook', 'shape'] as const).map((slot) => slotsFromHandshake([functionForSlot(slot)])),
    [['router'], ['observability_hook'], ['shape']],
  );
});

slots('that do not exist', () => {
  for (const name of ['filter', 'toString']) {
    assert.throws(
      () => functionForSlot(name as PluginSlot),
      (error: unknown) => error instanceof TypeError,
    );
  }
});

slots.run();
