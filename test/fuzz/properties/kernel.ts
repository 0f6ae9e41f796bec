import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createKernel, type KernelExports } from '../../../src/kernel/index.ts';
import { property } from './property.ts';

/**
 * A handle: the start of the allocated block number `block` modulo their count, plus `plus`; or a
 * number.
 */
type Handle = { readonly block: number; readonly plus: number } | bigint;

/** A call of a kernel function by the plugin. */
type Call =
  | { readonly call: 'alloc'; readonly bytes: number }
  | {
      readonly call: 'free' | 'length' | 'length_unsafe' | 'error_set' | 'var_get' | 'config_get' | 'log_info';
      readonly handle: Handle;
    }
  | {
      readonly call: 'store_u8' | 'store_u64' | 'load_u8' | 'load_u64';
      readonly handle: Handle;
      readonly value: number;
    }
  | { readonly call: 'output_set' | 'input_set'; readonly handle: Handle; readonly length: bigint }
  | { readonly call: 'var_set'; readonly handle: Handle; readonly value: Handle }
  | { readonly call: 'input_load_u8' | 'input_load_u64'; readonly index: bigint }
  | { readonly call: 'reset' };

/** A call of a kernel function, or the beginning of another call of the plugin. */
type Step = Call | { readonly call: 'begin'; readonly input: Uint8Array };

const wild = fc.constantFrom(
  ...[0n, 1n, 512n, 2047n, 2048n, 2049n, 65_528n, 65_535n, 65_536n, 131_072n],
  ...[2n ** 32n - 8n, 2n ** 32n, 2n ** 32n + 2048n, 2n ** 63n - 1n, -(2n ** 63n), -8n, -1n],
);
const handle: fc.Arbitrary<Handle> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ block: fc.nat(60), plus: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ block: fc.nat(60), plus: fc.integer({ min: -9, max: 70 }) }) },
  { weight: 1, arbitrary: wild },
);
const long = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), wild);
const size = fc.oneof(fc.nat(80), fc.nat(5_000), fc.integer({ min: 60_000, max: 140_000 }), fc.constant(0xffff_ffff));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ call: fc.constant('alloc'), bytes: size }) },
  {
    weight: 6,
    arbitrary: fc.record({
      call: fc.constantFrom(
        'free',
        'free',
        'length',
        'length_unsafe',
        'error_set',
        'var_get',
        'config_get',
        'log_info',
      ),
      handle,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      call: fc.constantFrom('store_u8', 'store_u64', 'load_u8', 'load_u64'),
      handle,
      value: fc.nat(255),
    }),
  },
  { weight: 2, arbitrary: fc.record({ call: fc.constantFrom('output_set', 'input_set'), handle, length: long }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('var_set'), handle, value: handle }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constantFrom('input_load_u8', 'input_load_u64'), index: long }) },
  { weight: 1, arbitrary: fc.constant({ call: 'reset' } as const) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('begin'), input: fc.uint8Array({ maxLength: 40 }) }) },
);

/**
 * The model of a kernel: live blocks with their bytes, and variables. It does not define bytes
 * outside of live blocks.
 */
class Model {
  readonly blocks = new Map<bigint, Uint8Array>();
  /** Every handle that was ever returned. */
  readonly given: bigint[] = [];
  readonly variables = new Map<string, Uint8Array>();

  resolve(found: Handle): bigint {
    if (typeof found === 'bigint') return found;
    const start = this.given[found.block % Math.max(1, this.given.length)] ?? 0n;
    return start + BigInt(found.plus);
  }

  forget(): void {
    this.blocks.clear();
    this.given.length = 0;
  }

  /** The live block that a range overlaps, and the position of the range in it. */
  write(offset: bigint, bytes: readonly number[]): void {
    bytes.forEach((byte, index) => {
      const at = BigInt.asUintN(64, offset) + BigInt(index);
      for (const [start, block] of this.blocks) {
        if (at >= start && at < start + BigInt(block.length)) block[Number(at - start)] = byte;
      }
    });
  }
}

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function keyOf(block: Uint8Array | undefined): string | undefined {
  try {
    return block === undefined ? undefined : text.decode(block);
  } catch {
    return undefined;
  }
}

/** A kernel and its model. Each step runs on both. */
class Run {
  readonly #kernel = createKernel({ config: { '': 'empty' }, logLevel: 'info', maxVarBytes: 4_000 });
  readonly #model = new Model();

