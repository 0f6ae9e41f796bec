import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineHas } from '../support/features.ts';
import { endOf, runOf } from './running.ts';

const kept = suite('exceptions');

/**
 * Throws a thousand exceptions of ten numbers, and catches each by reference; `keep` says what
 * becomes of it.
 */
const throwing = (tag: string, places: string, payload: string, keep: string): string => `(module
  (type $thrown (func (param ${'i64 '.repeat(10)} ${tag})))
  (type $caught (func (result ${'i64 '.repeat(10)} ${tag} exnref)))
  (tag $t (type $thrown)) ${places}
  (global $n (mut i32) (i32.const 0))
  (func (export "run") (local $e exnref)
    (global.set $n (i32.const 0))
    (loop $again
      (block $l (type $caught)
        (try_table (catch_ref $t $l) ${'(i64.const 1)'.repeat(10)} ${payload} (throw $t))
        unreachable)
      ${keep}
      ${'drop '.repeat(10 + (tag === '' ? 0 : 1))}
      (global.set $n (i32.add (global.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (global.get $n) (i32.const 1000))))))`;

/** Bytes that a thousand of them are charged. */
const charged = (values: number): number => 1000 * (16 + 8 * values);

kept('that can each hold the one before are charged as objects are', async () => {
  if (!(await engineHas('exnref'))) return;
  const chain = throwing(
    'exnref',
    '(global $chain (mut exnref) (ref.null exn))',
    '(global.get $chain)',
    'global.set $chain',
  );
  const enough = await runOf(chain, { heapMaxBytes: charged(11) });
  assert.is(endOf(enough.run), 'returned');
  assert.is(endOf(enough.run), 'OutOfMemory');
  assert.is(endOf((await runOf(chain, { heapMaxBytes: charged(11) - 1 })).run), 'OutOfMemory');
});

kept('that a table has room for are charged', async () => {
  if (!(await engineHas('exnref'))) return;
  const table = throwing(
    '',
    '(table $e 1000 exnref)',
    '',
    'local.set $e (table.set $e (global.get $n) (local.get $e))',
  );
  assert.is(endOf((await runOf(table, { heapMaxBytes: charged(10) })).run), 'returned');
  assert.is(endOf((await runOf(table, { heapMaxBytes: charged(10) - 1 })).run), 'OutOfMemory');
});

kept('are charged by what they carry', async () => {
  if (!(await engineHas('exnref'))) return;
  const text = `(module (tag $t (param v128 i32)) (table 1 exnref) (func (export "run")
    (block $l (result exnref) (try_table (catch_all_ref $l)
      (throw $t (v128.const i64x2 1 2) (i32.const 3))) unreachable) drop))`;
  assert.is(endOf((await runOf(text, { heapMaxBytes: 16 + 16 + 8 })).run), 'returned');
  assert.is(endOf((await runOf(text, { heapMaxBytes: 16 + 16 + 7 })).run), 'OutOfMemory');
});

kept('that nothing can keep are not: a plugin may throw as often as it likes', async () => {
  if (!(await engineHas('exnref'))) return;
  const dropped = throwing('', '', '', 'drop');
  assert.is(endOf((await runOf(dropped, { heapMaxBytes: 0 })).run), 'returned');
});

kept('that open handlers may hold take room on the stack', async () => {
  if (!(await engineHas('legacy exceptions'))) return;
  const depthOf = async (handlers: number): Promise<number> => {
    const { run, exports } = await runOf(`(module (tag $t) (global $depth (export "depth") (mut i32) (i32.const 0))
      (func $f (export "run") (global.set $depth (i32.add (global.get $depth) (i32.const 1)))
        ${'try throw $t catch_all '.repeat(handlers)} call $f ${'end '.repeat(handlers)}))`);
    assert.is(endOf(run), 'StackOverflow');
    return (exports.depth as WebAssembly.Global).value; // exported by the module above
  };
  const [none, many] = [await depthOf(0), await depthOf(15)];
  assert.ok(many < none * 0.7, `${many} frames with 15 handlers each, ${none} without`);
});

