import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel, type KernelExports } from '../../../src/kernel/kernel.ts';

const access = suite('loads and stores');

const PAGE = 65_536n;
const START = 2048n;
const WORD = 0x0807060504030201n;

/**
 * Offsets at and around every boundary, and whether a memory of one page accepts a byte, a word.
 */
const offsets: readonly (readonly [offset: bigint, byte: boolean, word: boolean])[] = [
  [0n, false, false],
  [1n, false, false],
  [511n, false, false],
  [512n, false, false],
  [2040n, false, false],
  [2041n, false, false],
  [START - 1n, false, false],
  [START, true, true],
  [START + 1n, true, true],
  [30_000n, true, true],
  [PAGE - 9n, true, true],
  [PAGE - 8n, true, true],
  [PAGE - 7n, true, false],
  [PAGE - 1n, true, false],
  [PAGE, false, false],
  [PAGE + 1n, false, false],
  [2n ** 31n, false, false],
  [2n ** 32n - 8n, false, false],
  [2n ** 32n - 1n, false, false],
  [2n ** 32n, false, false],
  // Modulo 2^32, these are offsets where a store is accepted.
  [2n ** 32n + START, false, false],
  [2n ** 40n + 30_000n, false, false],
  [2n ** 63n + START, false, false],
  [2n ** 64n - 8n, false, false],
  [2n ** 64n - 1n, false, false],
  [-1n, false, false],
  [-8n, false, false],
  [-(2n ** 63n), false, false],
];

/** Three states of the memory at an offset. */
const states: readonly (readonly [what: string, prepare: (exports: KernelExports) => void])[] = [
  ['fresh memory', () => undefined],
  ['memory used up to its end', ({ store_u8 }) => store_u8(PAGE - 1n, 0)],
  ['memory with a block', ({ alloc }) => alloc(1000n)],
];

for (const [state, prepare] of states) {
  for (const [offset, byte, word] of offsets) {
    access(
      `in ${state} a byte at ${offset} is ${byte ? 'kept' : 'ignored'}, a word is ${word ? 'kept' : 'ignored'}`,
      () => {
        const { exports } = createKernel();
        prepare(exports);
        const before = new Uint8Array(exports.memory.buffer).slice();
        exports.store_u8(offset, 0x1ff);
        assert.is(exports.load_u8(offset), byte ? 0xff : 0);
        exports.store_u8(offset, 0);
        exports.store_u64(offset, WORD);
        assert.is(exports.load_u64(offset), word ? WORD : 0n);
        assert.is(exports.load_u8(offset), word ? 1 : 0);
        exports.store_u64(offset, 0n);
        assert.equal(new Uint8Array(exports.memory.buffer), before);
      },
    );
  }
}

access('words are little-endian i64', () => {
  const { store_u64, load_u64, load_u8, memory } = createKernel().exports;
  store_u64(5000n, 0xfedcba9876543210n);
  assert.equal([...new Uint8Array(memory.buffer, 5000, 8)], [0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe]);
  assert.is(BigInt.asUintN(64, load_u64(5000n)), 0xfedcba9876543210n);
  assert.is(load_u8(5007n), 0xfe);
});

access('store_u8 keeps the low eight bits', () => {
  const { store_u8, load_u8, load_u64 } = createKernel().exports;
  for (const [value, kept] of [
    [0x100, 0],
    [-1, 255],
    [0x7fffff80, 128],
  ] as const) {
    store_u8(5000n, value);
    assert.is(load_u8(5000n), kept);
    assert.is(load_u64(5000n), BigInt(kept));
  }
});

access('a word may reach beyond the bytes that were used before', () => {
  const { store_u8, store_u64, load_u64, load_u8 } = createKernel().exports;
  store_u8(5000n, 1);
  assert.is(load_u64(4997n), 1n << 24n);
  assert.is(load_u64(5001n), 0n);
  store_u64(4998n, WORD);
  assert.is(load_u64(4998n), WORD);
  assert.is(load_u8(5005n), 8);
});

for (let used = 1n; used <= 8n; used++) {
  access(`reset zeroes a word that was stored where only ${used} bytes were used`, () => {
    const { store_u8, store_u64, load_u8, reset, memory } = createKernel().exports;
    store_u8(START + used - 1n, 1);
    store_u64(START, WORD);
    assert.is(load_u8(START + 7n), 8);
    reset();
    assert.ok(new Uint8Array(memory.buffer, Number(START)).every((byte) => byte === 0));
    store_u64(START, WORD);
    assert.is(load_u8(START + 7n), 8);
  });
}

access('bounds grow with memory', () => {
  const { alloc, load_u8, store_u8, store_u64, load_u64, memory_bytes } = createKernel().exports;
  assert.is(memory_bytes(), PAGE);
  store_u8(PAGE, 1);
  alloc(PAGE);
  assert.is(memory_bytes(), 2n * PAGE);
  assert.is(load_u8(PAGE), 0);
  store_u8(2n * PAGE - 1n, 9);
  assert.is(load_u8(2n * PAGE - 1n), 9);
  store_u64(PAGE - 4n, WORD);
  assert.is(load_u64(PAGE - 4n), WORD);
});

access('stores do to the memory what they do to an array', () => {
  const offset = fc.oneof(fc.bigInt({ min: 2030n, max: 2120n }), fc.bigInt({ min: PAGE - 20n, max: PAGE + 5n }));
  const store = fc.record({ offset, word: fc.boolean(), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) });
  fc.assert(
    fc.property(fc.array(store, { maxLength: 30 }), (stores) => {
      const { exports } = createKernel();
      const model = new Uint8Array(Number(PAGE));
      for (const { offset: at, word, value } of stores) {
        const size = word ? 8n : 1n;
        if (word) exports.store_u64(at, value);
        else exports.store_u8(at, Number(value & 0xffn));
        if (at < START || at + size > PAGE) continue;
        for (let index = 0n; index < size; index++) model[Number(at + index)] = Number((value >> (8n * index)) & 0xffn);
      }
      assert.equal(new Uint8Array(exports.memory.buffer, Number(START)), model.subarray(Number(START)));
      for (const { offset: at } of stores) assert.is(exports.load_u8(at), at < START ? 0 : (model[Number(at)] ?? 0));
      exports.reset();
      assert.ok(new Uint8Array(exports.memory.buffer, Number(START)).every((byte) => byte === 0));
    }),
    { numRuns: 200 },
  );
});

access.run();
