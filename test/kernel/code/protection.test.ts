import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel, type KernelExports } from '../../../src/kernel/kernel.ts';
import { blocksOf, heapOf, isProtected, kernelOfPages } from '../../support/kernel-blocks.ts';

const protection = suite('protected bytes');

const bytesOf = ({ memory }: KernelExports): Uint8Array => new Uint8Array(memory.buffer).slice();

/** Stores everywhere in kernel memory: each byte, then each word, upwards and downwards. */
function storeEverywhere(exports: KernelExports, step = 1n): void {
  const end = exports.memory_bytes();
  for (let at = 0n; at < end; at += step) exports.store_u8(at, 0xff);
  for (let at = 0n; at < end; at += step) exports.store_u64(at, -1n);
  for (let at = end - step; at >= 0n; at -= step) exports.store_u64(at, -1n);
}

/** Blocks in kernels. */
const kernels: readonly (readonly [what: string, prepare: (exports: KernelExports) => bigint[]])[] = [
  ['no block', () => []],
  ['one block', (exports) => blocksOf(exports, 1, () => 5)],
  ['blocks of each size up to 100', (exports) => blocksOf(exports, 100, (index) => index + 1)],
  ['blocks in many ranges', (exports) => blocksOf(exports, 6_000, (index) => 1 + (index % 60))],
  ['blocks that fill ranges', (exports) => blocksOf(exports, 12, (index) => 40_000 + 8 * index)],
  ['a block of many ranges', (exports) => blocksOf(exports, 3, (index) => (index === 1 ? 600_000 : 10))],
];
for (const [what, prepare] of kernels) {
  protection(`${what}: all headers and maps, and nothing else`, () => {
    const { exports } = createKernel();
    const handles = prepare(exports);
    const lengths = handles.map(exports.length);
    const heap = heapOf(exports);
    const before = bytesOf(exports);
    const view = new DataView(before.buffer);
    storeEverywhere(exports, before.length > 500_000 ? 4n : 1n);
    const after = bytesOf(exports);
    for (let at = 0; at < after.length; at += 8) {
      const kept = at < 2048 || isProtected(view, at);
      const same = after.subarray(at, at + 8).every((byte, index) => byte === before[at + index]);
      const stored = after.subarray(at, at + 8).every((byte) => byte === 0xff);
      if (kept ? !same : !stored) assert.unreachable(`${at} is ${kept ? 'not kept' : 'not stored to'}`);
    }
    assert.equal(handles.map(exports.length), lengths);
    assert.equal(heapOf(exports), heap);
    const next = exports.alloc(33n);
    assert.is(exports.length(next), 33n);
    assert.ok(handles.every((handle) => handle < next));
  });
}

protection('a word that touches a header is not stored, not even in part', () => {
  const { exports } = createKernel();
  const [first = 0n, second = 0n] = blocksOf(exports, 2, () => 24);
  assert.is(second, first + 40n);
  for (let at = first; at < second + 24n; at++) {
    const before = bytesOf(exports);
    exports.store_u64(at, 0x0101010101010101n);
    const touches = at + 8n > first + 24n && at < second;
    const stored = bytesOf(exports).some((byte, index) => byte !== before[index]);
    assert.is(stored, !touches, String(at));
    exports.store_u64(at, 0n);
  }
});

protection('any store is accepted in ranges that have no map yet', () => {
  const { exports } = createKernel();
  // Small blocks, so that headers are everywhere in the first page; and one that makes memory grow
  // by two pages.
  blocksOf(exports, 2_500, () => 1);
  exports.alloc(70_000n);
  const end = exports.memory_bytes();
  const last = heapOf(exports).at(-1);
  const top = BigInt((last?.header ?? 0) + 16 + (last?.capacity ?? 0));
  assert.ok(end - top > 20_000n);
  for (let at = top; at + 8n <= end; at += 7n) {
    exports.store_u64(at, at);
    assert.is(exports.load_u64(at), at);
  }
  exports.reset();
  assert.ok(new Uint8Array(exports.memory.buffer, 2048).every((byte) => byte === 0));
});

protection('a plugin may store to two blocks alternately, and to both sides of a header', () => {
  const { exports } = createKernel();
  const handles = blocksOf(exports, 4, () => 1000);
  for (let index = 0n; index < 1000n; index++) {
    handles.forEach((handle, at) => {
      exports.store_u8(handle + index, at + 1);
    });
  }
  handles.forEach((handle, at) => {
    assert.ok(new Uint8Array(exports.memory.buffer, Number(handle), 1000).every((byte) => byte === at + 1));
    assert.is(exports.length(handle), 1000n);
  });
});

