import { resultOf, translate } from '../failure.ts';
import { decodeUtf8, Kernel } from '../kernel/index.ts';
import { isStackOverflow } from '../metering/error.ts';
import { Meter } from '../metering/run/meter.ts';
import { BuildPluginError } from './build-error.ts';
import { type CallFailure, PluginCallError } from './call-error.ts';
import { concludeCall, refuseResult, trapFailure } from './call-outcome.ts';
import type { CompiledPlugin } from './compiled-plugin.ts';
import { checkImports, hostImports, importObject } from './imports.ts';
import { PluginInstance, stopReason, tryInstance } from './instance.ts';
import { type CallLimits, callLimits, checkOptions, type PluginOptions } from './options.ts';

/** The export of a command module, after which an instance is not used again. */
const START = '_start';

/** Where the log functions of the kernel report to. */
const LOG_TARGET = 'cc_lb_plugin.log';

/**
 * A plugin that can be called. Made by {@link buildPlugin}. Its memory, globals and variables live from call to call; a failed call leaves
 * it usable. Calls are synchronous, and one at a time.
 */
export class Plugin {
  readonly #compiled: CompiledPlugin;
  readonly #limits: CallLimits;
  #meter: Meter;
  #kernel: Kernel | undefined;
  #hostImports: ReturnType<typeof hostImports> = [];
  #instance: PluginInstance | undefined;
  #active = false;
  /** Of a disposed plugin, what {@link fuelConsumed} was. */
  #fuelAtEnd: number | undefined;

