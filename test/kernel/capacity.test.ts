import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, compilePlugin, PluginCallError } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/link.ts';
import { pluginModule } from '../support/plugin.ts';

// The capacity of a budget of 32 pages. The reference's kernel holds 166,349 blocks of one byte, 32
// of 64 KiB, and three of 720,820 bytes.

const capacity = suite('capacity of kernel memory');

const wasm = await pluginModule(`
  (global $made (mut i32) (i32.const 0))
  ;; Allocates blocks as long as the input says, until there is no memory for another.
  (func (export "fill") (result i32) (local $size i64)
    (local.set $size (call $input_load_u64 (i64.const 0)))
    (global.set $made (i32.const 0))
    (loop $next
      (drop (call $alloc (local.get $size)))
      (global.set $made (i32.add (global.get $made) (i32.const 1)))
      (br $next))
    unreachable)
  (func (export "made") (result i32) (global.get $made))
  ;; Copies the input into a block, and that into the output.
  (func (export "copies") (result i32) (local $size i64) (local $copy i64) (local $output i64)
    (local.set $size (call $input_length))
    (local.set $copy (call $alloc (local.get $size)))
    (local.set $output (call $alloc (local.get $size)))
    (call $output_set (local.get $output) (local.get $size))
    (i32.const 0))`);

for (const kernel of canLink() ? (['linked', 'instance'] as const) : (['instance'] as const)) {
  const compiled = compilePlugin(wasm, { kernel });
  const filled = (size: bigint): number => {
    const plugin = buildPlugin(compiled, { memoryMaxPages: 32, fuel: Number.POSITIVE_INFINITY });
    const input = new Uint8Array(8);
    new DataView(input.buffer).setBigUint64(0, size, true);
    assert.throws(() => plugin.call('fill', input), 'oom');
    try {
      plugin.call('made');
    } catch (error) {
      if (error instanceof PluginCallError && error.failure.kind === 'NonZeroExit') return error.failure.code;
      throw error;
    }
    return 0;
  };

  capacity(`blocks of one byte: more than half of what the reference has, kernel ${kernel}`, () => {
    assert.ok(filled(1n) >= 85_000, String(filled(1n)));
  });

  capacity(`blocks of 64 KiB: as many as the reference has, kernel ${kernel}`, () => {
    assert.is(filled(65_536n), 32);
  });

  capacity(`blocks of 4,000 bytes: nine tenths of what the reference has, kernel ${kernel}`, () => {
    assert.ok(filled(4_000n) >= (0.9 * 2_162_600) / 4_012, String(filled(4_000n)));
  });

  capacity(`an input of 700,000 bytes, a copy and an output, kernel ${kernel}`, () => {
    const plugin = buildPlugin(compiled, { memoryMaxPages: 32 });
    assert.is(plugin.call('copies', new Uint8Array(700_000)).length, 700_000);
    assert.is(plugin.call('copies', new Uint8Array(700_000)).length, 700_000, 'and once more');
    assert.throws(() => plugin.call('copies', new Uint8Array(730_000)), 'oom');
  });
}

capacity.run();
