import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitKernelModule } from '../../../src/kernel/emit.ts';
import { createKernel, Kernel, type KernelExports } from '../../../src/kernel/kernel.ts';

const allocator = suite('allocator');

const PAGE = 65_536n;

/** Blocks of a size, all at once: their handles in the order in which they were made. */
const blocksOf = ({ alloc }: KernelExports, count: number, size: (index: number) => number): bigint[] =>
  Array.from({ length: count }, (_, index) => alloc(BigInt(size(index))));

allocator('a block has the length asked for, whatever it is rounded to', () => {
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
  allocator(`alloc ${size} gives 0, and changes nothing`, () => {
    const { alloc, length, memory_bytes } = createKernel().exports;
    const before = alloc(10n);
    assert.is(alloc(size), 0n);
    assert.is(memory_bytes(), PAGE);
    assert.is(length(before), 10n);
    assert.is(alloc(10n), before + 16n);
  });
}

allocator('a length that rounds up to 2^32 does not get a freed block of the smallest size', () => {
  const { alloc, free, length } = createKernel().exports;
  const block = alloc(16n);
  free(block);
  assert.is(alloc(0xe0000001n), 0n);
  assert.is(length(block), 0n);
});

allocator('a freed block serves what it has room for, and nothing longer', () => {
  const { alloc, free } = createKernel().exports;
  const capacities = [16n, 32n, 48n, 64n, 80n, 96n, 112n, 128n, 160n, 192n, 224n, 256n, 320n, 384n, 448n, 512n, 640n];
  for (const capacity of capacities) {
    const block = alloc(capacity);
    free(block);
    const longer = alloc(capacity + 1n);
    assert.is.not(longer, block, `${capacity} bytes`);
    assert.is(alloc(capacity), block, `${capacity} bytes`);
    free(longer);
  }
});

/** A kernel whose memory cannot grow, with no budget that would end the call. */
function exhaustedKernel(): KernelExports {
  const kernel = new Kernel();
  const javascript = { ...kernel.imports, take_pages: () => 0 };
  kernel.bind(new WebAssembly.Instance(new WebAssembly.Module(emitKernelModule()), { javascript }).exports);
  return kernel.exports;
}

allocator('when memory cannot grow: 0, until a larger block is free; that one serves, of whatever size class', () => {
  for (const larger of [33n, 1000n, 30_000n]) {
    const { alloc, free, length, memory_bytes } = exhaustedKernel();
    const block = alloc(larger);
    for (let size = 16_384n; size >= 16n; size /= 2n) {
      for (let made = alloc(size); made !== 0n; made = alloc(size)) assert.ok(made + size <= PAGE, `${made} + ${size}`);
    }
    assert.is(alloc(17n), 0n);
    assert.is(memory_bytes(), PAGE);
    free(block);
    assert.is(alloc(17n), block);
    assert.is(length(block), 17n);
    assert.is(alloc(17n), 0n);
  }
});

allocator('when the block table cannot grow it takes no entry more, though there is room for a block', () => {
  const exports = exhaustedKernel();
  const handles = blocksOf(exports, 96, () => 600);
  assert.ok(handles.every((handle) => handle > 0n));
  // Room for this one, none for a table of twice the size.
  const rest = PAGE - ((handles[95] ?? 0n) + 640n);
  assert.ok(rest >= 16n && rest < 3072n, String(rest));
  assert.is(exports.alloc(16n), 0n);
  assert.ok(handles.every((handle) => exports.length(handle) === 600n));
});

allocator('blocks do not overlap', () => {
  const { exports } = createKernel();
  const sizes = (index: number): number => (index * 37) % 100 || 1;
  const handles = blocksOf(exports, 500, sizes);
  for (const [index, handle] of handles.entries()) {
    const next = handles[index + 1];
    if (next !== undefined) assert.ok(handle + BigInt(sizes(index)) <= next);
  }
});

allocator('a freed block has no length, and is used again', () => {
  const { alloc, free, length, memory_bytes } = createKernel().exports;
  const first = alloc(100n);
  alloc(1n);
  free(first);
  assert.is(length(first), 0n);
  const second = alloc(97n);
  assert.is(second, first);
  assert.is(length(second), 97n);
  for (let round = 0; round < 20_000; round++) free(alloc(1000n));
  assert.is(memory_bytes(), PAGE);
});

allocator('sizes of a workload that comes and goes take no more memory the second time', () => {
  const { exports } = createKernel();
  const sizes = (index: number): number => 1 + ((index * 7919) % 3000);
  const round = (): bigint => {
    for (const handle of blocksOf(exports, 500, sizes)) exports.free(handle);
    return exports.memory_bytes();
  };
  const after = round();
  for (let count = 0; count < 20; count++) assert.is(round(), after);
});

allocator('freeing twice frees once', () => {
  const { alloc, free, length } = createKernel().exports;
  const handle = alloc(50n);
  free(handle);
  free(handle);
  const [one, two] = [alloc(50n), alloc(50n)];
  assert.is(one, handle);
  assert.is.not(two, one);
  assert.equal([length(one), length(two)], [50n, 50n]);
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

allocator('a block of the size that the input had does not become the input', () => {
  const kernel = createKernel();
  kernel.begin('abc');
  const { free, alloc, input_length, input_offset, input_load_u8, store_u8 } = kernel.exports;
  const input = input_offset();
  free(input);
  assert.is(alloc(3n), input);
  store_u8(input, 0x78);
  assert.is(input_length(), 0n);
  assert.is(input_load_u8(0n), 0);
});

/** How the block table grows: it holds 96 entries at first, and moves to twice its size whenever it is full. */
const counts = [95, 96, 97, 191, 192, 193, 385, 5000, 50_000] as const;
for (const count of counts) {
  allocator(`${count} blocks all have their lengths, before and after half are freed`, () => {
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

allocator('freed blocks are found again after the block table moved', () => {
  const { exports } = createKernel();
  const handles = blocksOf(exports, 96, () => 40);
  for (const handle of handles.slice(0, 50)) exports.free(handle);
  // Larger ones, which no freed block can hold: the table moves.
  const larger = blocksOf(exports, 10, () => 200);
  const again = blocksOf(exports, 50, () => 40);
  assert.equal([...again].sort(), handles.slice(0, 50).sort());
  assert.ok(larger.every((handle) => exports.length(handle) === 200n));
});

/** Where the block table stands after so many blocks of 16 bytes: between the blocks that were made before and after it moved. */
function movedTable(
  exports: KernelExports,
  count: number,
): { readonly start: bigint; readonly end: bigint; readonly blocks: bigint[] } {
  const blocks = blocksOf(exports, count, () => 16);
  const gaps = blocks.flatMap((handle, index) => {
    const next = blocks[index + 1];
    return next === undefined || next === handle + 16n ? [] : [[handle + 16n, next] as const];
  });
  const [start, end] = gaps.at(-1) ?? [0n, 0n];
  return { start, end, blocks };
}

for (const [moves, count] of [
  [0, 96],
  [1, 97],
  [2, 193],
  [4, 1000],
] as const) {
  allocator(`no store reaches the block table when it has moved ${moves} times`, () => {
    const { exports } = createKernel();
    const { start, end, blocks } =
      moves === 0 ? { ...movedTable(exports, count), start: 0n, end: 2048n } : movedTable(exports, count);
    if (moves > 0) assert.is(end - start, BigInt(96 * 2 ** moves * 16));
    const before = new Uint8Array(exports.memory.buffer, Number(start), Number(end - start)).slice();
    for (let at = start; at < end; at++) exports.store_u8(at, 0xff);
    for (let at = start; at < end; at++) exports.store_u64(at, -1n);
    for (let back = 1n; back <= 7n && moves > 0; back++) exports.store_u64(start - back, -1n);
    assert.equal(new Uint8Array(exports.memory.buffer, Number(start), Number(end - start)), before);
    assert.ok(blocks.every((handle) => exports.length(handle) === 16n));
    assert.is(exports.length(exports.alloc(33n)), 33n);
    if (moves === 0) return;
    // The bytes right before and after the table are the plugin's.
    exports.store_u64(start - 8n, 0x1122334455667788n);
    exports.store_u64(end, 0x1122334455667788n);
    assert.equal([exports.load_u64(start - 8n), exports.load_u64(end)], [0x1122334455667788n, 0x1122334455667788n]);
  });
}

allocator('where the block table stood before it moved, stores are harmless', () => {
  const { exports } = createKernel();
  const first = movedTable(exports, 97);
  const more = blocksOf(exports, 200, () => 16);
  for (let at = first.start; at < first.end; at++) exports.store_u8(at, 0xff);
  assert.is(exports.load_u8(first.start), 0xff);
  assert.ok([...first.blocks, ...more].every((handle) => exports.length(handle) === 16n));
});

allocator('stores that look like metadata around a block change no length', () => {
  const { alloc, length, store_u64, free } = createKernel().exports;
  const [before, middle, after] = [alloc(16n), alloc(20n), alloc(16n)];
  for (let at = middle - 64n; at < middle + 64n; at += 8n) store_u64(at, (1n << 32n) | 0x7fffffffn);
  assert.equal([length(before), length(middle), length(after)], [16n, 20n, 16n]);
  free(middle);
  assert.is(alloc(20n), middle);
  assert.equal([length(before), length(middle), length(after)], [16n, 20n, 16n]);
});

allocator('reset drops all blocks and zeroes all that was used, in blocks and beyond', () => {
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
  // It begins anew, at the same place.
  assert.is(exports.alloc(24n), handles[0]);
});

allocator('reset forgets freed blocks too', () => {
  const { exports } = createKernel();
  const [first, second] = [exports.alloc(16n), exports.alloc(16n)];
  exports.free(second);
  exports.reset();
  assert.equal([exports.alloc(16n), exports.alloc(16n)], [first, second]);
});

/** What the allocator is held against: the live blocks, with their contents. */
type Model = Map<bigint, Uint8Array>;
type Command = fc.Command<Model, KernelExports>;

const contentsOf = (exports: KernelExports, handle: bigint, length: number): Uint8Array =>
  new Uint8Array(exports.memory.buffer, Number(handle), length).slice();

const pick = (model: Model, at: number): bigint => [...model.keys()][at % model.size] ?? 0n;

class Alloc implements Command {
  readonly size: number;
  constructor(size: number) {
    this.size = size;
  }
  check = (): boolean => true;
  run(model: Model, exports: KernelExports): void {
    const handle = exports.alloc(BigInt(this.size));
    const end = handle + BigInt(this.size);
    assert.ok(handle >= 2048n && end <= exports.memory_bytes());
    for (const [other, bytes] of model) assert.ok(end <= other || other + BigInt(bytes.length) <= handle);
    model.set(handle, contentsOf(exports, handle, this.size));
  }
  toString = (): string => `alloc(${this.size})`;
}

class Free implements Command {
  readonly at: number;
  /** 0 frees the block, anything else a place within it, which is ignored. */
  readonly inside: number;
  constructor(at: number, inside: number) {
    this.at = at;
    this.inside = inside;
  }
  check = (model: Readonly<Model>): boolean => model.size > 0;
  run(model: Model, exports: KernelExports): void {
    const handle = pick(model, this.at);
    const within = BigInt(this.inside % (model.get(handle)?.length ?? 1));
    exports.free(handle + within);
    if (within > 0n) return;
    model.delete(handle);
    assert.is(exports.length(handle), 0n);
    exports.free(handle);
  }
  toString = (): string => `free(#${this.at}, +${this.inside})`;
}

class Fill implements Command {
  readonly at: number;
  readonly byte: number;
  constructor(at: number, byte: number) {
    this.at = at;
    this.byte = byte;
  }
  check = (model: Readonly<Model>): boolean => model.size > 0;
  run(model: Model, exports: KernelExports): void {
    const handle = pick(model, this.at);
    const bytes = model.get(handle);
    if (bytes === undefined) return;
    const word = BigInt(this.byte) * 0x0101010101010101n;
    let index = 0;
    for (; index + 8 <= bytes.length; index += 8) exports.store_u64(handle + BigInt(index), word);
    for (; index < bytes.length; index++) exports.store_u8(handle + BigInt(index), this.byte);
    bytes.fill(this.byte);
  }
  toString = (): string => `fill(#${this.at}, ${this.byte})`;
}

/** A store anywhere that is in no live block: it may land in the kernel's own bytes, and must change nothing of the blocks. */
class Wild implements Command {
  readonly offset: bigint;
  constructor(offset: bigint) {
    this.offset = offset;
  }
  check = (model: Readonly<Model>): boolean =>
    [...model].every(([handle, bytes]) => this.offset + 8n <= handle || handle + BigInt(bytes.length) <= this.offset);
  run(_: Model, exports: KernelExports): void {
    exports.store_u64(this.offset, 0x0000001000000800n);
    exports.store_u8(this.offset, 0xff);
  }
  toString = (): string => `wild(${this.offset})`;
}

class Reset implements Command {
  check = (): boolean => true;
  run(model: Model, exports: KernelExports): void {
    exports.reset();
    for (const handle of model.keys()) assert.is(exports.length(handle), 0n);
    assert.ok(new Uint8Array(exports.memory.buffer, 2048).every((byte) => byte === 0));
    model.clear();
  }
  toString = (): string => 'reset()';
}

/** After every command: all lengths and contents. */
class Verified implements Command {
  readonly command: Command;
  constructor(command: Command) {
    this.command = command;
  }
  check = (model: Readonly<Model>): boolean => this.command.check(model);
  run(model: Model, exports: KernelExports): void {
    this.command.run(model, exports);
    for (const [handle, bytes] of model) {
      assert.is(exports.length(handle), BigInt(bytes.length));
      assert.equal(contentsOf(exports, handle, bytes.length), bytes);
      assert.is(exports.length(handle + 1n), 0n);
    }
  }
  toString = (): string => this.command.toString();
}

allocator('any sequence of commands: blocks live apart, keep their length and their contents', () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 64 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 60_000, max: 140_000 }),
  );
  const place = fc.oneof(fc.integer({ min: 0, max: 8000 }), fc.integer({ min: 0, max: 70_000 }));
  const weighted = fc.oneof(
    { weight: 6, arbitrary: size.map((bytes) => new Alloc(bytes)) },
    {
      weight: 4,
      arbitrary: fc.tuple(fc.nat(1000), fc.constantFrom(0, 0, 0, 1, 16)).map(([at, inside]) => new Free(at, inside)),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 255 })).map(([at, byte]) => new Fill(at, byte)),
    },
    { weight: 3, arbitrary: place.map((offset) => new Wild(BigInt(offset))) },
    { weight: 1, arbitrary: fc.constant(new Reset()) },
  );
  fc.assert(
    fc.property(fc.commands([weighted.map((command) => new Verified(command))], { maxCommands: 60 }), (commands) => {
      fc.modelRun(() => ({ model: new Map<bigint, Uint8Array>(), real: createKernel().exports }), commands);
    }),
    { numRuns: 60 },
  );
});

allocator('the same with so many small blocks that the block table moves', () => {
  const weighted = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 40 }).map((bytes) => new Alloc(bytes)) },
    { weight: 2, arbitrary: fc.nat(1000).map((at) => new Free(at, 0)) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 16_000 }).map((offset) => new Wild(BigInt(offset))) },
  );
  const many = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 90, maxLength: 200 });
  fc.assert(
    fc.property(
      many,
      fc.commands([weighted.map((command) => new Verified(command))], { maxCommands: 40 }),
      (sizes, commands) => {
        const { exports } = createKernel();
        const model: Model = new Map();
        for (const bytes of sizes) new Alloc(bytes).run(model, exports);
        fc.modelRun(() => ({ model, real: exports }), commands);
      },
    ),
    { numRuns: 30 },
  );
});

allocator.run();
