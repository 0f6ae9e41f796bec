// What makes the reference crash or misbehave (RATIONALE.md, "Where does it deviate from the
// reference?"). Here it has a defined outcome.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BuildPluginError, buildPlugin, PluginCallError } from '../../src/plugin/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { plugin } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const crashes = suite('where the reference crashes');

crashes('an output of the length -1 is out of bounds: what was declared before stays', async () => {
  const built = await plugin(`(data (i32.const 16) "kept")
    (func (export "run") (local $block i64)
      (local.set $block (call $block (i32.const 16) (i32.const 4)))
      (call $output_set (local.get $block) (i64.const 4))
      (call $output_set (local.get $block) (i64.const -1))
      (call $output_set (i64.const -1) (local.get $block)))
    (func (export "only") (call $output_set (call $alloc (i64.const 4)) (i64.const -1)))`);
  assert.is(built.callText('run'), 'kept');
  assert.is(built.callText('only'), '');
  assert.is(built.callText('run'), 'kept');
});

crashes('imports from a module called main are unknown', async () => {
  const wasm = await wat('(module (import "main" "run" (func)) (func (export "run")))');
  assert.equal(
    failureOf(BuildPluginError, () => buildPlugin(wasm)),
    { kind: 'UnknownImports', imports: [{ module: 'main', name: 'run', kind: 'function' }] },
  );
});

crashes("stores before the first block and into the kernel's own data are ignored", async () => {
  const built = await plugin(`(data (i32.const 16) "kept")
    (func (export "run") (local $block i64) (local $at i64)
      (local.set $block (call $block (i32.const 16) (i32.const 4)))
      (loop $next
        (call $store_u64 (local.get $at) (i64.const -1))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br_if $next (i64.lt_u (local.get $at) (i64.sub (local.get $block) (i64.const 8)))))
      (if (i64.ne (call $length (local.get $block)) (i64.const 4)) (then unreachable))
      (call $output_set (local.get $block) (i64.const 4)))`);
  for (let count = 0; count < 3; count++) assert.is(built.callText('run'), 'kept');
});

crashes('a memory may grow to its own maximum, and no further', async () => {
  const wasm = await wat(`(module (memory 1 3)
    (func (export "run") (result i32) (memory.grow (i32.const 1)) (drop) (memory.size)))`);
  const built = buildPlugin(wasm);
  const sizes = [2, 3, 3, 3].map(() => {
    const thrown = thrownBy(() => built.call('run'));
    return thrown instanceof PluginCallError && thrown.failure.kind === 'NonZeroExit' ? thrown.failure.code : thrown;
  });
  assert.equal(sizes, [2, 3, 3, 3]);
});

crashes.run();
