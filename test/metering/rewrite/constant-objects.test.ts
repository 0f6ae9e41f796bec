import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MeteringError, meterModule } from '../../../src/metering/index.ts';
import { BuildPluginError, compilePlugin } from '../../../src/plugin/index.ts';
import { failureOf } from '../../support/failure.ts';
import { engineHas } from '../../support/features.ts';
import { wat } from '../../support/wat.ts';
import { endOf, metered } from '../running.ts';

const constants = suite('objects that constant expressions make');

const types = '(type $a (array (mut i64))) (type $s (struct (field i64) (field i8)))';

/** Places of constant expressions, with the bytes of what they make there. */
const places: readonly (readonly [name: string, fields: string, bytes: number])[] = [
  ['an array in a global', '(global (ref $a) (array.new_default $a (i32.const 1000)))', 16 + 8 * 1000],
  ['an array of a value', '(global (ref $a) (array.new $a (i64.const 7) (i32.const 10)))', 16 + 8 * 10],
  ['an array of counted values', '(global (ref $a) (array.new_fixed $a 2 (i64.const 1) (i64.const 2)))', 16 + 8 * 2],
  ['a struct in a global', '(global (ref $s) (struct.new $s (i64.const 1) (i32.const 2)))', 16 + 9],
  ['a struct of defaults', '(global (ref $s) (struct.new_default $s))', 16 + 9],
  ['an array in an element segment', '(elem (ref null $a) (item (array.new_default $a (i32.const 3))))', 16 + 8 * 3],
  ["a table's first value", '(table 2 (ref $a) (array.new_default $a (i32.const 5)))', 16 + 8 * 5],
  ['two globals', '(global (ref $s) (struct.new_default $s)) (global (ref $s) (struct.new_default $s))', 2 * (16 + 9)],
];

for (const [name, fields, bytes] of places) {
  constants(`are charged: ${name}`, async () => {
    if (!(await engineHas('garbage collection'))) return;
    const module = await wat(`(module ${types} ${fields})`);
    assert.is(meterModule(module).info.initialHeapBytes, bytes);
    await metered(module, { heapMaxBytes: bytes });
    let kind = 'instantiated';
    try {
      await metered(module, { heapMaxBytes: bytes - 1 });
    } catch (error) {
      kind = error instanceof MeteringError ? error.failure.kind : String(error);
    }
    assert.is(kind, 'OutOfMemory');
  });

  constants(`are refused where objects are: ${name}`, async () => {
    const module = await wat(`(module ${types} ${fields})`);
    assert.is(failureOf(MeteringError, () => meterModule(module, { allowGc: false })).kind, 'FeatureRefused');
    assert.is(failureOf(BuildPluginError, () => compilePlugin(module)).kind, 'FeatureRefused');
  });
}

constants('an array whose length is not a constant is refused', async () => {
  const module = await wat(
    `(module ${types} (global $n (import "" "n") i32) (global (ref $a) (array.new_default $a (global.get $n))))`,
  );
  const error = failureOf(MeteringError, () => meterModule(module));
  assert.ok(
    error.kind === 'FeatureRefused' && /whose length is not a constant/.test(error.feature),
    JSON.stringify(error),
  );
});

constants('a module that has types of objects and makes none is taken', async () => {
  if (!(await engineHas('garbage collection'))) return;
  const module = await wat(`(module ${types} (global (ref null $a) (ref.null $a)) (func (export "run")))`);
  assert.is(meterModule(module, { allowGc: false }).info.initialHeapBytes, 0);
  const { instance, meter } = await metered(module, { heapMaxBytes: 0 });
  const { run } = instance.exports;
  assert.is(
    endOf(() => meter.run(() => typeof run === 'function' && run())),
    'returned',
  );
});

constants.run();