  /** Links and tries the module out; see {@link buildPlugin}. */
  constructor(compiled: CompiledPlugin, options: PluginOptions) {
    checkOptions(options);
    this.#compiled = compiled;
    const functions = checkImports(compiled, options.functions ?? []);
    const limits = callLimits(options);
    // Without metering nobody counts fuel, so none can be used up.
    this.#limits = compiled.preparation.metering === undefined ? { ...limits, fuel: Number.POSITIVE_INFINITY } : limits;
    checkInitialSizes(compiled, this.#limits);
    this.#meter = this.#newMeter();
    // The meter belongs to an instance; the kernel asks the one of the instance that runs.
    const meter = {
      takePages: (count: number) => this.#meter.takePages(count),
      readClock: () => this.#meter.readClock(),
      burn: (fuel: number) => this.#meter.burn(fuel),
    };
    const kernel = new Kernel({ ...kernelOptions(options), meter });
    this.#kernel = kernel;
    const imports = orCompilationRefused(() => {
      this.#hostImports = hostImports(compiled, kernel, functions, options.name ?? '');
      return this.#importsFor(kernel);
    });
    this.#instance = tryInstance(compiled, kernel, imports, this.#meter, this.#limits);
    // A trial instance that is thrown away leaves nothing behind, its fuel neither.
    if (this.#instance === undefined) this.#meter = this.#newMeter();
  }

  /**
   * Fuel that the latest call burnt; after `OutOfFuel` the budget. What initialisation burnt is
   * told only when that failed the call. NaN for a plugin that was compiled without metering.
   */
  get fuelConsumed(): number {
    if (this.#compiled.preparation.metering === undefined) return Number.NaN;
    return this.#fuelAtEnd ?? this.#meter.fuelConsumed;
  }

  /** Whether the module exports a function of that name that a protocol call may use: of type () -> i32 or () -> () (abi/PROTOCOL.md, Layer 2). */
  functionExists(name: string): boolean {
    const exported = this.#compiled.exports.get(name);
    if (exported?.kind !== 'function') return false;
    const { type } = exported;
    if (type === undefined) return true;
    return (
      type.params.length === 0 &&
      (type.results.length === 0 || (type.results.length === 1 && type.results[0] === 'i32'))
    );
  }

  /**
   * Calls an export with an input and gives its output, a copy.
   *
   * @param input text, which travels as UTF-8, or bytes. Nothing by default.
   * @throws PluginCallError
   */
  call(name: string, input: string | Uint8Array = ''): Uint8Array<ArrayBuffer> {
    return this.callView(name, input).slice();
  }

  /** {@link call}, but the output is a view into kernel memory: valid until the next call or {@link dispose}, and not to be written to. */
  callView(name: string, input: string | Uint8Array = ''): Uint8Array<ArrayBuffer> {
    const kernel = this.#enter(name, input);
    this.#active = true;
    try {
      this.#run(kernel, name, input);
      return kernel.output();
    } catch (error) {
      // The host may call from so deep in its own stack that there is no room for what comes before and after the plugin's code.
      if (isStackOverflow(error)) throw new PluginCallError({ kind: 'StackOverflow' }, { cause: error });
      throw error;
    } finally {
      this.#active = false;
      if (this.#kernel === undefined) this.#release();
    }
  }

  /**
   * {@link call}, with the output as text.
   *
   * @throws PluginCallError, also `OutputNotUtf8`. A byte order mark is kept, as any character is.
   */
  callText(name: string, input: string | Uint8Array = ''): string {
    const text = decodeUtf8(this.callView(name, input));
    if (text === undefined) throw new PluginCallError({ kind: 'OutputNotUtf8', function: name });
    return text;
  }

  /** Lets go of the plugin's memory, at the end of the call if one runs. Idempotent; later calls fail as `Disposed`. */
  dispose(): void {
    this.#kernel = undefined;
    if (!this.#active) this.#release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The meter holds on to the globals of its instance, and so goes too; what the latest call burnt stays known. */
  #release(): void {
    this.#fuelAtEnd ??= this.fuelConsumed;
    this.#instance = undefined;
    this.#hostImports = [];
    this.#meter = this.#newMeter();
  }

  /** What a new instance imports. Its kernel is new too: part of the instance, or one beside it. */
  #importsFor(kernel: Kernel): WebAssembly.Imports {
    if (this.#compiled.preparation.link === undefined) kernel.instantiate();
    return importObject(this.#compiled, kernel, this.#hostImports);
  }

  #newMeter(): Meter {
    return new Meter(this.#limits);
  }

  /** What must hold before anything runs. */
  #enter(name: unknown, input: unknown): Kernel {
    if (this.#kernel === undefined) throw new PluginCallError({ kind: 'Disposed' });
    if (this.#active) throw new PluginCallError({ kind: 'Reentrant' });
    if (typeof name !== 'string')
      throw new PluginCallError({ kind: 'InvalidArgument', argument: 'name', expected: 'a string' });
    if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
      throw new PluginCallError({ kind: 'InvalidArgument', argument: 'input', expected: 'a string or a Uint8Array' });
    }
    return this.#kernel;
  }

  #run(kernel: Kernel, name: string, input: string | Uint8Array): void {
    if (this.#instance === undefined) {
      this.#instance = this.#instantiate(kernel);
      this.#meter.refuel(this.#afterInitialisation(this.#instance));
    } else this.#meter.refuel(this.#limits);
    // The clock may have come to the deadline before there was a call.
    if (!kernel.begin(input)) throw new PluginCallError({ kind: this.#meter.exhausted ?? 'OutOfMemory' });
    const { run, result } = this.#instance.entry(name);
    refuseResult(result);
    const outcome = resultOf(run);
    if (name === START) {
      this.#instance = undefined;
      kernel.variables.clear();
    }
    concludeCall(kernel, this.#meter, outcome, result);
  }

  /**
   * What the call has when it is the first of an instance: all of its fuel, and the time that
   * initialisation has left.
   */
  #afterInitialisation({ madeAt }: PluginInstance): CallLimits {
    return { ...this.#limits, wallMs: Math.max(0, this.#limits.wallMs - (performance.now() - madeAt)) };
  }

  /**
   * Makes the kept instance and initialises it, on fuel of its own. The deadline is that of the
   * call that it is made for.
   */
  #instantiate(kernel: Kernel): PluginInstance {
    this.#meter = this.#newMeter();
    const outcome = resultOf(() => {
      const instance = new PluginInstance(this.#compiled, kernel, this.#importsFor(kernel), this.#meter, this.#limits);
      instance.initialize();
      return instance;
    });
    const failure = trapFailure(kernel, this.#meter, outcome);
    if (outcome.ok && failure === undefined) return outcome.value;
    const cause = outcome.ok ? undefined : outcome.error;
    if (failure !== undefined && isOfBudget(failure)) throw new PluginCallError(failure, { cause });
    throw new PluginCallError({ kind: 'Instantiate', reason: stopReason(kernel, this.#meter, cause) }, { cause });
  }
}

/**
 * Memories and tables are bounded before anything is instantiated: a few hundred bytes can declare
 * more entries than a process survives.
 */
function checkInitialSizes({ preparation: { metering } }: CompiledPlugin, limits: CallLimits): void {
  if (metering === undefined) return;
  const { initialPages, initialEntries } = metering;
  const [pages, entries] = [limits.initialMemoryMaxPages, limits.tableMaxEntries];
  if (initialPages > pages) tooLargeAtFirst(`${initialPages} pages of memory`, pages, 'initialMemoryMaxPages');
  if (initialEntries > entries) tooLargeAtFirst(`${initialEntries} table entries`, entries, 'tableMaxEntries');
}

function tooLargeAtFirst(found: string, max: number, option: string): never {
  const reason = `the module has ${found} at first, at most ${max} are allowed (option ${option})`;
  throw new BuildPluginError({ kind: 'OutOfMemory', reason });
}

/** A kernel beside the plugin, and adapters of host functions, are compiled when they are first needed. */
function orCompilationRefused<T>(work: () => T): T {
  return translate(
    work,
    WebAssembly.CompileError,
    ({ message: reason }, options) => new BuildPluginError({ kind: 'CompilationRefused', reason }, options),
  );
}

/** Whether a budget was used up, that of the engine's own stack included. */
function isOfBudget({ kind }: CallFailure): boolean {
  return kind === 'OutOfFuel' || kind === 'Timeout' || kind === 'OutOfMemory' || kind === 'StackOverflow';
}

function kernelOptions({ maxVarBytes, config, telemetry, logLevel, name }: PluginOptions) {
  return {
    maxVarBytes,
    config,
    logLevel: logLevel ?? (telemetry === undefined ? 'off' : 'info'),
    log: (level: 'trace' | 'debug' | 'info' | 'warn' | 'error', message: string): void => {
      telemetry?.log({ level, target: LOG_TARGET, message, fields: { plugin: name ?? '' } });
    },
  } as const;
}