kept('that locals may hold take room on the stack, by what they carry', async () => {
  if (!(await engineHas('exnref'))) return;
  const depthOf = async (locals: string, carried: string): Promise<number> => {
    const { run, exports } =
      await runOf(`(module (tag $t ${carried}) (global $depth (export "depth") (mut i32) (i32.const 0))
      (func (export "thrown") (block (try_table (catch_all 0) unreachable)))
      (func $f (export "run") ${locals} (global.set $depth (i32.add (global.get $depth) (i32.const 1))) call $f))`);
    assert.is(endOf(run), 'StackOverflow');
    return (exports.depth as WebAssembly.Global).value; // exported by the module above
  };
  const numbers = await depthOf(`(local ${'i32 '.repeat(20)})`, '');
  const exceptions = await depthOf(`(local ${'exnref '.repeat(20)})`, '');
  const wide = await depthOf(`(local ${'exnref '.repeat(20)})`, `(param ${'v128 '.repeat(60)})`);
  assert.ok(exceptions < numbers * 0.8, `${exceptions} frames with exceptions, ${numbers} with numbers`);
  assert.ok(wide < exceptions * 0.6, `${wide} frames with large exceptions, ${exceptions} with small ones`);
});

/** How often the clock is read while a run of some fuel goes on. */
async function readsPerFuel(text: string): Promise<number> {
  let reads = 0;
  const clock = (): number => {
    reads++;
    return 0;
  };
  const { run, meter } = await runOf(text, { clock, fuel: 200_000 });
  meter.refuel();
  reads = 0;
  assert.is(endOf(run), 'OutOfFuel');
  return reads;
}

kept('take time by how deep the stack is', async () => {
  if (!(await engineHas('legacy exceptions'))) return;
  const at = (depth: number): Promise<number> =>
    readsPerFuel(`(module (tag $t)
      (func $down (param $n i32) (if (local.get $n)
        (then (call $down (i32.sub (local.get $n) (i32.const 1))))
        (else (loop try throw $t catch_all end br 0))))
      (func (export "run") (call $down (i32.const ${depth}))))`);
  const [shallow, deep] = [await at(1), await at(3_000)];
  assert.ok(deep > shallow * 10, `the clock is read ${shallow} times at the top, ${deep} times at the bottom`);
});

kept('take time by the clauses of the blocks that they may arrive at', async () => {
  if (!(await engineHas('legacy exceptions'))) return;
  const withClauses = (clauses: number): Promise<number> =>
    readsPerFuel(`(module (tag $t) (tag $other)
      (func (export "run") (loop try throw $t ${'catch $other '.repeat(clauses)} catch_all end br 0)))`);
  const [few, many] = [await withClauses(1), await withClauses(900)];
  assert.ok(many > few * 10, `the clock is read ${few} times with one clause, ${many} times with 900`);
});

kept('of a try_table with many clauses take time too', async () => {
  if (!(await engineHas('exnref'))) return;
  const withClauses = (clauses: number): Promise<number> =>
    readsPerFuel(`(module (tag $t) (tag $other) (func (export "run")
      (loop (block (try_table ${'(catch $other 0) '.repeat(clauses)} (catch_all 0) throw $t)) br 0)))`);
  const [few, many] = [await withClauses(1), await withClauses(900)];
  assert.ok(many > few * 10, `the clock is read ${few} times with one clause, ${many} times with 900`);
});

for (const [results, given] of [
  ['', ''],
  ['(result i32)', 'i32.const 7'],
  ['(result i32 i64)', 'i32.const 7 i64.const 8'],
] as const) {
  kept(`that leave an exported function by a clause leave its stack whole: ${results || 'no result'}`, async () => {
    if (!(await engineHas('exnref'))) return;
    const { exports, meter } = await runOf(`(module (tag $t (param ${results === '' ? '' : results.slice(8, -1)}))
      (func $thrower ${given} throw $t)
      (func (export "f") ${results} (try_table ${results} (catch $t 0) call $thrower unreachable))
      (func (export "run")))`);
    const f = exports.f as () => unknown; // exported by the module above
    const returned = meter.run(() => {
      for (let times = 0; times < 20_000; times++) f();
      return f();
    });
    const expected = results === '' ? undefined : results === '(result i32)' ? 7 : [7, 8n];
    assert.equal(returned, expected);
    assert.is(meter.failure, undefined);
  });
}

kept.run();
