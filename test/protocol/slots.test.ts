import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BuildPluginError, compilePlugin } from '../../src/plugin/index.ts';
import { functionForSlot, slotsFromHandshake } from '../../src/protocol/handshake.ts';
import { allWireFunctions, type PluginSlot } from '../../src/protocol/messages/index.ts';
import { failureOf } from '../support/failure.ts';
import { guest, trap } from '../support/guest-wat.ts';
import { slotsFromLegacyExports } from '../support/layers.ts';
import { withoutCompiling } from '../support/plugin.ts';

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

const legacy = suite('slots of a plugin older than the handshake');

const legacyCases: Readonly<Record<string, readonly [() => Promise<Uint8Array>, readonly string[]]>> = {
  route: [() => guest({ exports: { route: trap } }), ['router']],
  'route and shape': [() => guest({ exports: { route: '', shape: '' } }), ['router']],
  'filter, shape and observe': [() => guest({ exports: { filter: '', shape: '', observe: '' } }), []],
  nothing: [() => guest({}), []],
  'route with a parameter': [() => guest({ exports: { route: { code: '(param i32)' } } }), []],
  'route that is not a function': [() => guest({ fields: '(global (export "route") i32 (i32.const 0))' }), []],
  'route, and a start function that traps': [
    () => guest({ fields: '(start $s) (func $s unreachable)', exports: { route: '' } }),
    [],
  ],
  'route, and a host function imported': [
    () => guest({ fields: '(import "extism:host/user" "cc_lb_log" (func (param i64 i64)))', exports: { route: '' } }),
    [],
  ],
  'no module': [async () => new TextEncoder().encode('no module'), []],
};
for (const [what, [make, expected]] of Object.entries(legacyCases)) {
  legacy(`that has ${what}`, async () => {
    assert.equal(slotsFromLegacyExports(await make()), expected);
  });
}

legacy('of a compiled plugin', async () => {
  const compiled = compilePlugin(await guest({ exports: { route: '' } }));
  assert.equal(slotsFromLegacyExports(compiled), ['router']);
});

legacy("are not returned for the host's own mistakes", async () => {
  const wasm = await guest({ exports: { route: 'compiled in no other test' } });
  // The cast stands for a host without a type checker, which can pass anything.
  const mistake = failureOf(BuildPluginError, () => slotsFromLegacyExports('route' as never));
  assert.is(mistake.kind, 'InvalidArgument');
  const refusal = withoutCompiling(() => failureOf(BuildPluginError, () => slotsFromLegacyExports(wasm)));
  assert.is(refusal.kind, 'CompilationRefused');
});

legacy.run();
