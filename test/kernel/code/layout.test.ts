import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BLOCKS_START,
  CLASS_BITS,
  FIRST_MAP,
  HEADER_BYTES,
  kernelGlobals,
  MAP_DIRECTORY,
  MAP_RANGES,
  PAGE_BYTES,
  RANGE_BYTES,
  SIZE_CLASSES,
} from '../../../src/kernel/code/layout.ts';
import { createKernel, type Kernel } from '../../../src/kernel/kernel.ts';

const layout = suite('kernel layout');

layout('lists, directory, map and the first header follow each other', () => {
  assert.is(SIZE_CLASSES * 4, CLASS_BITS);
  assert.ok(CLASS_BITS + SIZE_CLASSES / 8 <= MAP_DIRECTORY);
  assert.is(MAP_DIRECTORY + MAP_RANGES * 4, FIRST_MAP);
  assert.ok(FIRST_MAP + PAGE_BYTES / 64 <= BLOCKS_START - HEADER_BYTES);
});

layout('each capacity of 32 bits has a size class, and each offset has a range', () => {
  const below64 = 8;
  assert.is(SIZE_CLASSES, below64 + 4 * (32 - 6));
  assert.is(MAP_RANGES, 4 * (32 - 16));
});

layout('blocks, pages and ranges start at whole bytes of a map', () => {
  assert.equal([(BLOCKS_START - HEADER_BYTES) % 8, PAGE_BYTES % RANGE_BYTES, RANGE_BYTES % 512], [0, 0, 0]);
});

/** What a plugin sees of a kernel after a few calls. */
function trace({ exports }: Kernel): unknown[] {
  const blocks = Array.from({ length: 100 }, (_, index) => exports.alloc(BigInt(index)));
  exports.store_u64(30_000n, -1n);
  exports.output_set(2048n, 5n);
  return [blocks, exports.load_u64(29_999n), exports.output_length(), exports.memory_bytes(), exports.error_get()];
}

layout('after reset every global has its initial value', () => {
  const fresh = trace(createKernel());
  const used = createKernel();
  trace(used);
  used.exports.reset();
  assert.equal(trace(used), fresh);
});

layout('reset keeps what the host has set', () => {
  const kernel = createKernel({ logLevel: 'warn' });
  kernel.exports.reset();
  assert.is(kernel.exports.get_log_level(), 3);
});

layout('the shared globals are i32, and start at 0 except the log level', () => {
  const { crossing, failed } = kernelGlobals;
  assert.equal([crossing, failed], Array(2).fill({ type: 'i32', initial: 0 }));
  assert.is(kernelGlobals.log_level.initial, 2 ** 31 - 1);
});

layout.run();
