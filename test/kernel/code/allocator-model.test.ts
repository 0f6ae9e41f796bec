import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KernelExports } from '../../../src/kernel/kernel.ts';
import { heapOf, kernelOfPages } from '../../support/kernel-blocks.ts';

const model = suite('allocator and its model');

/** The model of the allocator: the live blocks, with their contents. */
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
    // The memory is full, and no freed block is large enough.
    if (handle === 0n) return;
    const end = handle + BigInt(this.size);
    assert.ok(handle >= 2048n && end <= exports.memory_bytes());
    for (const [other, bytes] of model) assert.ok(end <= other || other + BigInt(bytes.length) <= handle);
    model.set(handle, contentsOf(exports, handle, this.size));
  }
  toString = (): string => `alloc(${this.size})`;
}

class Free implements Command {
  readonly at: number;
  /** 0 frees the block. Anything else is an offset within it, which `free` ignores. */
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

/** A store outside live blocks. It may meet headers and maps, and must not change any block. */
class Wild implements Command {
  readonly offset: bigint;
  constructor(offset: bigint) {
    this.offset = offset;
  }
  check = (model: Readonly<Model>): boolean =>
    [...model].every(([handle, bytes]) => this.offset + 8n <= handle || handle + BigInt(bytes.length) <= this.offset);
  run(_: Model, exports: KernelExports): void {
    exports.store_u64(this.offset, 0x0000002100000021n);
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

/** After every command: all lengths and contents, and all headers. */
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
    assert.is(heapOf(exports).filter(({ state }) => state === 'live').length, model.size);
  }
  toString = (): string => this.command.toString();
}

for (const pages of [0, 3, 1000]) {
  model(
    `any sequence of commands, with ${pages} pages to grow by: blocks live apart, keep their length and their contents`,
    () => {
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
          arbitrary: fc
            .tuple(fc.nat(1000), fc.constantFrom(0, 0, 0, 1, 16))
            .map(([at, inside]) => new Free(at, inside)),
        },
        {
          weight: 2,
          arbitrary: fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 255 })).map(([at, byte]) => new Fill(at, byte)),
        },
        { weight: 3, arbitrary: place.map((offset) => new Wild(BigInt(offset))) },
        { weight: 1, arbitrary: fc.constant(new Reset()) },
      );
      fc.assert(
        fc.property(
          fc.commands([weighted.map((command) => new Verified(command))], { maxCommands: 60 }),
          (commands) => {
            fc.modelRun(() => ({ model: new Map<bigint, Uint8Array>(), real: kernelOfPages(pages) }), commands);
          },
        ),
        { numRuns: 30 },
      );
    },
  );
}

model('the allocator does what the model does, in memory full of small blocks', () => {
  const weighted = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 200 }).map((bytes) => new Alloc(bytes)) },
    { weight: 6, arbitrary: fc.nat(1000).map((at) => new Free(at, 0)) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 66_000 }).map((offset) => new Wild(BigInt(offset))) },
  );
  const many = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 100, maxLength: 300 });
  fc.assert(
    fc.property(
      many,
      fc.commands([weighted.map((command) => new Verified(command))], { maxCommands: 80 }),
      (sizes, commands) => {
        const exports = kernelOfPages(0);
        const blocks: Model = new Map();
        for (const bytes of sizes) new Alloc(bytes).run(blocks, exports);
        fc.modelRun(() => ({ model: blocks, real: exports }), commands);
      },
    ),
    { numRuns: 40 },
  );
});

model.run();
