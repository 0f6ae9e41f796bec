import type { CallUse } from '../call-use.ts';
import { resultOf } from '../failure.ts';
import { decodeUtf8 } from '../kernel/index.ts';
import { isExhaustion } from '../metering/budget-use.ts';
import { isStackOverflow } from '../metering/failure.ts';
import { RunMeter } from '../metering/run/run-meter.ts';
import { isUint8Array } from '../realms.ts';
import { BuildPluginError } from './build-error.ts';
import { PluginCallError } from './call-error.ts';
import { concludeCall, exhaustedFailure, trapFailure } from './call-outcome.ts';
import { type CompiledPlugin, isCompiledPlugin } from './compiled-plugin.ts';
import { checkImports, hostImports, importObject } from './imports.ts';
import { PluginInstance, stopReason, tryInstance } from './instance.ts';
import { type CallLimits, callLimits, checkOptions, type PluginOptions } from './options.ts';
import type { NamedImports, PluginKernel } from './plugin-kernel.ts';

export type { CallUse } from '../call-use.ts';

/** The export of a command module. After it has run, the instance is not used again. */
const START = '_start';

/** The target of what the kernel's log functions report. */
const LOG_TARGET = 'cc_lb_plugin.log';

/**
 * A plugin that can be called. Made by `buildPlugin`. Its memory, globals and variables live from
 * call to call, and a failed call leaves it usable. Calls are synchronous, and run one at a time.
 */
export class Plugin {
  readonly #compiled: CompiledPlugin;
  readonly #limits: CallLimits;
  #meter: RunMeter;
  #kernel: PluginKernel | undefined;
  #hostImports: NamedImports = [];
  #instance: PluginInstance | undefined;
  #active = false;
  /** What {@link fuelConsumed} was when the plugin was disposed. */
  #fuelAtEnd: number | undefined;
  #requestBytes = 0;
  #responseBytes = 0;