protection('a window of stores does not cover a header that is added later', () => {
  const { exports } = createKernel();
  const first = exports.alloc(8n);
  // A plugin may store anywhere after the last block. Then a header is added there.
  exports.store_u8(first + 40n, 1);
  exports.store_u64(first + 200n, -1n);
  const second = exports.alloc(8n);
  const third = exports.alloc(8n);
  for (let at = first; at < third + 8n; at++) exports.store_u8(at, 0xff);
  for (let at = first; at < third + 1n; at++) exports.store_u64(at, -1n);
  assert.equal([first, second, third].map(exports.length), [8n, 8n, 8n]);
  heapOf(exports);
});

protection('a window of stores does not cover the header of a divided block', () => {
  const exports = kernelOfPages(0);
  const block = exports.alloc(60_000n);
  while (exports.alloc(100n) !== 0n);
  exports.free(block);
  for (let at = 0n; at < 60_000n; at += 8n) exports.store_u64(block + at, -1n);
  const parts: bigint[] = [];
  for (let part = exports.alloc(500n); part !== 0n; part = exports.alloc(500n)) {
    parts.push(part);
    for (let at = -40n; at < 540n; at++) exports.store_u8(part + at, 0xff);
    for (let at = -40n; at < 540n; at++) exports.store_u64(part + at, -1n);
  }
  assert.ok(parts.length > 100);
  assert.ok(parts.every((part) => exports.length(part) === 500n));
  heapOf(exports);
});

/** Sizes for which a block ends before, at, and after the end of a range. */
for (let short = -24; short <= 24; short += 4) {
  protection(
    `a block that ends ${short} bytes before the end of a range keeps its length, and so does the next`,
    () => {
      const { exports } = createKernel();
      // The first page is one range. The ranges after it have 16 KiB.
      for (const end of [65_536, 81_920, 98_304, 131_072, 262_144]) {
        const before = heapOf(exports).at(-1);
        const start = before === undefined ? 2048 : before.header + 16 + before.capacity + 16;
        const handle = exports.alloc(BigInt(end - start - short));
        const next = exports.alloc(10n);
        if (end < 100_000) storeEverywhere(exports, 3n);
        assert.equal([exports.length(handle), exports.length(next)], [BigInt(end - start - short), 10n], String(end));
        assert.ok(next + 16n <= exports.memory_bytes(), `${next} lies in memory`);
        heapOf(exports);
      }
    },
  );
}

protection('memory grows by a map of more than a page too', () => {
  // From 16 MiB a range has 4 MiB, and its map 64 KiB.
  const end = 16 * 1024 * 1024;
  for (let past = -24; past <= 24; past += 8) {
    const exports = kernelOfPages(400);
    const small = exports.alloc(8n);
    let made = exports.alloc(BigInt(end - 400_000));
    const before = heapOf(exports).at(-1);
    made = exports.alloc(BigInt(end + past - ((before?.header ?? 0) + 16 + (before?.capacity ?? 0) + 16)));
    const [next, last] = [exports.alloc(8n), exports.alloc(8n)];
    assert.equal([small, next, last].map(exports.length), [8n, 8n, 8n]);
    assert.ok(small < made && made < next && next < last);
    // Four for each doubling from 64 KiB to 16 MiB, plus one.
    assert.is(heapOf(exports).filter(({ state }) => state === 'map').length, 33, `${past}`);
  }
});

for (const pages of [1, 2, 4, 10, 33]) {
  protection(`the largest block in ${pages} pages ends at their end, after the maps that it needs`, () => {
    const end = BigInt(pages * 65_536);
    const pagesFor = (size: number): bigint => {
      const exports = kernelOfPages(40);
      const handle = exports.alloc(BigInt(size));
      assert.is(exports.length(handle), BigInt(size));
      const last = handle + BigInt(size) - 1n;
      exports.store_u8(last, 7);
      assert.is(exports.load_u8(last), 7, `the last byte of ${size}`);
      assert.is(exports.memory_bytes(), 65_536n * (last / 65_536n + 1n), `no page more than ${size} bytes need`);
      return exports.memory_bytes();
    };
    let [fits, large] = [1000, pages * 65_536];
    while (large - fits > 1) {
      const size = (fits + large) >> 1;
      if (pagesFor(size) > end) large = size;
      else fits = size;
    }
    // The data, after the header, after the maps.
    const exports = kernelOfPages(40);
    assert.is(exports.alloc(BigInt(fits)) + BigInt(fits), end);
    for (let size = fits - 40; size < fits + 40; size += 8) pagesFor(size);
  });
}