  get #exports(): KernelExports {
    return this.#kernel.exports;
  }

  /** Runs one step, and compares everything. */
  take(one: Step): void {
    if (one.call === 'begin') this.#begin(one.input);
    else if (!this.#tries(() => this.#apply(one))) this.#begin(new Uint8Array());
    this.#verify();
  }

  #begin(input: Uint8Array): void {
    this.#model.forget();
    assert.ok(this.#kernel.begin(input), 'there is room for the input');
    const start = this.#exports.input_offset();
    if (input.length > 0) this.#addBlock(start, input.length);
    assert.equal(this.#bytes(start, input.length), input);
  }

  /** Whether a step returned. A kernel function that fails traps, and its error says why. */
  #tries(run: () => void): boolean {
    try {
      run();
      assert.is(this.#kernel.failure, undefined);
      return true;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      assert.is(this.#kernel.failure?.kind, 'KernelFunction', String(error));
      return false;
    }
  }

  #apply(one: Call): void {
    const resolve = (found: Handle): bigint => this.#model.resolve(found);
    switch (one.call) {
      case 'alloc':
        this.#alloc(one.bytes);
        break;
      case 'free':
        this.#exports.free(resolve(one.handle));
        this.#model.blocks.delete(resolve(one.handle));
        break;
      case 'length':
      case 'length_unsafe': {
        const expected = this.#model.blocks.get(resolve(one.handle))?.length ?? 0;
        assert.is(this.#exports[one.call](resolve(one.handle)), BigInt(expected));
        break;
      }
      case 'error_set':
        this.#exports.error_set(resolve(one.handle));
        break;
      case 'log_info':
        this.#consuming(resolve(one.handle), (block) => this.#exports.log_info(block));
        break;
      case 'config_get':
        this.#consuming(resolve(one.handle), (key) => this.#own(this.#exports.config_get(key)));
        break;
      case 'var_get':
        this.#varGet(resolve(one.handle));
        break;
      case 'var_set':
        this.#varSet(resolve(one.handle), resolve(one.value));
        break;
      case 'store_u8':
        this.#exports.store_u8(resolve(one.handle), one.value + 256);
        this.#model.write(resolve(one.handle), [one.value]);
        break;
      case 'store_u64': {
        this.#exports.store_u64(resolve(one.handle), BigInt(one.value) * 0x0101010101010101n);
        // A store stores nothing if any of its bytes is out of bounds or in a header.
        this.#model.write(resolve(one.handle), this.#wordAt(resolve(one.handle)));
        break;
      }
      case 'load_u8':
        assert.ok(this.#exports.load_u8(resolve(one.handle)) <= 255);
        break;
      case 'load_u64':
        this.#exports.load_u64(resolve(one.handle));
        break;
      case 'output_set':
      case 'input_set':
        this.#exports[one.call](resolve(one.handle), one.length);
        break;
      case 'input_load_u8':
      case 'input_load_u64': {
        const value = this.#exports[one.call](one.index);
        if (BigInt.asUintN(64, one.index) >= this.#exports.input_length()) assert.is(Number(value), 0);
        break;
      }
      case 'reset':
        this.#exports.reset();
        this.#model.forget();
        break;
    }
  }

  /** Those of eight bytes that are in bounds, after a store. */
  #wordAt(offset: bigint): number[] {
    const at = BigInt.asUintN(64, offset);
    if (at + 8n > BigInt(this.#exports.memory.buffer.byteLength)) return [];
    return [...this.#bytes(at, 8)];
  }

  #alloc(bytes: number): void {
    const block = this.#exports.alloc(BigInt(bytes));
    if (bytes === 0 || bytes === 0xffff_ffff) assert.is(block, 0n);
    else this.#addBlock(block, bytes);
  }

  /** Checks that a new block is in memory and does not overlap another. */
  #addBlock(start: bigint, length: number): void {
    const end = start + BigInt(length);
    assert.ok(
      start >= 2048n && end <= this.#exports.memory_bytes(),
      `${start}, ${length} bytes long, is in the memory`,
    );
    for (const [other, bytes] of this.#model.blocks) {
      assert.ok(end <= other || other + BigInt(bytes.length) <= start, `${start} and ${other} overlap`);
    }
    this.#model.given.push(start);
    this.#model.blocks.set(start, this.#bytes(start, length));
  }

  /** Checks a block that a kernel function made. */
  #own(start: bigint): void {
    if (start !== 0n) this.#addBlock(start, Number(this.#exports.length(start)));
  }

  /** Checks a function that frees its argument: it refuses every argument except a block and 0. */
  #consuming(start: bigint, call: (block: bigint) => void): void {
    const known = start === 0n || this.#model.blocks.has(start);
    this.#model.blocks.delete(start);
    call(start);
    assert.ok(known, `${start} is accepted, but is not a block`);
  }

  #varGet(start: bigint): void {
    const key = keyOf(start === 0n ? new Uint8Array() : this.#model.blocks.get(start));
    this.#consuming(start, (block) => {
      const value = this.#exports.var_get(block);
      const expected = key === undefined ? undefined : this.#model.variables.get(key);
      assert.is(value === 0n, expected === undefined || expected.length === 0);
      this.#own(value);
      if (value !== 0n && expected !== undefined) assert.equal(this.#bytes(value, expected.length), expected);
    });
  }

  #varSet(start: bigint, valueStart: bigint): void {
    const key = keyOf(start === 0n ? new Uint8Array() : this.#model.blocks.get(start));
    const value = this.#model.blocks.get(valueStart)?.slice();
    this.#exports.var_set(start, valueStart);
    assert.ok(key !== undefined && (valueStart === 0n || value !== undefined), 'only blocks are accepted');
    this.#model.blocks.delete(start);
    this.#model.blocks.delete(valueStart);
    if (key === undefined) return;
    if (value === undefined) this.#model.variables.delete(key);
    else this.#model.variables.set(key, value);
  }

  #bytes(start: bigint, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, Number(start), length).slice();
  }

  /**
   * Checks that every block keeps its start, length and bytes, and that output and error are in
   * bounds.
   */
  #verify(): void {
    for (const [start, bytes] of this.#model.blocks) {
      assert.is(this.#exports.length(start), BigInt(bytes.length), `the length of ${start}`);
      assert.equal(this.#bytes(start, bytes.length), bytes, `the bytes of ${start}`);
    }
    const total = this.#exports.memory_bytes();
    const [output, input] = [this.#exports.output_offset(), this.#exports.input_offset()];
    assert.ok(output >= 0n && output + this.#exports.output_length() <= total, 'the output is in bounds');
    assert.ok(input >= 0n && input + this.#exports.input_length() <= total, 'the input is in bounds');
    this.#kernel.errorMessage();
  }
}

/**
 * For any calls with any arguments, blocks do not overlap and keep their bytes, and every failure
 * says why.
 */
export const kernel = property<readonly Step[]>({
  name: 'kernel',
  oracle: 'a model of blocks and variables',
  values: fc.array(step, { maxLength: 80 }),
  check: (steps) => {
    const run = new Run();
    for (const one of steps) run.take(one);
  },
});
