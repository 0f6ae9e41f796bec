import { instantiationRefusal } from '../compilation.ts';
import { reasonOf, shortened } from '../failure.ts';
import type { KernelHost } from '../kernel/index.ts';
import { budgetUseText, exhaustionText } from '../metering/budget-use.ts';
import { meterGlobalsOf } from '../metering/run/meter-globals.ts';
import { meterImports } from '../metering/run/meter-imports.ts';
import type { Budget } from '../metering/run/meter-options.ts';
import type { RunMeter } from '../metering/run/run-meter.ts';
import { BuildPluginError } from './build-error.ts';
import { PluginCallError } from './call-error.ts';
import { refuseResult, trapFailure } from './call-outcome.ts';
import { type CompiledPlugin, formatFunctionType, type PluginExternal } from './compiled-plugin.ts';

/**
 * An export that can be called, and the type of its result; `undefined` if only the engine knows.
 */
interface Entry {
  readonly run: () => unknown;
  readonly result: string | undefined;
}

/** Exports of which the trial runs none, but the first call does. */
const LATE_INITIALIZERS = ['hs_init', '__wasm_call_ctors'] as const;

/** An instance of a plugin. Its memory and globals live from call to call. */
export class PluginInstance {
  readonly #compiled: CompiledPlugin;
  readonly #exports: WebAssembly.Exports;
  /** The entries that were found, by name. */
  readonly #entries = new Map<string, Entry>();
  /**
   * When the engine had made the instance, in milliseconds of `performance.now`. From then on the
   * plugin uses its own time.
   */
  readonly madeAt: number;

  /**
   * Resets the kernel, makes the instance, and runs the start function. What the engine throws
   * propagates.
   *
   * @param kernel is bound to the instance if it is linked into the module.
   * @param meter is attached to the instance's counters, if it has any.
   * @param budget what the plugin has from its first instruction on. The time before is the
   * engine's and has no deadline. To find room for a memory, the engine may first collect those of
   * other instances, which can take longer than a plugin's deadline (RATIONALE.md, "Why does the
   * deadline begin with the plugin's first instruction?").
   */
  constructor(
    compiled: CompiledPlugin,
    kernel: KernelHost,
    imports: WebAssembly.Imports,
    meter: RunMeter,
    budget: Budget,
  ) {
    this.#compiled = compiled;
    const { metering, link, start } = compiled.preparation;
    if (link === undefined) kernel.begin('');
    if (metering === undefined) {
      this.#exports = new WebAssembly.Instance(compiled.module, imports).exports;
      this.#bind(kernel);
      this.madeAt = performance.now();
      meter.refuel(budget);
      this.#start(start);
      return;
    }
    meter.refuel(budget);
    const exhaustion = meter.reserve(metering);
    if (exhaustion !== undefined) throw new RangeError(exhaustionText(exhaustion));
    // The JavaScript that a plugin calls throws nothing and reads the clock, so it needs no guard
    // of the meter.
    const instance = new WebAssembly.Instance(compiled.module, { ...imports, ...meterImports(metering, meter) });
    this.#exports = instance.exports;
    this.#bind(kernel);
    meter.attach(meterGlobalsOf(metering, instance.exports));
    this.madeAt = performance.now();
    meter.refuel(budget);
    this.#start(start);
  }

  /** Binds a linked kernel, which is part of the instance. */
  #bind(kernel: KernelHost): void {
    const { link } = this.#compiled.preparation;
    if (link === undefined) return;
    kernel.bind(this.#exports, (name) => link.exportPrefix + name);
    kernel.begin('');
  }

