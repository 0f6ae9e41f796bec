import { reasonOf } from '../failure.ts';
import { hostCalledFunctions, type KernelHostFunctionName, sharedGlobals } from './code/abi.ts';
import {
  FUEL_PER_BYTE,
  type KernelFailure,
  KernelFunctionError,
  type KernelFunctionName,
  type kernelFunctions,
  logLevelNumber,
} from './functions.ts';
import { type Environment, javascriptKernelFunctions } from './javascript-functions.ts';
import { decodeUtf8, KernelMemory } from './memory.ts';
import type { KernelMeter, KernelOptions } from './options.ts';
import { DEFAULT_MAX_VAR_BYTES, Variables } from './variables.ts';

const unmetered: KernelMeter = { takePages: () => true, readClock: () => false };

type TypeOf = { i32: number; i64: bigint; f32: number; f64: number };

/** The JavaScript type of a function in the table. */
type Callable<F> = F extends {
  readonly params: infer P extends readonly { readonly type: keyof TypeOf }[];
  readonly results: infer R extends readonly (keyof TypeOf)[];
}
  ? (
      ...args: { -readonly [I in keyof P]: TypeOf[P[I]['type']] }
    ) => R extends readonly [infer T extends keyof TypeOf] ? TypeOf[T] : void
  : never;

/** Every function of the ABI by its name, with i64 as `bigint`, and the kernel's memory. */
export type KernelExports = { readonly memory: WebAssembly.Memory } & {
  readonly [N in KernelFunctionName]: Callable<(typeof kernelFunctions)[N]>;
};

/**
 * A mutable global of type i32. Not the class of WebAssembly with a type argument: libraries of
 * types for edge workers declare it without one.
 */
interface I32Global {
  value: number;
}

/** What the host uses of every kernel, also of one in a plugin's module. */
interface HostExports extends Pick<KernelExports, 'memory' | (typeof hostCalledFunctions)[number]> {
  begin(inputLength: number): number;
  readonly log_level: I32Global;
  readonly crossing: I32Global;
  readonly failed: I32Global;
}

/** A failure as the guarded functions report it. The kernel adds the reason. */
type ReportedFailure = Pick<Extract<KernelFailure, { kind: 'HostFunction' }>, 'function' | 'thrown'> & {
  readonly kind: KernelFailure['kind'];
};

/**
 * The longest input in bytes: the kernel takes the length in 32 bits, and its memory holds no more.
 */
const INPUT_MAX_BYTES = 0xffff_ffff;

/**
 * Above this size, reading or writing takes a few hundred microseconds, so check the clock first.
 */
const LONG_BYTES = 65_536;

/** The most bytes of an error message that are read. Decoding them takes about 20 ms at worst. */
const ERROR_MAX_BYTES = 1 << 20;

const encoder = new TextEncoder();

/** The globals of an adapter of host functions; see `crossingGlobals`. */
export interface CrossingGlobals {
  readonly crossing: I32Global;
  readonly failed: I32Global;
}

/** The WebAssembly part of a kernel that has an instance. */
interface Bound {
  readonly memory: KernelMemory;
  readonly host: HostExports;
}

/**
 * The JavaScript half of a plugin's kernel: its variables, its log, and how the host passes input
 * and takes output (abi/KERNEL.md). The other half is WebAssembly: in the plugin's own module, or
 * in an instance of the kernel's. The two are bound for each instance.
 */
export class KernelHost {
  readonly variables: Variables;
  /** The JavaScript functions that a module with a linked kernel imports. */
  readonly imports: WebAssembly.ModuleImports;
  readonly #environment: Environment;
  readonly #adapters: CrossingGlobals[] = [];
  readonly #meter: KernelMeter;
  #bound: Bound | undefined;
  #failure: KernelFailure | undefined;
  #inputBytes = 0;

