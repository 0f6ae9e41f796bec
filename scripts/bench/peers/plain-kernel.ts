import { kernelFunctionNames } from '../../../src/kernel/index.ts';
import { type Host, plainRequest, plainResponse } from './host.ts';

const PAGE = 65_536;
/** Before it nothing is allocated, so that no block has the handle 0. */
const START = 16;

/**
 * The kernel as a first try would write it: one growing array, and JavaScript functions that
 * plugins import as they are.
 */
class PlainKernel {
  #bytes = new Uint8Array(PAGE);
  #view = new DataView(this.#bytes.buffer);
  #blocks = new Map<number, number>();
  readonly #freed = new Map<number, number[]>();
  readonly #variables = new Map<string, Uint8Array>();
  #top = START;
  #input = { offset: 0, length: 0 };
  #output = { offset: 0, length: 0 };
  #error = 0;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  begin(input: string): void {
    this.#bytes.fill(0, 0, this.#top);
    this.#blocks.clear();
    this.#freed.clear();
    this.#top = START;
    this.#output = { offset: 0, length: 0 };
    this.#error = 0;
    const bytes = this.#encoder.encode(input);
    this.#input = { offset: this.#write(bytes), length: bytes.length };
  }

  output(): string {
    if (this.#error !== 0) throw new Error(this.#text(BigInt(this.#error)));
    const { offset, length } = this.#output;
    return this.#decoder.decode(this.#bytes.subarray(offset, offset + length));
  }

  #alloc(length: number): number {
    if (length === 0) return 0;
    const again = this.#freed.get(length)?.pop();
    const start = again ?? this.#top;
    if (again === undefined) this.#top += Math.ceil(length / 8) * 8;
    if (this.#top > this.#bytes.length) this.#grow();
    this.#blocks.set(start, length);
    return start;
  }

  #grow(): void {
    const bytes = new Uint8Array(Math.max(this.#top, this.#bytes.length * 2));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  #free(handle: bigint): void {
    const start = Number(handle);
    const length = this.#blocks.get(start);
    if (length === undefined || !this.#blocks.delete(start)) return;
    const list = this.#freed.get(length) ?? [];
    list.push(start);
    this.#freed.set(length, list);
  }

  #write(bytes: Uint8Array): number {
    const start = this.#alloc(bytes.length);
    if (start !== 0) this.#bytes.set(bytes, start);
    return start;
  }

  #block(handle: bigint): Uint8Array {
    const start = Number(handle);
    return this.#bytes.subarray(start, start + (this.#blocks.get(start) ?? 0));
  }

  #text(handle: bigint): string {
    return this.#decoder.decode(this.#block(handle));
  }

  /** What it provides of `extism:host/env`; the rest answers 0. */
  readonly functions: Readonly<Record<string, (...args: never[]) => bigint | number | undefined>> = {
    ...Object.fromEntries(kernelFunctionNames.map((name) => [name, () => 0n])),
    alloc: (length: bigint) => BigInt(this.#alloc(Number(length))),
    free: (handle: bigint) => void this.#free(handle),
    length: (handle: bigint) => BigInt(this.#blocks.get(Number(handle)) ?? 0),
    length_unsafe: (handle: bigint) => BigInt(this.#blocks.get(Number(handle)) ?? 0),
    load_u8: (offset: bigint) => this.#bytes[Number(offset)] ?? 0,
    load_u64: (offset: bigint) => {
      const at = Number(offset);
      return at + 8 <= this.#bytes.length ? this.#view.getBigUint64(at, true) : 0n;
    },
    store_u8: (offset: bigint, byte: number) => {
      const at = Number(offset);
      if (at < this.#bytes.length) this.#bytes[at] = byte;
      return undefined;
    },
    store_u64: (offset: bigint, word: bigint) => {
      const at = Number(offset);
      if (at + 8 <= this.#bytes.length) this.#view.setBigUint64(at, word, true);
      return undefined;
    },
    input_length: () => BigInt(this.#input.length),
    input_offset: () => BigInt(this.#input.offset),
    input_load_u8: (index: bigint) => {
      const at = Number(index);
      return at < this.#input.length ? (this.#bytes[this.#input.offset + at] ?? 0) : 0;
    },
    input_load_u64: (index: bigint) => {
      const at = Number(index);
      return at + 8 <= this.#input.length ? this.#view.getBigUint64(this.#input.offset + at, true) : 0n;
    },
    output_set: (offset: bigint, length: bigint) => {
      this.#output = { offset: Number(offset), length: Number(length) };
      return undefined;
    },
    error_set: (handle: bigint) => {
      this.#error = Number(handle);
      return undefined;
    },
    var_get: (key: bigint) => {
      const value = this.#variables.get(this.#text(key));
      this.#free(key);
      return value === undefined ? 0n : BigInt(this.#write(value));
    },
    var_set: (key: bigint, value: bigint) => {
      const name = this.#text(key);
      if (value === 0n) this.#variables.delete(name);
      else this.#variables.set(name, this.#block(value).slice());
      this.#free(key);
      this.#free(value);
      return undefined;
    },
    http_status_code: () => 0,
    get_log_level: () => 0x7fffffff,
  };
}

/**
 * Our kernel without WebAssembly of its own: what the emitted one is worth. No limits, no failures
 * but what the engine throws.
 */
export const plainKernel: Host = {
  name: 'plain-kernel',
  title: 'kernel in plain JavaScript',
  cannot: { admission: 'it is a kernel, not a host', many: 'it is a kernel, not a host', 'start-up': 'not a package' },
  open: async (wasm) => {
    const kernel = new PlainKernel();
    const module = new WebAssembly.Module(wasm);
    // Functions of JavaScript are importable as functions of any type.
    const functions = kernel.functions as WebAssembly.ModuleImports;
    const { exports } = new WebAssembly.Instance(module, { 'extism:host/env': functions });
    const callText = (name: string, input: string): string => {
      kernel.begin(input);
      const exported = exports[name];
      if (typeof exported !== 'function') throw new Error(`no export ${name}`);
      if ((exported() ?? 0) !== 0) throw new Error(`${name} failed: ${kernel.output()}`);
      return kernel.output();
    };
    return {
      callTask: (name, input) => () => callText(name, input),
      dispatchTask: (exchange) => () => plainResponse(callText(exchange.fn.name, plainRequest(exchange))),
    };
  },
};
