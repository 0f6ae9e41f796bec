import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BuildPluginError, compilePlugin } from '../../src/plugin/index.ts';
import { failureOf } from '../support/failure.ts';
import { guest, trap } from '../support/guest-wat.ts';
import { slotsFromLegacyExports } from '../support/layers.ts';
import { withoutCompiling } from '../support/plugin.ts';

const legacy = suite('slots of a plugin from before the handshake');

const cases: Readonly<Record<string, readonly [() => Promise<Uint8Array>, readonly string[]]>> = {
  route: [() => guest({ exports: { route: trap } }), ['router']],
  'route and shape': [() => guest({ exports: { route: '', shape: '' } }), ['router']],
  'filter, shape and observe': [() => guest({ exports: { filter: '', shape: '', observe: '' } }), []],
  nothing: [() => guest({}), []],
  'route with a parameter': [() => guest({ exports: { route: { code: '(param i32)' } } }), []],
  'route that is no function': [() => guest({ fields: '(global (export "route") i32 (i32.const 0))' }), []],
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
for (const [what, [make, expected]] of Object.entries(cases)) {
  legacy(`that has ${what}`, async () => {
    assert.equal(slotsFromLegacyExports(await make()), expected);
  });
}

legacy('of a compiled plugin', async () => {
  const compiled = compilePlugin(await guest({ exports: { route: '' } }));
  assert.equal(slotsFromLegacyExports(compiled), ['router']);
});

legacy("are not to be had for the host's own mistakes", async () => {
  const wasm = await guest({ exports: { route: '' } });
  // A host without a compiler can give anything, which this cast stands for.
  const mistake = failureOf(BuildPluginError, () => slotsFromLegacyExports('route' as never));
  assert.is(mistake.kind, 'InvalidArgument');
  const refusal = withoutCompiling(() => failureOf(BuildPluginError, () => slotsFromLegacyExports(wasm)));
  assert.is(refusal.kind, 'CompilationRefused');
});

legacy.run();
