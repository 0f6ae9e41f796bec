import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel } from '../../../src/kernel/kernel.ts';
import { blocksOf } from '../../support/kernel-blocks.ts';

const allocator = suite('allocator');

const PAGE = 65_536n;

allocator('a block has the requested length, however its capacity is rounded', () => {
  const { alloc, length, length_unsafe } = createKernel().exports;
  for (const size of [1n, 2n, 15n, 16n, 17n, 100n, 4096n, 65_537n, 1_000_000n]) {
    const handle = alloc(size);
    assert.ok(handle > 0n);
    assert.is(length(handle), size);
    assert.is(length_unsafe(handle), size);
  }
});

const nothing: readonly bigint[] = [
  0n,
  2n ** 32n,
  2n ** 32n - 1n,
  0xffff0000n,
  0xe0000001n,
  2n ** 63n,
  2n ** 64n - 1n,
  -1n,
  -16n,
];
for (const size of nothing) {
  allocator(`alloc ${size} returns 0, and changes nothing`, () => {
    const { alloc, length, memory_bytes } = createKernel().exports;
    const before = alloc(10n);
    assert.is(alloc(size), 0n);
    assert.is(memory_bytes(), PAGE);
    assert.is(length(before), 10n);
    assert.is(alloc(10n), before + 32n);
  });
}

allocator('blocks do not overlap', () => {
  const { exports } = createKernel();
  const sizes = (index: number): number => (index * 37) % 100 || 1;
  const handles = blocksOf(exports, 500, sizes);
  for (const [index, handle] of handles.entries()) {
    const next = handles[index + 1];
    if (next !== undefined) assert.ok(handle + BigInt(sizes(index)) <= next);
  }
});

allocator('new blocks follow the last one, whatever was freed', () => {
  const { alloc, free, length } = createKernel().exports;
  let last = 0n;
  for (let size = 1n; size < 300n; size++) {
    const block = alloc(size);
    assert.ok(block > last, `${block} follows ${last}`);
    free(block);
    assert.is(length(block), 0n);
    last = block;
  }
});

allocator('a freed block keeps its contents until memory would have to grow', () => {
  const { alloc, free, store_u64, load_u64, memory_bytes } = createKernel().exports;
  const blocks = [alloc(16n), alloc(16n), alloc(16n)];
  for (const block of blocks) store_u64(block, block);
  for (const block of blocks) free(block);
  for (let made = alloc(500n); made < PAGE - 1200n; made = alloc(500n)) store_u64(made, -1n);
  assert.equal(blocks.map(load_u64), blocks);
  assert.is(memory_bytes(), PAGE);
});

allocator('freeing twice frees once', () => {
  const { alloc, free, length } = createKernel().exports;
  const [handle, behind] = [alloc(50n), alloc(50n)];
  free(handle);
  free(handle);
  const [one, two] = [alloc(50n), alloc(50n)];
  assert.is(new Set([handle, behind, one, two]).size, 4);
  free(handle);
  assert.equal([handle, behind, one, two].map(length), [0n, 50n, 50n, 50n]);
});

allocator('freeing anything but the start of a live block is ignored', () => {
  const { alloc, free, length } = createKernel().exports;
  const handles = [alloc(50n), alloc(50n), alloc(50n)];
  const others = [
    0n,
    1n,
    512n,
    2047n,
    (handles[1] ?? 0n) + 1n,
    (handles[1] ?? 0n) + 16n,
    PAGE,
    2n ** 32n + (handles[1] ?? 0n),
    -1n,
  ];
  for (const other of others) {
    free(other);
    assert.is(length(other), 0n, String(other));
  }
  assert.equal(handles.map(length), [50n, 50n, 50n]);
});

allocator('freeing the input makes it empty; freeing another block does not', () => {
  const kernel = createKernel();
  kernel.begin('abc');
  const { free, alloc, input_length, input_offset, input_load_u8, length } = kernel.exports;
  const other = alloc(3n);
  free(other);
  free(input_offset() + 1n);
  assert.is(input_length(), 3n);
  const input = input_offset();
  free(input);
  assert.is(input_length(), 0n);
  assert.is(input_load_u8(0n), 0);
  assert.is(length(input), 0n);
});

allocator('a freed input stays empty, whatever is allocated', () => {
  const kernel = createKernel();
  kernel.begin('abc');
  const { free, alloc, input_length, input_offset, input_load_u8, store_u8 } = kernel.exports;
  const input = input_offset();
  free(input);
  store_u8(input, 0x78);
  alloc(3n);
  assert.is(input_length(), 0n);
  assert.is(input_load_u8(0n), 0);
});

/** The first fit in the first page, the others reach into many ranges. */
const counts = [1, 100, 1700, 5000, 50_000] as const;
for (const count of counts) {
  allocator(`${count} blocks keep their lengths when half of them are freed`, () => {
    const { exports } = createKernel();
    const size = (index: number): number => 1 + (index % 40);
    const handles = blocksOf(exports, count, size);
    assert.is(new Set(handles).size, count);
    handles.forEach((handle, index) => {
      if (exports.length(handle) !== BigInt(size(index))) assert.unreachable(`block ${index}`);
    });
    handles.forEach((handle, index) => {
      if (index % 2 === 0) exports.free(handle);
    });
    handles.forEach((handle, index) => {
      const expected = index % 2 === 0 ? 0n : BigInt(size(index));
      if (exports.length(handle) !== expected) assert.unreachable(`block ${index}`);
    });
    exports.reset();
    assert.ok(handles.every((handle) => exports.length(handle) === 0n));
  });
}

allocator('reset drops all blocks and zeroes all bytes that were used, also outside blocks', () => {
  const { exports } = createKernel();
  const handles = blocksOf(exports, 3000, () => 24);
  exports.alloc(200_000n);
  for (const handle of handles) exports.store_u64(handle + 16n, -1n);
  exports.store_u8(exports.memory_bytes() - 1n, 7);
  exports.store_u64(exports.memory_bytes() - 900n, -1n);
  const size = exports.memory_bytes();
  exports.reset();
  assert.ok(handles.every((handle) => exports.length(handle) === 0n));
  assert.ok(new Uint8Array(exports.memory.buffer, 2048).every((byte) => byte === 0));
  assert.is(exports.memory_bytes(), size);
  // It starts again at the same offset.
  assert.is(exports.alloc(24n), handles[0]);
});

allocator('reset drops freed blocks too', () => {
  const { exports } = createKernel();
  const [first, second] = [exports.alloc(16n), exports.alloc(16n)];
  exports.free(second);
  exports.reset();
  assert.equal([exports.alloc(16n), exports.alloc(16n)], [first, second]);
});

allocator.run();
