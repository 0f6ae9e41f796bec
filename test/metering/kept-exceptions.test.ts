import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { engineHas } from '../support/features.ts';
import { endOf, runOf } from './running.ts';

const kept = suite('exceptions');

/** Throws a thousand exceptions of ten numbers, and catches each by reference; `keep` says what becomes of it. */
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
    (block $l (result exnref) (try_table (catch_all_ref $l) (throw $t (v128.const i64x2 1 2) (i32.const 3))) unreachable) drop))`;
  assert.is(endOf((await runOf(text, { heapMaxBytes: 16 + 16 + 8 })).run), 'returned');
  assert.is(endOf((await runOf(text, { heapMaxBytes: 16 + 16 + 7 })).run), 'OutOfMemory');
});

kept('that nothing can keep are not: a plugin may throw as often as it likes', async () => {
  if (!(await engineHas('exnref'))) return;
  const dropped = throwing('', '', '', 'drop');
  assert.is(endOf((await runOf(dropped, { heapMaxBytes: 0 })).run), 'returned');
});

kept.run();
