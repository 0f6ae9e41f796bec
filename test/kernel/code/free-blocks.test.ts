import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KernelExports } from '../../../src/kernel/kernel.ts';
import { blocksOf, heapOf, kernelOfPages } from '../../support/kernel-blocks.ts';

const freed = suite('freed blocks');

/** Fills the rest of the memory of a kernel with blocks, the largest first. */
function fill({ alloc }: KernelExports): bigint[] {
  const made: bigint[] = [];
  for (let size = 16_384n; size >= 1n; size /= 2n) {
    for (let block = alloc(size); block !== 0n; block = alloc(size)) made.push(block);
  }
  return made;
}

freed('are reused only if memory would have to grow', () => {
  const { alloc, free, length, memory_bytes } = kernelOfPages(1);
  const first = alloc(1000n);
  free(first);
  let last = first;
  for (let count = 0; count < 61; count++) {
    const next = alloc(1000n);
    assert.ok(next > last, `${next} follows ${last}`);
    last = next;
  }
  assert.is(memory_bytes(), 65_536n);
  assert.is(alloc(1000n), first);
  assert.is(length(first), 1000n);
  assert.is(memory_bytes(), 65_536n, 'memory has not grown');
  assert.ok(alloc(1000n) > last);
  assert.is(memory_bytes(), 131_072n);
});

freed('are not reused while a new block fits exactly', () => {
  const { alloc, free, memory_bytes } = kernelOfPages(1);
  const first = alloc(1000n);
  free(first);
  // All except 1,016 bytes: a header and 1,000.
  const second = alloc(65_536n - (first + 1016n) - 1016n);
  assert.is(alloc(1000n), 64_536n);
  assert.ok(second > first);
  assert.is(memory_bytes(), 65_536n);
  assert.is(alloc(1000n), first);
});

freed('are not reused while a new block fits after a map', () => {
  const behind = (size: bigint): bigint => {
    const { alloc, free, memory_bytes } = kernelOfPages(2);
    const first = alloc(70_000n);
    free(first);
    const next = alloc(size);
    assert.is(memory_bytes(), 131_072n);
    return next > first + 70_000n ? next + size : 0n;
  };
  let [fits, large] = [1n, 70_000n];
  while (large - fits > 1n) {
    const size = (fits + large) / 2n;
    if (behind(size) > 0n) fits = size;
    else large = size;
  }
  assert.is(behind(fits), 131_072n);
});

freed('are reused for requests up to their capacity', () => {
  for (const capacity of [8n, 16n, 56n, 64n, 72n, 80n, 120n, 128n, 136n, 320n, 1000n, 4096n, 20_000n]) {
    const { alloc, free, length, ...exports } = kernelOfPages(0);
    const block = alloc(capacity);
    // Keeps it apart from the blocks before and after it.
    alloc(1n);
    fill({ alloc, free, length, ...exports });
    free(block);
    assert.is(alloc(capacity + 1n), 0n, `${capacity + 1n} bytes in ${capacity}`);
    assert.is(alloc(capacity), block, `${capacity} bytes`);
    assert.is(length(block), capacity);
    assert.is(alloc(1n), 0n);
  }
});

freed('are reused from the class of the request, or a larger one', () => {
  for (const larger of [24n, 40n, 1000n, 30_000n]) {
    const exports = kernelOfPages(0);
    const block = exports.alloc(larger);
    fill(exports);
    assert.is(exports.alloc(17n), 0n);
    exports.free(block);
    const found = exports.alloc(17n);
    assert.ok(found >= block && found + 17n <= block + larger, `${found} in ${larger} bytes at ${block}`);
    assert.is(exports.length(found), 17n);
  }
});

/** The lowest and the highest capacity of each size class up to 12 MiB. */
const capacities = Array.from({ length: 21 }, (_, doubling) =>
  [4, 5, 6, 7].flatMap((quarter) => [8 * quarter * 2 ** doubling, 8 * ((quarter + 1) * 2 ** doubling - 1)]),
).flat();
for (const capacity of new Set(capacities.filter((each) => each <= 12 << 20))) {
  freed(`of ${capacity} bytes are reused for requests of all classes up to their own`, () => {
    const exports = kernelOfPages(Math.ceil((capacity * 1.02) / 65_536));
    const block = exports.alloc(BigInt(capacity));
    exports.alloc(8n);
    fill(exports);
    exports.free(block);
    // A block that would end at the end of a range gets 8 or 16 bytes more.
    const end = block + BigInt(capacity + 16);
    for (let size = 8; size < capacity; size *= 2) {
      for (const each of [size, capacity - size].filter((bytes) => bytes > 0 && bytes % 8 === 0)) {
        const found = exports.alloc(BigInt(each));
        assert.ok(found >= block && found + BigInt(each) <= end, `${each} bytes at ${found}`);
        exports.free(found);
      }
    }
    assert.is(exports.alloc(BigInt(capacity + 24)), 0n);
    assert.is(exports.alloc(BigInt(capacity)), block);
  });
}

