// Each place in which an instance can keep something, on instances that are put back and on those
// that cannot be.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { settleLimits } from '../../src/hooks/budget.ts';
import { LentMemories } from '../../src/hooks/instances.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { preparedHooks } from '../../src/hooks/prepared-section.ts';
import { answering, hookModule } from './hook-module.ts';

const firstState = suite('hooks/first-state');

const budget = { fuel: 1_000_000, wallMs: Number.POSITIVE_INFINITY };

/** A place: the fields of a module that has it, whether it is as at first, and how to change it. */
interface Place {
  readonly fields: string;
  /** Leaves an i32: 1 if the place is as at first. */
  readonly isFirst: string;
  readonly change: string;
  readonly isPutBack: boolean;
}

/** A float that is not a number, with bits that JavaScript would not keep. */
const ODD_NAN = '0x7ff4_0000_dead_beef';

const places: Readonly<Record<string, Place>> = {
  'an i32 global': {
    fields: '(global $g (mut i32) (i32.const -5))',
    isFirst: '(i32.eq (global.get $g) (i32.const -5))',
    change: '(global.set $g (i32.const 6))',
    isPutBack: true,
  },
  'an i64 global': {
    fields: '(global $g (export "cc_lb.global.0") (mut i64) (i64.const -0x8000_0000_0000_0000))',
    isFirst: '(i64.eq (global.get $g) (i64.const -0x8000_0000_0000_0000))',
    change: '(global.set $g (i64.const 6))',
    isPutBack: true,
  },
  'the second of two globals': {
    fields: '(global i32 (i32.const 1)) (global $g (mut i32) (i32.const 5))',
    isFirst: '(i32.eq (global.get $g) (i32.const 5))',
    change: '(global.set $g (i32.const 6))',
    isPutBack: true,
  },
  'a float that is not a number': {
    fields: '(global $g (mut f64) (f64.const nan:0x4_0000_dead_beef))',
    isFirst: `(i64.eq (i64.reinterpret_f64 (global.get $g)) (i64.const ${ODD_NAN}))`,
    change: '(global.set $g (f64.const 1))',
    isPutBack: false,
  },
  'a vector': {
    fields: '(global $g (mut v128) (v128.const i64x2 0 0))',
    isFirst: '(i32.eqz (v128.any_true (global.get $g)))',
    change: '(global.set $g (v128.const i64x2 0 1))',
    isPutBack: false,
  },
  'a reference': {
    fields: '(func $f) (elem declare func $f) (global $g (mut funcref) (ref.null func))',
    isFirst: '(ref.is_null (global.get $g))',
    change: '(global.set $g (ref.func $f))',
    isPutBack: false,
  },
  'zeros in the memory': {
    fields: '',
    isFirst: '(i64.eqz (i64.load (i32.const 65528)))',
    change: '(i64.store (i32.const 65528) (i64.const -1))',
    isPutBack: true,
  },
  'data in the memory': {
    fields: '(data (i32.const 7) "\\01\\00\\02") (data (i32.const 40000) "\\03")',
    isFirst: `(i32.and (i64.eq (i64.load (i32.const 4)) (i64.const 0x2_0001_0000_00))
      (i32.eq (i32.load (i32.const 40000)) (i32.const 3)))`,
    change: '(memory.fill (i32.const 0) (i32.const 9) (i32.const 65536))',
    isPutBack: true,
  },
  'the size of the memory': {
    fields: '',
    isFirst: '(i32.eq (memory.size) (i32.const 1))',
    change: '(drop (memory.grow (i32.const 1)))',
    isPutBack: true,
  },
  'what a start function writes': {
    fields: `(global $g (mut i32) (i32.const 0))
      (func $s (global.set $g (i32.add (global.get $g) (i32.const 1)))
        (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))) (start $s)`,
    isFirst: '(i32.and (i32.eq (global.get $g) (i32.const 1)) (i32.eq (i32.load (i32.const 8)) (i32.const 1)))',
    change: '(global.set $g (i32.const 9))',
    isPutBack: true,
  },
  'an entry of a table': {
    fields: '(table $t 2 funcref) (func $f) (elem declare func $f)',
    isFirst: '(ref.is_null (table.get $t (i32.const 1)))',
    change: '(table.set $t (i32.const 1) (ref.func $f))',
    isPutBack: false,
  },
  'a filled table': {
    fields: '(table $t 2 funcref) (func $f) (elem declare func $f)',
    isFirst: '(ref.is_null (table.get $t (i32.const 1)))',
    change: '(table.fill $t (i32.const 0) (ref.func $f) (i32.const 2))',
    isPutBack: false,
  },
  'a table that another is copied to': {
    fields: '(table $t 2 funcref) (table $from funcref (elem $f $f)) (func $f)',
    isFirst: '(ref.is_null (table.get $t (i32.const 1)))',
    change: '(table.copy $t $from (i32.const 0) (i32.const 0) (i32.const 2))',
    isPutBack: false,
  },
  'a table that a segment is copied to': {
    fields: '(table $t 2 funcref) (elem $e func $f $f) (func $f)',
    isFirst: '(ref.is_null (table.get $t (i32.const 1)))',
    change: '(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2))',
    isPutBack: false,
  },
  'the size of a table': {
    fields: '(table $t 2 funcref)',
    isFirst: '(i32.eq (table.size $t) (i32.const 2))',
    change: '(drop (table.grow $t (ref.null func) (i32.const 1)))',
    isPutBack: false,
  },
  'a dropped data segment': {
    fields: '(data $d "\\01")',
    isFirst: '(memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const 1)',
    change: '(data.drop $d)',
    isPutBack: false,
  },
  'a data segment that is only read': {
    fields: '(data $d "\\01")',
    isFirst: '(i32.eqz (i32.load8_u (i32.const 0)))',
    change: '(memory.init $d (i32.const 0) (i32.const 0) (i32.const 1))',
    isPutBack: true,
  },
  'a dropped element segment': {
    fields: '(table $t 2 funcref) (elem $e func $f) (func $f)',
    isFirst: '(table.init $t $e (i32.const 0) (i32.const 0) (i32.const 1)) (i32.const 1)',
    change: '(elem.drop $e)',
    isPutBack: false,
  },
};