  /** @param options which who makes the kernel has checked. */
  constructor(options: KernelOptions) {
    this.#meter = options.meter ?? unmetered;
    this.variables = new Variables(options.maxVarBytes ?? DEFAULT_MAX_VAR_BYTES);
    const kernel = this;
    this.#environment = {
      get memory() {
        return kernel.memory;
      },
      variables: this.variables,
      config: new Map(Object.entries(options.config ?? {})),
      logLevel: options.logLevel ?? 'off',
      log: options.log ?? (() => undefined),
    };
    this.imports = this.#javascriptFunctions(this.#environment);
  }

  /**
   * Sets the WebAssembly part of the kernel; replaces an earlier one.
   *
   * @param instance the exports of an instance that contains a kernel.
   * @param nameOf maps a name that `emitKernel` wrote to the name under which it is exported.
   */
  bind(instance: WebAssembly.Exports, nameOf: (name: string) => string = (name) => name): void {
    // The same tables emitted the code and declare these types, so the object has exactly the
    // properties of its type.
    const host = exportsNamed(HOST_EXPORTS, instance, nameOf) as unknown as HostExports;
    this.#bound = { host, memory: new KernelMemory(host, (bytes) => this.#spend(bytes)) };
    host.log_level.value = logLevelNumber(this.#environment.logLevel);
  }

  /**
   * Blocks as bytes and text.
   *
   * @throws RangeError if the kernel has no instance yet.
   */
  get memory(): KernelMemory {
    return this.#here.memory;
  }

  get #host(): HostExports {
    return this.#here.host;
  }

  get #here(): Bound {
    if (this.#bound === undefined) throw new RangeError('the kernel has no instance yet');
    return this.#bound;
  }

  /** Adds the globals of an adapter of host functions. */
  adapt(globals: CrossingGlobals): void {
    this.#adapters.push(globals);
  }

  /**
   * Begins a call. Drops the blocks, output, error and failure of the previous call, zeroes their
   * bytes, and writes the input.
   *
   * @param input text, which is encoded as UTF-8, or bytes.
   * @returns false if there is no memory for the input.
   */
  begin(input: string | Uint8Array): boolean {
    this.#failure = undefined;
    this.#inputBytes = 0;
    for (const { crossing, failed } of this.#adapters) {
      crossing.value = 0;
      failed.value = 0;
    }
    return typeof input === 'string' ? this.#beginText(input) : this.#beginBytes(input);
  }

  #beginBytes(input: Uint8Array): boolean {
    // The call zeroes this memory, so copy an input that lies in it, such as a view of the last
    // output. Not with `slice`: for a Node Buffer it returns a view.
    const bytes = input.buffer === this.memory.view.buffer ? new Uint8Array(input) : input;
    if (bytes.length > INPUT_MAX_BYTES) return false;
    const offset = this.#host.begin(bytes.length) >>> 0;
    if (offset === 0) return bytes.length === 0;
    this.memory.view.set(bytes, offset);
    this.#inputBytes = bytes.length;
    return true;
  }

  /**
   * Encodes text straight into kernel memory on the assumption that it is ASCII. Encodes other text
   * a second time, to know its length.
   */
  #beginText(input: string): boolean {
    const offset = this.#host.begin(input.length) >>> 0;
    if (offset === 0) return input.length === 0;
    const { read } = encoder.encodeInto(input, this.memory.view.subarray(offset, offset + input.length));
    if (read !== input.length) return this.#beginBytes(encoder.encode(input));
    this.#inputBytes = read;
    return true;
  }

  /** The bytes of the input of the latest call; 0 if there was no memory for it. */
  get inputBytes(): number {
    return this.#inputBytes;
  }

  /**
   * Returns the output.
   *
   * @returns a view into kernel memory, valid until the next call begins.
   */
  output(): Uint8Array<ArrayBuffer> {
    const { memory, host } = this.#here;
    return memory.range(host.output_offset(), host.output_length());
  }

  /**
   * Returns the error message that the plugin set. A handle that is not the start of a live block
   * counts as none. No budget bounds this read, so it returns only the beginning of a message above
   * 1 MiB.
   *
   * @returns `undefined` if no message is set; `null` if it is not UTF-8.
   */
  errorMessage(): string | null | undefined {
    const { memory, host } = this.#here;
    const handle = host.error_get();
    if (handle === 0n) return undefined;
    const length = host.length(handle);
    if (length === 0n) return undefined;
    const bytes = memory.range(handle, length);
    if (bytes.length <= ERROR_MAX_BYTES) return decodeUtf8(bytes) ?? null;
    const end = characterStart(bytes, ERROR_MAX_BYTES);
    const text = decodeUtf8(bytes.subarray(0, end));
    return text === undefined ? null : `${text}... (the first ${end} of ${bytes.length} bytes)`;
  }

  /**
   * Why the kernel ended the call: the first reason if there were several; `undefined` if it did
   * not.
   */
  get failure(): KernelFailure | undefined {
    return this.#failure;
  }

  /**
   * Whether an exception bypassed the kernel on its way out of JavaScript during this call. An
   * engine's stack overflow can do that.
   */
  get crossingAborted(): boolean {
    const crossed = ({ crossing }: CrossingGlobals): boolean => crossing.value !== 0;
    return (this.#bound !== undefined && crossed(this.#bound.host)) || this.#adapters.some(crossed);
  }

  /**
   * Records that the call must end. The running function traps as soon as it is back in
   * WebAssembly.
   */
  fail({ kind, function: name, thrown }: ReportedFailure): void {
    const reason = reasonOf(thrown);
    this.#failure ??=
      kind === 'HostFunction' ? { kind, function: name, reason, thrown } : { kind, function: name, reason };
    this.#end();
  }

  /**
   * Reads the clock, and ends the call if its time is up. Called after every JavaScript function
   * that the plugin calls.
   */
  readClock(): void {
    if (this.#meter.readClock()) this.#end();
  }

  /**
   * Charges bytes before JavaScript reads or writes them for the plugin.
   *
   * @throws KernelFunctionError if the call must end.
   */
  #spend(bytes: number): void {
    const looks = bytes === 0 || bytes > LONG_BYTES;
    const ended = looks ? this.#charge(bytes) : this.#burn(bytes);
    if (ended) throw new KernelFunctionError('the call exhausted a budget');
  }

  /**
   * Charges bytes and reads the clock.
   *
   * @returns whether the call must end.
   */
  #charge(bytes: number): boolean {
    const burnt = this.#burn(bytes);
    const late = this.#meter.readClock();
    if (late) this.#end();
    return burnt || late;
  }

  #burn(bytes: number): boolean {
    const ended = this.#meter.burn?.(bytes * FUEL_PER_BYTE) === true;
    if (ended) this.#end();
    return ended;
  }

  /** Makes every return from JavaScript trap. */
  #end(): void {
    if (this.#bound !== undefined) this.#bound.host.failed.value = 1;
    for (const { failed } of this.#adapters) failed.value = 1;
  }

  #javascriptFunctions(environment: Environment): WebAssembly.ModuleImports {
    const imports = Object.entries(javascriptKernelFunctions).map(([name, run]) => {
      const guarded = (...handles: bigint[]): bigint => {
        try {
          const result = run(environment, ...handles);
          this.readClock();
          return result;
        } catch (thrown) {
          this.fail({ kind: 'KernelFunction', function: name, thrown });
          return 0n;
        }
      };
      return [name, guarded];
    });
    return { ...Object.fromEntries(imports), ...this.#hostFunctions() };
  }

  #hostFunctions(): { readonly [N in KernelHostFunctionName]: (...args: number[]) => number | undefined } {
    return {
      take_pages: (pages = 0) => {
        const taken = this.#meter.takePages(pages);
        if (!taken) this.#end();
        return taken ? 1 : 0;
      },
      charge_bytes: (bytes = 0) => {
        this.#charge(bytes);
        return undefined;
      },
    };
  }
}

const HOST_EXPORTS = ['memory', 'begin', ...hostCalledFunctions, ...sharedGlobals] as const;

/** Picks exports of an instance, by their names in the kernel. */
export function exportsNamed(
  names: readonly string[],
  instance: WebAssembly.Exports,
  nameOf: (name: string) => string = (name) => name,
): Readonly<Record<string, WebAssembly.ExportValue | undefined>> {
  return Object.fromEntries(names.map((name) => [name, instance[nameOf(name)]]));
}

/** Returns the index where the character of the byte at an index begins, if the bytes are UTF-8. */
function characterStart(bytes: Uint8Array, index: number): number {
  for (let start = index; start > index - 4; start--) {
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return index;
}