  /**
   * Links the plugin and makes a trial instance; see `buildPlugin`.
   *
   * @param compiled what `compilePlugin` or `loadPlugin` returned.
   * @throws BuildPluginError if an argument is malformed or the plugin cannot be linked or
   * instantiated.
   */
  constructor(compiled: CompiledPlugin, options: PluginOptions) {
    checkCompiled(compiled);
    checkOptions(options);
    this.#compiled = compiled;
    const functions = checkImports(compiled, options.functions ?? []);
    const limits = callLimits(options);
    // Without metering nothing counts fuel, so it cannot run out.
    this.#limits = compiled.preparation.metering === undefined ? { ...limits, fuel: Number.POSITIVE_INFINITY } : limits;
    checkInitialSizes(compiled, this.#limits);
    this.#meter = this.#newMeter();
    // Each instance has its own meter. The kernel asks the meter of the instance that runs.
    const meter = {
      takePages: (count: number) => this.#meter.takePages(count),
      readClock: () => this.#meter.readClock(),
      burn: (fuel: number) => this.#meter.burn(fuel),
    };
    const kernel = compiled.kernel.make({ ...kernelOptions(options), meter });
    this.#kernel = kernel;
    this.#hostImports = hostImports(kernel, functions, options.name ?? '');
    const imports = importObject(kernel, this.#hostImports);
    this.#instance = tryInstance(compiled, kernel.host, imports, this.#meter, this.#limits, functions.length > 0);
    // Forget the fuel of the trial. A discarded instance leaves nothing else behind either.
    if (this.#instance === undefined) this.#meter = this.#newMeter();
    else this.#meter.refuel(this.#limits);
  }

  /**
   * The fuel that the latest call burnt; after `OutOfFuel` the whole budget. It includes
   * initialisation only if that failed the call. NaN if the plugin was compiled without metering.
   */
  get fuelConsumed(): number {
    if (this.#compiled.preparation.metering === undefined) return Number.NaN;
    return this.#fuelAtEnd ?? this.#meter.fuelConsumed;
  }

  /**
   * Pages of 64 KiB after the latest call: what the plugin's memories have at first, and what they
   * and the kernel's have grown by in the life of the instance. Growth counts towards
   * `memoryMaxPages`. NaN if the plugin was compiled without metering.
   */
  get memoryPages(): number {
    const initialPages = this.#compiled.preparation.metering?.initialPages ?? Number.NaN;
    return initialPages + this.#meter.pagesTaken;
  }

  /** What the latest call used. Call this only after a call that began. */
  get lastUse(): CallUse {
    const { fuelConsumed: fuel } = this;
    const bytes = { requestBytes: this.#requestBytes, responseBytes: this.#responseBytes };
    return Number.isNaN(fuel) ? bytes : { fuel, ...bytes };
  }

  /**
   * Whether the module exports a function of this name that a protocol call may use: one of type ()
   * -> i32 or () -> () (abi/PROTOCOL.md, Layer 2).
   */
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
   * Calls an export.
   *
   * @param input text, which is encoded as UTF-8, or bytes; nothing by default.
   * @returns a copy of the output.
   * @throws PluginCallError if the call fails.
   */
  call(name: string, input: string | Uint8Array = ''): Uint8Array<ArrayBuffer> {
    return this.callView(name, input).slice();
  }

  /**
   * {@link call} without a copy of the output.
   *
   * @returns a view into kernel memory, valid until the next call or {@link dispose}. Do not write
   * to it.
   * @throws PluginCallError if the call fails.
   */
  callView(name: string, input: string | Uint8Array = ''): Uint8Array<ArrayBuffer> {
    const kernel = this.#enter(name, input);
    this.#active = true;
    this.#requestBytes = 0;
    this.#responseBytes = 0;
    try {
      this.#run(kernel, name, input);
      const output = kernel.host.output();
      this.#responseBytes = output.length;
      return output;
    } catch (error) {
      // The host may call with so little stack left that the code around the plugin overflows it.
      if (isStackOverflow(error)) throw new PluginCallError({ kind: 'StackOverflow' }, { cause: error });
      throw error;
    } finally {
      this.#active = false;
      if (this.#kernel === undefined) this.#release();
    }
  }

  /**
   * {@link call}, with the output as text. A byte order mark is kept, like any character.
   *
   * @throws PluginCallError if the call fails, or `OutputNotUtf8`.
   */
  callText(name: string, input: string | Uint8Array = ''): string {
    const text = decodeUtf8(this.callView(name, input));
    if (text === undefined) throw new PluginCallError({ kind: 'OutputNotUtf8', function: name });
    return text;
  }

  /**
   * Releases the plugin's memory; during a call, at the end of that call. May be repeated. Later
   * calls fail as `Disposed`.
   */
  dispose(): void {
    this.#kernel = undefined;
    if (!this.#active) this.#release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * The meter holds the globals of its instance, so release it too. Keep the fuel of the latest
   * call.
   */
  #release(): void {
    this.#fuelAtEnd ??= this.fuelConsumed;
    this.#instance = undefined;
    this.#hostImports = [];
    this.#meter = this.#newMeter();
  }

  #newMeter(): RunMeter {
    return new RunMeter(this.#limits);
  }

  /** Checks what must hold before anything runs. */
  #enter(name: unknown, input: unknown): PluginKernel {
    if (this.#kernel === undefined) throw new PluginCallError({ kind: 'Disposed' });
    if (this.#active) throw new PluginCallError({ kind: 'Reentrant' });
    if (typeof name !== 'string')
      throw new PluginCallError({ kind: 'InvalidArgument', argument: 'name', expected: 'a string' });
    if (typeof input !== 'string' && !isUint8Array(input)) {
      throw new PluginCallError({ kind: 'InvalidArgument', argument: 'input', expected: 'a string or a Uint8Array' });
    }
    return this.#kernel;
  }

  #run(kernel: PluginKernel, name: string, input: string | Uint8Array): void {
    const { host } = kernel;
    if (this.#instance === undefined) {
      this.#instance = this.#instantiate(kernel);
      // The first call has all of its fuel, and the time that initialisation has left.
      this.#meter.refuel(this.#limits, this.#instance.madeAt);
    } else this.#meter.refuel(this.#limits);
    // The clock may have reached the deadline before the call began.
    if (!host.begin(input))
      throw new PluginCallError(exhaustedFailure(this.#meter, this.#meter.exhausted ?? 'OutOfMemory'));
    this.#requestBytes = host.inputBytes;
    const { run, result } = this.#instance.entry(name);
    const outcome = resultOf(run);
    if (name === START) {
      this.#instance = undefined;
      host.variables.clear();
    }
    concludeCall(host, this.#meter, outcome, result, this.#compiled.stacks);
  }

  /**
   * Makes the instance that serves the calls, and initialises it on fuel of its own. It shares the
   * deadline of the call that needs it.
   */
  #instantiate(kernel: PluginKernel): PluginInstance {
    this.#meter = this.#newMeter();
    const { host } = kernel;
    const outcome = resultOf(() => {
      const imports = importObject(kernel, this.#hostImports);
      const instance = new PluginInstance(this.#compiled, host, imports, this.#meter, this.#limits);
      instance.initialize();
      return instance;
    });
    const failure = trapFailure(host, this.#meter, outcome);
    if (outcome.ok && failure === undefined) return outcome.value;
    const cause = outcome.ok ? undefined : outcome.error;
    if (failure !== undefined && isExhaustion(failure)) throw new PluginCallError(failure, { cause });
    throw new PluginCallError({ kind: 'Instantiate', reason: stopReason(host, this.#meter, cause) }, { cause });
  }
}

/**
 * Checks the initial memories and tables before anything is instantiated: a few hundred bytes can
 * declare more entries than the process survives.
 */
function checkInitialSizes({ preparation: { metering } }: CompiledPlugin, limits: CallLimits): void {
  if (metering === undefined) return;
  const { initialPages, initialEntries } = metering;
  const [pages, entries] = [limits.initialMemoryMaxPages, limits.tableMaxEntries];
  if (initialPages > pages) initiallyTooLarge(`${initialPages} pages of memory`, pages, 'initialMemoryMaxPages');
  if (initialEntries > entries) initiallyTooLarge(`${initialEntries} table entries`, entries, 'tableMaxEntries');
}

function initiallyTooLarge(found: string, max: number, option: string): never {
  const reason = `the module initially has ${found}, at most ${max} are allowed (option ${option})`;
  throw new BuildPluginError({ kind: 'OutOfMemory', reason });
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

/** @throws BuildPluginError `InvalidArgument` */
function checkCompiled(compiled: unknown): void {
  if (isCompiledPlugin(compiled)) return;
  const expected = 'what compilePlugin or loadPlugin returned: buildPlugin takes the other forms of a plugin';
  throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'compiled', expected });
}