  /** Runs the original start function, which is exported under this name. */
  #start(name: string | undefined): void {
    const start = name === undefined ? undefined : this.#exports[name];
    if (typeof start === 'function') start();
  }

  /**
   * Runs the initialisation of the module's toolchain, once after instantiation (abi/KERNEL.md, "A
   * call, step by step").
   *
   * - If `hs_init` is exported: `_initialize`, then `hs_init(0, 0)`.
   * - Else if `__wasm_call_ctors` is exported: that, if its type is () -> (); if not, nothing.
   * - Else `_initialize`.
   *
   * @throws TypeError if `hs_init` does not take two i32. What the engine throws propagates.
   */
  initialize(): void {
    const haskell = this.#function('hs_init');
    if (haskell !== undefined) {
      this.runInitialize();
      this.#checkHaskell(haskell.length);
      haskell(0, 0);
    } else if (this.#function('__wasm_call_ctors') !== undefined) {
      if (isPlain(this.#compiled.exports.get('__wasm_call_ctors'))) this.#function('__wasm_call_ctors')?.();
    } else this.runInitialize();
  }

  /** Checks the parameters of `hs_init`: JavaScript would call it whatever their number. */
  #checkHaskell(length: number): void {
    const type = this.#compiled.exports.get('hs_init')?.type;
    if (type === undefined ? length === 2 : type.params.join() === 'i32,i32') return;
    const found = type === undefined ? `${length} parameters` : formatFunctionType(type);
    throw new TypeError(`hs_init must take two parameters of type i32, but its type is ${found}`);
  }

  /** Runs `_initialize`, if it is exported. */
  runInitialize(): void {
    this.#function('_initialize')?.();
  }

  /**
   * Finds an export that can be called without arguments.
   *
   * @throws PluginCallError `FunctionNotFound`, `HasParameters`, `TooManyResults`; `NonZeroExit`
   * with the code -1 for a result that JavaScript cannot get.
   */
  entry(name: string): Entry {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const entry = this.#findEntry(name);
    this.#entries.set(name, entry);
    return entry;
  }

  #findEntry(name: string): Entry {
    const run = this.#function(name);
    if (run === undefined) throw new PluginCallError({ kind: 'FunctionNotFound', function: name });
    const type = this.#compiled.exports.get(name)?.type;
    // For an exported WebAssembly function, `length` is the number of its parameters (JavaScript
    // API, "create a new Exported Function").
    const params = type?.params.length ?? run.length;
    if (params > 0) throw new PluginCallError({ kind: 'HasParameters', function: name, params });
    const results = type?.results.length ?? 0;
    if (results > 1) throw new PluginCallError({ kind: 'TooManyResults', function: name, results });
    const result = type === undefined ? undefined : (type.results[0] ?? 'none');
    refuseResult(result);
    return { run, result };
  }

  #function(name: string): ((...args: readonly number[]) => unknown) | undefined {
    // Exports that metering added are not the plugin's.
    const exported = this.#compiled.exports.has(name) ? this.#exports[name] : undefined;
    // An exported WebAssembly function accepts any arguments and converts them, or throws
    // (JavaScript API, "ToWebAssemblyValue").
    return typeof exported === 'function' ? (exported as (...args: readonly number[]) => unknown) : undefined;
  }
}

function isFunction(exported: PluginExternal | undefined): boolean {
  return exported?.kind === 'function';
}

function isPlain(exported: PluginExternal | undefined): boolean {
  return exported?.type === undefined || (exported.type.params.length === 0 && exported.type.results.length === 0);
}

/**
 * Makes a trial instance of a plugin and initialises it. Skips both if the plugin exports `_start`
 * (abi/KERNEL.md, "A call, step by step", step 0).
 *
 * @param usesHost whether the plugin imports functions of the host.
 * @returns the instance if it is as a new one would be at the first call, so that it can serve the
 * calls; else `undefined`.
 * @throws BuildPluginError `StartAndInitialize`, `ExportNotFunction`, `InitializeType`,
 * `InstantiationFailed`.
 */
export function tryInstance(
  compiled: CompiledPlugin,
  kernel: KernelHost,
  imports: WebAssembly.Imports,
  meter: RunMeter,
  budget: Budget,
  usesHost: boolean,
): PluginInstance | undefined {
  const [start, initialize] = [compiled.exports.get('_start'), compiled.exports.get('_initialize')];
  if (start !== undefined && initialize !== undefined) throw new BuildPluginError({ kind: 'StartAndInitialize' });
  for (const exported of [start, initialize]) {
    if (exported === undefined || exported.kind === 'function') continue;
    throw new BuildPluginError({ kind: 'ExportNotFunction', name: exported.name, found: exported.kind });
  }
  if (start !== undefined) return undefined;
  if (!isPlain(initialize) && initialize?.type !== undefined) {
    throw new BuildPluginError({ kind: 'InitializeType', found: formatFunctionType(initialize.type) });
  }
  try {
    const instance = new PluginInstance(compiled, kernel, imports, meter, budget);
    const runsCode = compiled.hasStart || isFunction(initialize);
    const runsLate = LATE_INITIALIZERS.some((name) => isFunction(compiled.exports.get(name)));
    if (!runsCode && !runsLate) return instance;
    instance.runInitialize();
    // Code that returned may have caught the engine's stack overflow. An exhausted budget also
    // fails the trial.
    const failure = trapFailure(kernel, meter, { ok: true, value: undefined });
    if (failure !== undefined) throw new PluginCallError(failure);
    // The same code would run before the first call. Functions of the host might answer otherwise.
    if (!runsLate && !usesHost) return instance;
  } catch (error) {
    const refusal = instantiationRefusal(error);
    if (refusal !== undefined)
      throw new compiled.kernel.RefusalError({ kind: 'CompilationRefused', reason: refusal }, { cause: error });
    throw new BuildPluginError(
      { kind: 'InstantiationFailed', reason: stopReason(kernel, meter, error) },
      { cause: error },
    );
  }
  kernel.variables.clear();
  return undefined;
}

/**
 * Returns why code of a plugin failed outside a call: an exhausted budget, the kernel's reason, or
 * the engine's.
 */
export function stopReason(kernel: KernelHost, meter: RunMeter, thrown: unknown): string {
  const { exhausted } = meter;
  if (exhausted !== undefined) {
    const use = meter.useOf(exhausted);
    const { message } = new PluginCallError({ kind: exhausted });
    return use === undefined ? message : `${message} (${budgetUseText(use)})`;
  }
  if (kernel.failure !== undefined) return shortened(`${kernel.failure.function}: ${kernel.failure.reason}`);
  return reasonOf(thrown);
}