freed('are divided: the end is taken, and the start stays free', () => {
  const exports = kernelOfPages(0);
  const block = exports.alloc(10_000n);
  fill(exports);
  exports.free(block);
  const parts: bigint[] = [];
  for (let part = exports.alloc(1000n); part !== 0n; part = exports.alloc(1000n)) parts.push(part);
  assert.is(parts.length, 9);
  assert.is(parts[0], block + 9000n);
  assert.ok(parts.every((part, index) => index === 0 || part < (parts[index - 1] ?? 0n)));
  assert.ok(parts.every((part) => exports.length(part) === 1000n));
  assert.ok((parts.at(-1) ?? 0n) > block, 'the beginning, of less than 1000 bytes, stays free');
  heapOf(exports);
});

/** Orders in which four neighbours can be freed. */
const orders = [0, 1, 2, 3].flatMap((a) =>
  [0, 1, 2, 3].flatMap((b) => [0, 1, 2, 3].flatMap((c) => [[a, b, c, 6 - a - b - c]])),
);
for (const order of orders.filter((each) => new Set(each).size === 4 && Math.max(...each) === 3)) {
  freed(`that are neighbours become one block, freed in the order ${order.join()}`, () => {
    const exports = kernelOfPages(0);
    const four = blocksOf(exports, 4, (index) => 500 + 100 * index);
    fill(exports);
    const room = 500n + 600n + 700n + 800n + 3n * 16n;
    for (const [count, index] of order.entries()) {
      assert.is(exports.alloc(room), 0n, `after ${count}`);
      exports.free(four[index] ?? 0n);
      heapOf(exports);
    }
    assert.is(exports.alloc(room), four[0]);
    assert.is(exports.length(four[0] ?? 0n), room);
    assert.ok(four.slice(1).every((handle) => exports.length(handle) === 0n));
  });
}

freed('become one block at the end of memory too', () => {
  const exports = kernelOfPages(0);
  const handles = fill(exports);
  for (const handle of handles.slice(-3)) exports.free(handle);
  const [whole] = handles;
  assert.ok(heapOf(exports).at(-1)?.state === 'free');
  for (const handle of [...handles.slice(0, -3)].reverse()) exports.free(handle);
  assert.equal(
    heapOf(exports).map(({ state }) => state),
    ['free'],
  );
  assert.is(exports.alloc(BigInt(heapOf(exports)[0]?.capacity ?? 0)), whole);
});

freed('are enough for a workload that runs a second time', () => {
  const exports = kernelOfPages(1000);
  const sizes = (index: number): number => 1 + ((index * 7919) % 3000);
  const round = (): bigint => {
    for (const handle of blocksOf(exports, 500, sizes)) exports.free(handle);
    return exports.memory_bytes();
  };
  const after = round();
  for (let count = 0; count < 20; count++) assert.is(round(), after);
});

freed('are reused, so one block allocated and freed many times takes one page', () => {
  const { alloc, free, memory_bytes } = kernelOfPages(1000);
  for (let round = 0; round < 20_000; round++) free(alloc(1000n));
  assert.is(memory_bytes(), 65_536n);
});

freed('are all reused if half of the memory is in small blocks', () => {
  const exports = kernelOfPages(3);
  const handles: bigint[] = [];
  for (let block = exports.alloc(100n); block !== 0n; block = exports.alloc(100n)) handles.push(block);
  for (const [index, handle] of handles.entries()) if (index % 2 === 0) exports.free(handle);
  let again = 0;
  for (let block = exports.alloc(100n); block !== 0n; block = exports.alloc(100n)) again++;
  assert.is(again, Math.ceil(handles.length / 2));
  assert.ok(handles.every((handle) => exports.length(handle) === 100n));
});

/**
 * Microseconds of a request for which no block is large enough: of processor time, or of the clock
 * where processor time is not available.
 */
function searchTime(exports: KernelExports, size: bigint): number {
  const rounds = Array.from({ length: 15 }, () => {
    const began = performance.now();
    for (let count = 0; count < 1000; count++) exports.alloc(size);
    return performance.now() - began;
  });
  return Math.min(...rounds);
}

freed('a list of 20,000 blocks that are too small costs a request no more than one of 20', () => {
  const lists = [20, 20_000].map((count) => {
    const exports = kernelOfPages(45);
    // In the class of the request, each apart from the next.
    const handles = blocksOf(exports, 2 * count, () => 112);
    while (exports.alloc(60_000n) !== 0n);
    fill(exports);
    for (const [index, handle] of handles.entries()) if (index % 2 === 0) exports.free(handle);
    assert.is(exports.alloc(120n), 0n);
    return exports;
  });
  const [few = 0, many = 0] = lists.map((exports) => searchTime(exports, 120n));
  assert.ok(many < 30 * few + 1, `${few} ms and ${many} ms for 1000 requests`);
});

freed.run();
