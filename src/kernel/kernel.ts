import { reasonOf } from '../failure.ts';
import {
  emitKernelModule,
  JAVASCRIPT_MODULE,
  javascriptFunctionNames,
  type KernelHostFunctionName,
  sharedGlobals,
} from './code/emit.ts';
import {
  FUEL_PER_BYTE,
  type KernelFailure,
  KernelFunctionError,
  type KernelFunctionName,
  kernelFunctionNames,
  type kernelFunctions,
  logLevelNumber,
} from './functions.ts';
import { type Environment, javascriptKernelFunctions } from './javascript-functions.ts';
import { decodeUtf8, KernelMemory } from './memory.ts';
import { checkKernelOptions, type KernelMeter, type KernelOptions } from './options.ts';
import { DEFAULT_MAX_VAR_BYTES, Variables } from './variables.ts';

const unmetered: KernelMeter = { takePages: () => true, readClock: () => false };

type TypeOf = { i32: number; i64: bigint; f32: number; f64: number };

/** The JavaScript type of a function of the table. */
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

/** What the kernel exports beside the ABI, for the host. */
interface HostExports {
  begin(inputLength: number): number;
  readonly log_level: WebAssembly.Global<'i32'>;
  readonly crossing: WebAssembly.Global<'i32'>;
  readonly failed: WebAssembly.Global<'i32'>;
}

/** A failure as the guarded functions report it; the kernel adds the reason. */
type ReportedFailure = Pick<Extract<KernelFailure, { kind: 'HostFunction' }>, 'function' | 'thrown'> & {
  readonly kind: KernelFailure['kind'];
};

/** Kernel memory has no room for more, whatever its budget; the length of an input is passed to the kernel in 32 bits. */
const INPUT_MAX_BYTES = 0xffff_ffff;

/**
 * More bytes than these take time that is worth a look at the clock before: a few hundred
 * microseconds.
 */
const LONG_BYTES = 65_536;

/** How much of an error message is read, in bytes: about 20 ms at worst. */
const ERROR_MAX_BYTES = 1 << 20;

const encoder = new TextEncoder();

let kernelModule: WebAssembly.Module | undefined;

/** The compiled kernel, made when it is first needed. */
function compiledKernel(): WebAssembly.Module {
  kernelModule ??= new WebAssembly.Module(emitKernelModule());
  return kernelModule;
}

/** The globals of an adapter of host functions; see `crossingGlobals`. */
export interface CrossingGlobals {
  readonly crossing: WebAssembly.Global<'i32'>;
  readonly failed: WebAssembly.Global<'i32'>;
}

/** The WebAssembly part of a kernel, once there is one. */
interface Bound {
  readonly exports: KernelExports;
  readonly memory: KernelMemory;
  readonly host: HostExports;
}

/**
 * One plugin's kernel: its memory, input, output, error, variables and log (abi/KERNEL.md). Made by {@link createKernel}, with an instance of
 * its own; or for a plugin that the kernel is linked into, and then bound to each instance of it.
 */
export class Kernel {
  readonly variables: Variables;
  /** The functions in JavaScript that a module with a kernel in it imports. */
  readonly imports: WebAssembly.ModuleImports;
  readonly #environment: Environment;
  readonly #adapters: CrossingGlobals[] = [];
  readonly #meter: KernelMeter;
  #bound: Bound | undefined;
  #failure: KernelFailure | undefined;

