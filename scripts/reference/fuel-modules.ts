import { parse } from '@bytecodealliance/jco';
import type { FuelCase } from '../../test/reference/kinds/fuel.ts';

/**
 * Instructions that some versions of the reference charge by size, and others that random programs
 * do not have.
 */
const modules: Readonly<Record<string, string>> = {
  'memory.fill': '(memory 1) (func (export "run") (memory.fill (i32.const 0) (i32.const 1) (i32.const 1000)))',
  'memory.copy': '(memory 1) (func (export "run") (memory.copy (i32.const 0) (i32.const 8) (i32.const 300)))',
  'memory.init': `(memory 1) (data $d "${'x'.repeat(50)}") (func (export "run")
    (memory.init $d (i32.const 0) (i32.const 0) (i32.const 50)))`,
  'data.drop': '(memory 1) (data $d "x") (func (export "run") (data.drop $d))',
  'memory.grow': '(memory 1) (func (export "run") (drop (memory.grow (i32.const 3))))',
  'memory.grow that fails': '(memory 1 2) (func (export "run") (drop (memory.grow (i32.const 3))))',
  'memory.size': '(memory 1) (func (export "run") (drop (memory.size)))',
  'table.fill': '(table 100 funcref) (func (export "run") (table.fill (i32.const 0) (ref.null func) (i32.const 60)))',
  'table.copy': '(table 100 funcref) (func (export "run") (table.copy (i32.const 0) (i32.const 9) (i32.const 60)))',
  'table.init': `(table 100 funcref) (elem $e func $f $f $f) (func $f) (func (export "run")
      (table.init $e (i32.const 0) (i32.const 0) (i32.const 3)))`,
  'table.grow': '(table 1 funcref) (func (export "run") (drop (table.grow (ref.null func) (i32.const 40))))',
  'table.get and table.set':
    '(table 1 funcref) (func (export "run") (table.set (i32.const 0) (table.get (i32.const 0))))',
  'elem.drop': '(table 1 funcref) (elem $e func $f) (func $f) (func (export "run") (elem.drop $e))',
  'array.new': '(type $a (array (mut i32))) (func (export "run") (drop (array.new $a (i32.const 1) (i32.const 30))))',
  'array.new_default': '(type $a (array (mut i64))) (func (export "run") (drop (array.new_default $a (i32.const 30))))',
  'array.new_fixed': `(type $a (array (mut i32))) (func (export "run")
      (drop (array.new_fixed $a 3 (i32.const 1) (i32.const 2) (i32.const 3))))`,
  'array.fill': `(type $a (array (mut i32))) (func (export "run")
      (array.fill $a (array.new_default $a (i32.const 9)) (i32.const 0) (i32.const 7) (i32.const 9)))`,
  'array.copy': `(type $a (array (mut i32))) (func (export "run") (local $x (ref null $a))
      (local.set $x (array.new_default $a (i32.const 9)))
      (array.copy $a $a (local.get $x) (i32.const 0) (local.get $x) (i32.const 1) (i32.const 8)))`,
  'array.get, array.set, array.len': `(type $a (array (mut i32))) (func (export "run") (local $x (ref null $a))
      (local.set $x (array.new_fixed $a 1 (i32.const 1)))
      (array.set $a (local.get $x) (i32.const 0) (array.get $a (local.get $x) (i32.const 0)))
      (drop (array.len (local.get $x))))`,
  'struct.new, struct.get, struct.set': `(type $s (struct (field (mut i32))))
      (func (export "run") (local $x (ref null $s))
      (local.set $x (struct.new $s (i32.const 1)))
      (struct.set $s 0 (local.get $x) (struct.get $s 0 (local.get $x))))`,
  'ref.i31': '(func (export "run") (drop (i31.get_s (ref.i31 (i32.const 3)))))',
  'ref.cast and br_on_cast': `(type $s (struct)) (func (export "run") (drop (ref.cast (ref $s) (struct.new $s)))
      (block $b (result (ref $s)) (br_on_cast $b (ref any) (ref $s) (struct.new $s)) unreachable) drop)`,
  return_call: `(func $f (result i32) (i32.const 1)) (func $g (result i32) (return_call $f))
      (func (export "run") (drop (call $g)))`,
  call_ref:
    '(type $t (func)) (elem declare func $f) (func $f (type $t)) (func (export "run") (call_ref $t (ref.func $f)))',
  'v128 arithmetic': `(memory 1) (func (export "run") (v128.store (i32.const 0)
      (i32x4.add (v128.load (i32.const 16)) (v128.const i32x4 1 2 3 4))))`,
  floats: '(func (export "run") (drop (f64.add (f64.const 1) (f64.sqrt (f64.promote_f32 (f32.const 2))))))',
  'select with a type': '(func (export "run") (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 0))))',
  'nop, drop, block, loop':
    '(func (export "run") nop (drop (i32.const 1)) (block (loop)) (if (i32.const 1) (then) (else)))',
  br_table: '(func (export "run") (block (block (br_table 0 1 (i32.const 1)))))',
  'throw and catch': `(tag $t (param i32)) (func (export "run") (block $h (result i32)
      (try_table (catch $t $h) (throw $t (i32.const 1))) (i32.const 0)) drop)`,
  throw_ref: `(tag $t) (func (export "run") (block $o
      (block $h (result exnref) (try_table (catch_all_ref $h) (throw $t)) (br $o)) drop))`,
  'atomics without shared memory':
    '(memory 1) (func (export "run") (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))) atomic.fence)',
  'two memories':
    '(memory $a 1) (memory $b 1) (func (export "run") (i32.store $b (i32.const 0) (i32.load $a (i32.const 0))))',
  'start function':
    '(global $g (mut i32) (i32.const 0)) (func $s (global.set $g (i32.const 5))) (start $s) (func (export "run"))',
  recursion: `(func $f (param i32) (if (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1))))))
      (func (export "run") (call $f (i32.const 50)))`,
  'an endless loop': '(func (export "run") (loop (br 0)))',
  unreachable: '(func (export "run") unreachable)',
};

/** These modules as cases. */
export async function fuelModules(): Promise<FuelCase[]> {
  const cases: FuelCase[] = [];
  for (const [about, fields] of Object.entries(modules)) {
    const wasm = Buffer.from(await parse(`(module ${fields})`)).toString('base64');
    cases.push({ wasm, export: 'run', arguments: [], about });
  }
  return cases;
}