protection('a freed block is divided even if the new header would be at the end of a range', () => {
  for (let size = 8n; size <= 80n; size += 8n) {
    const exports = kernelOfPages(2);
    const block = exports.alloc(90_000n);
    while (exports.alloc(64n) !== 0n);
    exports.free(block);
    // The first one ends at the end of the block, each other before the one before: several meet
    // the ends of ranges.
    const parts: bigint[] = [];
    for (let part = exports.alloc(size); part !== 0n; part = exports.alloc(size)) parts.push(part);
    assert.ok(BigInt(parts.length) >= 90_000n / (size + 16n) - 8n, `${parts.length} of ${size}`);
    heapOf(exports);
    for (const part of parts) assert.is(exports.length(part), size);
  }
});

protection('only handles of live blocks have a length, whatever is stored between them', () => {
  const { exports } = createKernel();
  const handles = blocksOf(exports, 3_000, (index) => 1 + (index % 90));
  for (const [index, handle] of handles.entries()) if (index % 3 === 0) exports.free(handle);
  // Looks like the header of a live block of 32 bytes.
  for (let at = 2048n; at < exports.memory_bytes(); at += 4n) {
    exports.store_u8(at, 33);
    exports.store_u8(at + 1n, 0);
  }
  const live = new Map(handles.flatMap((handle, index) => (index % 3 === 0 ? [] : [[handle, 1 + (index % 90)]])));
  for (let at = -64n; at < exports.memory_bytes() + 64n; at++) {
    const expected = BigInt(live.get(at) ?? 0);
    if (exports.length(at) !== expected || exports.length_unsafe(at) !== expected) assert.unreachable(String(at));
    if (exports.length(at + 2n ** 32n) !== 0n || exports.length(at + 2n ** 63n) !== 0n) assert.unreachable(String(at));
  }
});

protection('the block of a map cannot be freed', () => {
  for (let size = 8; size <= 64; size += 8) {
    const { exports } = createKernel();
    exports.alloc(BigInt(size));
    // Reaches into several ranges, whose maps are before it.
    exports.alloc(120_000n);
    const heap = heapOf(exports);
    const maps = heap.filter(({ state }) => state === 'map');
    assert.ok(maps.length > 3);
    for (const { header } of maps) {
      assert.is(exports.length(BigInt(header + 16)), 0n);
      exports.free(BigInt(header + 16));
    }
    assert.equal(heapOf(exports), heap);
  }
});

protection('after reset the same blocks have the same offsets and protection', () => {
  const [fresh, used] = [createKernel().exports, createKernel().exports];
  blocksOf(used, 5_000, () => 100);
  used.alloc(500_000n);
  for (let size = 1n; size < 3_000n; size += 7n) used.free(used.alloc(size));
  used.reset();
  for (const exports of [fresh, used]) {
    blocksOf(exports, 4_000, (index) => 1 + (index % 70));
    exports.alloc(300_000n);
  }
  assert.equal(heapOf(used), heapOf(fresh));
  const size = Number(fresh.memory_bytes());
  storeEverywhere(fresh, 4n);
  for (let at = 0n; at < size; at += 4n) used.store_u64(at, -1n);
  for (let at = 0n; at < size; at++) used.store_u8(at, 0xff);
  assert.equal(heapOf(used), heapOf(fresh));
});

protection('reset removes the windows of stores', () => {
  const WORD = -1n;
  for (const store of ['store_u8', 'store_u64'] as const) {
    const { exports } = createKernel();
    const put = (at: bigint): void => (store === 'store_u8' ? exports.store_u8(at, 0xff) : exports.store_u64(at, WORD));
    // The latest window is around the second offset, the other one around the first.
    put(20_000n);
    put(40_000n);
    exports.reset();
    for (const at of [20_008n, 40_008n]) {
      put(at);
      assert.is(exports.load_u8(at), 0xff, `${store} at ${at}`);
    }
    exports.reset();
    assert.ok(
      new Uint8Array(exports.memory.buffer, 2048).every((byte) => byte === 0),
      store,
    );
  }
});

protection('reset zeroes a word that reaches beyond the end of a window', () => {
  for (let at = 20_480n - 8n; at <= 20_480n; at++) {
    const { exports } = createKernel();
    exports.store_u64(at, -1n);
    for (let index = 0n; index < 8n; index++) assert.is(exports.load_u8(at + index), 0xff, `${at} + ${index}`);
    exports.reset();
    assert.ok(
      new Uint8Array(exports.memory.buffer, 2048).every((byte) => byte === 0),
      String(at),
    );
  }
});

protection('freeing offsets that are not handles changes nothing', () => {
  const { exports } = createKernel();
  const handles = blocksOf(exports, 2_000, (index) => 1 + (index % 90));
  const known = new Set(handles);
  const heap = heapOf(exports);
  for (let at = 0n; at < exports.memory_bytes() + 64n; at++) if (!known.has(at)) exports.free(at);
  assert.equal(heapOf(exports), heap);
});

protection.run();
