import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { kernelGlobals } from '../../../src/kernel/code/globals.ts';
import { createKernel, type Kernel } from '../../../src/kernel/kernel.ts';

const globals = suite('kernel globals');

/** What a plugin can see of a kernel, after it did a few things. */
function trace({ exports }: Kernel): unknown[] {
  const blocks = Array.from({ length: 100 }, (_, index) => exports.alloc(BigInt(index)));
  exports.store_u64(30_000n, -1n);
  exports.output_set(2048n, 5n);
  return [blocks, exports.load_u64(29_999n), exports.output_length(), exports.memory_bytes(), exports.error_get()];
}

globals('after reset a kernel is as it began: every global has its initial value again', () => {
  const fresh = trace(createKernel());
  const used = createKernel();
  trace(used);
  used.exports.reset();
  assert.equal(trace(used), fresh);
});

globals('what a reset leaves is what the host has set', () => {
  const kernel = createKernel({ logLevel: 'warn' });
  kernel.exports.reset();
  assert.is(kernel.exports.get_log_level(), 3);
});

globals('the shared ones are i32 and start at 0', () => {
  const { crossing, failed } = kernelGlobals;
  assert.equal([crossing, failed], Array(2).fill({ type: 'i32', initial: 0 }));
  assert.is(kernelGlobals.log_level.initial, 2 ** 31 - 1);
});

globals.run();
