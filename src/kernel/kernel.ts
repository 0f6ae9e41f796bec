import { emitKernelModule, JAVASCRIPT_MODULE, javascriptFunctionNames, type KernelHostFunctionName } from './emit.ts';
import { type Environment, javascriptKernelFunctions } from './environment.ts';
import { type KernelFailure, reasonOf } from './failure.ts';
import { type KernelFunctionName, kernelFunctionNames, type kernelFunctions } from './functions.ts';
import { type KernelLogLevel, logLevelNumber } from './log-level.ts';
import { decodeUtf8, KernelMemory } from './memory.ts';
import { DEFAULT_MAX_VAR_BYTES, Variables } from './variables.ts';

/** What bounds the memory and the time of a kernel. A failure of its own is for it to keep; the kernel then ends the call. */
export interface KernelMeter {
  /** Takes pages of 64 KiB, negative to give back. @returns whether it had as many. */
  takePages(pages: number): boolean;
  /** Looks at the clock. @returns whether the call must end. */
  readClock(): boolean;
}

/** How a kernel is made. Missing or `undefined` means the default. */
export interface KernelOptions {
  /** The limit of all variables together in bytes: 1 MiB by default, Infinity for none. 0 refuses every change. */
  readonly maxVarBytes?: number | undefined;
  /** What `config_get` finds. Nothing by default. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** The least level that is logged, `off` by default. */
  readonly logLevel?: KernelLogLevel | 'off' | undefined;
  /** Gets what the plugin logs. What it throws ends the call. */
  readonly log?: ((level: KernelLogLevel, message: string) => void) | undefined;
  /** Bounds memory and time: nothing does by default. */
  readonly meter?: KernelMeter | undefined;
}

const PAGE_BYTES = 65_536;
/** What the emitted module declares. */
const INITIAL_PAGES = 1;

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

/** What the emitted module exports beside the ABI. */
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

const encoder = new TextEncoder();

let kernelModule: WebAssembly.Module | undefined;

/** The compiled kernel, made when it is first needed. */
function compiledKernel(): WebAssembly.Module {
  kernelModule ??= new WebAssembly.Module(emitKernelModule());
  return kernelModule;
}

/**
 * One plugin's kernel: its memory, input, output, error, variables and log (abi/KERNEL.md). Made by {@link createKernel}.
 */
export class Kernel {
  /** Every function of the ABI by its name, and the memory. */
  readonly exports: KernelExports;
  /** Blocks as bytes and text. */
  readonly memory: KernelMemory;
  readonly variables: Variables;
  readonly #host: HostExports;
  readonly #meter: KernelMeter;
  #failure: KernelFailure | undefined;

  constructor(options: KernelOptions = {}) {
    this.#meter = options.meter ?? unmetered;
    const instance = new WebAssembly.Instance(compiledKernel(), {
      [JAVASCRIPT_MODULE]: this.#javascriptFunctions(() => environment),
    });
    // The module was emitted from the same tables that these types come from.
    const exports = instance.exports as unknown as KernelExports & HostExports;
    this.#host = exports;
    this.exports = Object.freeze(
      Object.fromEntries(['memory' as const, ...kernelFunctionNames].map((name) => [name, exports[name]])),
      // One entry for each name of the table, so the object has exactly the properties that the type lists.
    ) as unknown as KernelExports;
    this.memory = new KernelMemory(exports);
    this.variables = new Variables(options.maxVarBytes ?? DEFAULT_MAX_VAR_BYTES);
    const environment: Environment = {
      memory: this.memory,
      variables: this.variables,
      config: new Map(Object.entries(options.config ?? {})),
      logLevel: options.logLevel ?? 'off',
      log: options.log ?? (() => undefined),
    };
    this.#host.log_level.value = logLevelNumber(environment.logLevel);
  }

  /** The globals that host-function adapters share with the kernel. */
  get sharedGlobals(): { readonly crossing: WebAssembly.Global<'i32'>; readonly failed: WebAssembly.Global<'i32'> } {
    return { crossing: this.#host.crossing, failed: this.#host.failed };
  }

  /**
   * Begins a call: the last one's blocks, output, error and failure are gone, their bytes zeroed, and the input is in place.
   *
   * @returns whether there was memory for the input.
   */
  begin(input: string | Uint8Array): boolean {
    this.#failure = undefined;
    this.#host.failed.value = 0;
    this.#host.crossing.value = 0;
    return typeof input === 'string' ? this.#beginText(input) : this.#beginBytes(input);
  }

  #beginBytes(input: Uint8Array): boolean {
    // Bytes of this very memory, such as a view of the last output, are gone once the call begins.
    const bytes = input.buffer === this.memory.view.buffer ? input.slice() : input;
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

  /** By how many pages of 64 KiB the memory has grown. */
  get grownPages(): number {
    return this.memory.view.length / PAGE_BYTES - INITIAL_PAGES;
  }

  /** The output bytes: a view into kernel memory, valid until the next call begins. */
  output(): Uint8Array<ArrayBuffer> {
    return this.memory.range(this.exports.output_offset(), this.exports.output_length());
  }

  /**
   * The error message that the plugin set. A handle that is not the start of a live block counts as none.
   *
   * @returns the text; `undefined` for none; `null` when there is one that is not UTF-8.
   */
  errorMessage(): string | null | undefined {
    const handle = this.exports.error_get();
    if (handle === 0n) return undefined;
    const length = this.exports.length(handle);
    if (length === 0n) return undefined;
    return decodeUtf8(this.memory.range(handle, length)) ?? null;
  }

  /** Why the kernel ended the call, the first reason if there were several; `undefined` if it did not. */
  get failure(): KernelFailure | undefined {
    return this.#failure;
  }

  /** Whether an exception left JavaScript past the kernel during this call, as an engine's stack overflow can. */
  get crossingAborted(): boolean {
    return this.#host.crossing.value !== 0;
  }

  /** Notes that the call must not go on. The function that runs now traps as soon as it is back in WebAssembly. */
  fail({ kind, function: name, thrown }: ReportedFailure): void {
    const reason = reasonOf(thrown);
    this.#failure ??=
      kind === 'HostFunction' ? { kind, function: name, reason, thrown } : { kind, function: name, reason };
    this.#host.failed.value = 1;
  }

  /** Looks at the clock, as after every function of JavaScript that the plugin calls: the call ends when its time is up. */
  readClock(): void {
    if (this.#meter.readClock()) this.#host.failed.value = 1;
  }

  #javascriptFunctions(environment: () => Environment): WebAssembly.ModuleImports {
    const imports = javascriptFunctionNames.map((name) => {
      const run = javascriptKernelFunctions[name];
      if (run === undefined) throw new RangeError(`the kernel function ${name} has no implementation`);
      const guarded = (...handles: bigint[]): bigint => {
        try {
          const result = run(environment(), ...handles);
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
        if (!taken) this.#host.failed.value = 1;
        return taken ? 1 : 0;
      },
      read_clock: () => {
        this.readClock();
        return undefined;
      },
    };
  }
}

/** Makes a kernel of its own: usable alone, with every function callable from JavaScript. */
export function createKernel(options?: KernelOptions): Kernel {
  return new Kernel(options);
}