  constructor(options: KernelOptions = {}) {
    checkKernelOptions(options);
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
   * Gives the kernel its WebAssembly part, in the place of any other.
   *
   * @param instance the exports of an instance that has a kernel in it.
   * @param nameOf under which names it exports what `emitKernel` wrote.
   */
  bind(instance: WebAssembly.Exports, nameOf: (name: string) => string = (name) => name): void {
    const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, instance[nameOf(name)]]));
    // What was emitted came from the same tables as these types, so each object has exactly the properties that they list.
    const exports = Object.freeze(named(['memory', ...kernelFunctionNames])) as unknown as KernelExports;
    const host = named(['begin', ...sharedGlobals]) as unknown as HostExports;
    this.#bound = { exports, host, memory: new KernelMemory(exports, (bytes) => this.#spend(bytes)) };
    host.log_level.value = logLevelNumber(this.#environment.logLevel);
  }

  /** Gives the kernel a fresh instance of its own, beside that of the plugin. */
  instantiate(): void {
    this.bind(new WebAssembly.Instance(compiledKernel(), { [JAVASCRIPT_MODULE]: this.imports }).exports);
  }

  /** Every function of the ABI by its name, and the memory. */
  get exports(): KernelExports {
    return this.#here.exports;
  }

  /** Blocks as bytes and text. */
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
   * Begins a call: the last one's blocks, output, error and failure are gone, their bytes zeroed, and the input is in place.
   *
   * @returns whether there was memory for the input.
   */
  begin(input: string | Uint8Array): boolean {
    this.#failure = undefined;
    for (const { crossing, failed } of this.#adapters) {
      crossing.value = 0;
      failed.value = 0;
    }
    return typeof input === 'string' ? this.#beginText(input) : this.#beginBytes(input);
  }

  #beginBytes(input: Uint8Array): boolean {
    // Bytes of this very memory, such as a view of the last output, are gone once the call begins.
    // Not by `slice`, of which a Buffer of Node makes a view.
    const bytes = input.buffer === this.memory.view.buffer ? new Uint8Array(input) : input;
    if (bytes.length > INPUT_MAX_BYTES) return false;
    const offset = this.#host.begin(bytes.length) >>> 0;
    if (offset === 0) return bytes.length === 0;
    this.memory.view.set(bytes, offset);
    return true;
  }

  /** Text is encoded straight into kernel memory, on the guess that it is ASCII; other text is encoded again, to know its length. */
  #beginText(input: string): boolean {
    const offset = this.#host.begin(input.length) >>> 0;
    if (offset === 0) return input.length === 0;
    const { read } = encoder.encodeInto(input, this.memory.view.subarray(offset, offset + input.length));
    return read === input.length || this.#beginBytes(encoder.encode(input));
  }

  /** The output bytes: a view into kernel memory, valid until the next call begins. */
  output(): Uint8Array<ArrayBuffer> {
    return this.memory.range(this.exports.output_offset(), this.exports.output_length());
  }

  /**
   * The error message that the plugin set. A handle that is not the start of a live block counts as
   * none. It is read when no budget counts any more, so of a message longer than 1 MiB only the
   * beginning is.
   *
   * @returns the text; `undefined` for none; `null` when there is one that is not UTF-8.
   */
  errorMessage(): string | null | undefined {
    const handle = this.exports.error_get();
    if (handle === 0n) return undefined;
    const length = this.exports.length(handle);
    if (length === 0n) return undefined;
    const bytes = this.memory.range(handle, length);
    if (bytes.length <= ERROR_MAX_BYTES) return decodeUtf8(bytes) ?? null;
    const end = characterStart(bytes, ERROR_MAX_BYTES);
    const text = decodeUtf8(bytes.subarray(0, end));
    return text === undefined ? null : `${text}... (the first ${end} of ${bytes.length} bytes)`;
  }

  /** Why the kernel ended the call, the first reason if there were several; `undefined` if it did not. */
  get failure(): KernelFailure | undefined {
    return this.#failure;
  }

  /** Whether an exception left JavaScript past the kernel during this call, as an engine's stack overflow can. */
  get crossingAborted(): boolean {
    const crossed = ({ crossing }: CrossingGlobals): boolean => crossing.value !== 0;
    return (this.#bound !== undefined && crossed(this.#bound.host)) || this.#adapters.some(crossed);
  }

  /** Notes that the call must not go on. The function that runs now traps as soon as it is back in WebAssembly. */
  fail({ kind, function: name, thrown }: ReportedFailure): void {
    const reason = reasonOf(thrown);
    this.#failure ??=
      kind === 'HostFunction' ? { kind, function: name, reason, thrown } : { kind, function: name, reason };
    this.#end();
  }

  /** Looks at the clock, as after every function of JavaScript that the plugin calls: the call ends when its time is up. */
  readClock(): void {
    if (this.#meter.readClock()) this.#end();
  }

  /**
   * Charges bytes before JavaScript reads or writes them for the plugin.
   *
   * @throws KernelFunctionError when the call must end.
   */
  #spend(bytes: number): void {
    const looks = bytes === 0 || bytes > LONG_BYTES;
    const ended = looks ? this.#charge(bytes) : this.#burn(bytes);
    if (ended) throw new KernelFunctionError('a budget of the call is used up');
  }

  /** Charges bytes and looks at the clock. @returns whether the call must end. */
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

  /** Whatever comes back from JavaScript now traps. */
  #end(): void {
    if (this.#bound !== undefined) this.#bound.host.failed.value = 1;
    for (const { failed } of this.#adapters) failed.value = 1;
  }

  #javascriptFunctions(environment: Environment): WebAssembly.ModuleImports {
    const imports = javascriptFunctionNames.map((name) => {
      const run = javascriptKernelFunctions[name];
      if (run === undefined) throw new RangeError(`the kernel function ${name} has no implementation`);
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

/** Where the character begins that the byte at an index belongs to, if it is UTF-8. */
function characterStart(bytes: Uint8Array, index: number): number {
  for (let start = index; start > index - 4; start--) {
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return index;
}

/**
 * Makes a kernel of its own: usable alone, with every function callable from JavaScript.
 *
 * @throws TypeError for options that are not what they must be. @throws WebAssembly.CompileError where the engine compiles nothing at run time.
 */
export function createKernel(options: KernelOptions = {}): Kernel {
  const kernel = new Kernel(options);
  kernel.instantiate();
  return kernel;
}