for (const [name, { fields, isFirst, change, isPutBack }] of Object.entries(places)) {
  firstState(`${name} is as at first in each call`, async () => {
    const wasm = await hookModule(
      { filter: 'active' },
      `${fields} ${answering('filter', 4096, 8)}
      (func (export "isFirst") (result i32) ${isFirst}) (func (export "change") ${change})`,
    );
    const compiled = preparedHooks(new WebAssembly.Module(prepareHooks(wasm)));
    const instances = new LentMemories(compiled, settleLimits({}));
    const exports = [1, 2, 3, 4].map((call) => {
      const instance = instances.take(budget, 100);
      const run = (exported: string): unknown => {
        const found = instance.exports[exported];
        assert.type(found, 'function');
        return typeof found === 'function' && instance.meter.run(() => found());
      };
      instance.start();
      assert.is(run('isFirst'), 1, `call ${call}`);
      run('change');
      instances.giveBack(instance);
      return instance.exports;
    });
    assert.is(new Set(exports).size, isPutBack ? 2 : 4);
  });
}

firstState('an instance that is put back has the budget of its call', async () => {
  const wasm = await hookModule(
    { filter: 'active' },
    `${answering('filter', 4096, 8)} (func (export "spin") (loop $again br $again))`,
  );
  const compiled = preparedHooks(new WebAssembly.Module(prepareHooks(wasm)));
  const instances = new LentMemories(compiled, settleLimits({}));
  for (const fuel of [1_000, 2_000, 3_000, 500]) {
    const instance = instances.take({ ...budget, fuel }, 100);
    const { spin } = instance.exports;
    assert.throws(() => typeof spin === 'function' && instance.meter.run(() => spin()), /fuel/);
    assert.is(instance.meter.fuelConsumed, fuel);
    instances.giveBack(instance);
  }
});

firstState.run();
