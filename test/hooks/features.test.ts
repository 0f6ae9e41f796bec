import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { admitHooks } from '../../src/hooks/admit.ts';
import { findFeatures, hasWideArithmetic } from '../../src/hooks/features.ts';
import { moduleOf, section } from '../support/bytes.ts';
import { wat } from '../support/wat.ts';
import { hookModule } from './hook-module.ts';

const features = suite('hooks/features');

const featureOf = async (text: string): Promise<string | undefined> =>
  findFeatures(await wat(`(module ${text})`)).refused?.feature;

const refused: readonly (readonly [feature: string, texts: readonly string[]])[] = [
  ['threads', ['(memory 1 1 shared)', '(memory 1) (func (drop (i32.atomic.load (i32.const 0))))']],
  ['memory64', ['(memory i64 1)', '(table i64 1 funcref)']],
  ['multi-memory', ['(memory 1) (memory 1)']],
  [
    'function references',
    [
      '(type $t (func)) (func (param (ref $t)))',
      '(type $t (func)) (func (local (ref null $t)))',
      '(type $t (func)) (table 1 (ref null $t))',
      '(type $t (func)) (global (ref null $t) (ref.null $t))',
      '(func $f) (table 1 funcref (ref.null func))',
      '(type $t (func)) (func (call_ref $t (ref.null $t)))',
      '(func (param funcref) (drop (ref.as_non_null (local.get 0))))',
    ],
  ],
  [
    'garbage collection',
    [
      '(type (struct))',
      '(type (array i8))',
      '(rec (type (func)) (type (func)))',
      '(func (param anyref))',
      '(func (local eqref))',
      '(func (drop (ref.null any)))',
      '(func (drop (ref.i31 (i32.const 0))))',
      '(global $a i32 (i32.const 0)) (global i32 (global.get $a))',
    ],
  ],
  ['exceptions', ['(tag)', '(func (try_table))', '(func (param exnref))', '(func (drop (ref.null exn)))']],
  ['tail calls', ['(func $f (return_call $f))']],
  ['relaxed SIMD', ['(func (drop (i8x16.relaxed_swizzle (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0))))']],
];

features('what cc-lb switches off is found by name', async () => {
  for (const [feature, texts] of refused) for (const text of texts) assert.is(await featureOf(text), feature, text);
});

features('the index of a memory is refused even if it is 0', () => {
  const load = (...memarg: readonly number[]): Uint8Array => {
    const body = [0, 0x41, 0, 0x28, ...memarg, 0x1a, 0x0b];
    const memory = [section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(5, 1, 0, 1)];
    return moduleOf(...memory, section(10, 1, body.length, ...body));
  };
  assert.is(findFeatures(load(0x02, 0)).refused, undefined);
  assert.equal(findFeatures(load(0x42, 0, 0)).refused, { feature: 'multi-memory', offset: 30 });
});

features('what cc-lb leaves on is not refused', async () => {
  const allowed = `(memory 1) (table $t 1 externref) (type $pair (func (param i32) (result i32 i64)))
    (global i32 (i32.add (i32.const 1) (i32.const 2))) (global (export "g") (mut i32) (i32.const 0)) (func $f)
    (elem declare func $f) (data $d "x")
    (func (local v128 funcref externref)
      (drop (i32.extend8_s (i32.const 1))) (drop (i32.trunc_sat_f32_s (f32.const 1)))
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))
      (drop (ref.func $f)) (drop (ref.null extern)) (drop (table.get $t (i32.const 0)))
      (drop (i8x16.add (v128.const i32x4 0 0 0 0) (local.get 0)))
      (block (result externref) (ref.null extern)) drop
      (i32.const 1) (block (type $pair) i64.const 0) drop drop
      (i32.const 1) (block (param i32) drop))`;
  assert.is(await featureOf(allowed), undefined);
});

features('the first use has its offset, and admission reports it', async () => {
  const wasm = await hookModule({ filter: 'active' }, '(func $f (export "cc_lb_filter") (return_call $f))');
  const { report } = admitHooks(wasm);
  const failure = report.steps[1]?.error?.failure;
  assert.equal(failure?.kind === 'FeatureRefused' && [failure.feature, wasm[failure.offset]], ['tail calls', 0x12]);
  assert.is(report.steps[1]?.error?.upstream, 'ModuleCompile');
});

features('an engine either has wide arithmetic and meters it, or the plugin is refused by name', async () => {
  const wide = `(func (export "cc_lb_filter") (param i32 i32) (result i64)
    i64.const 1 i64.const 2 i64.const 3 i64.const 4 i64.add128 drop drop unreachable)`;
  const step = admitHooks(await hookModule({ filter: 'active' }, wide)).report.steps.find(
    ({ status }) => status === 'failed',
  );
  assert.is(step?.error?.kind, hasWideArithmetic() ? 'GuestTrap' : 'FeatureUnsupported');
});

features.run();
