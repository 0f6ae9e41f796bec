import { reasonOf, shortened } from '../failure.ts';
import type { Kernel } from '../kernel/index.ts';
import { meterImports } from '../metering/run/imports.ts';
import { meterGlobalsOf } from '../metering/run/instantiate.ts';
import type { Budget, Meter } from '../metering/run/meter.ts';
import { BuildPluginError } from './build-error.ts';
import { PluginCallError } from './call-error.ts';
import { trapFailure } from './call-outcome.ts';
import { type CompiledPlugin, formatFunctionType, type PluginExternal } from './compiled-plugin.ts';

/** An export that can be called, and how many results it has; `undefined` when only the engine knows. */
interface Entry {
  readonly run: () => unknown;
  readonly result: string | undefined;
}

/** Exports that are run before the first call, one way or another; see {@link PluginInstance.initialize}. */
const INITIALIZERS = ['_initialize', 'hs_init', '__wasm_call_ctors'] as const;

/** An instance of a plugin: its own memory and globals live in it from call to call. */
export class PluginInstance {
  readonly #compiled: CompiledPlugin;
  readonly #exports: WebAssembly.Exports;
  /**
   * When the engine had made the instance, on the clock of `performance.now`: from there on time is
   * the plugin's.
   */
  readonly madeAt: number;

  /**
   * Begins the kernel anew, instantiates, and runs the start function. Throws what the engine
   * throws.
   *
   * @param kernel gets its WebAssembly part here when that is linked into the module.
   * @param meter gets the instance's counters, when it has any.
   * @param budget is the meter's from the plugin's first instruction on. What comes before is the
   * engine's, and has no deadline: to find room for a memory it may first collect those of other
   * instances, for longer than a plugin may take (RATIONALE.md, "Why does the deadline begin with
   * the plugin's first instruction?").
   */
  constructor(compiled: CompiledPlugin, kernel: Kernel, imports: WebAssembly.Imports, meter: Meter, budget: Budget) {
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
    meter.takeInitial(metering);
    // What runs in JavaScript for a plugin throws nothing and reads the clock, so it needs no guard of the meter's.
    const instance = new WebAssembly.Instance(compiled.module, { ...imports, ...meterImports(metering, meter) });
    this.#exports = instance.exports;
    this.#bind(kernel);
    meter.attach(meterGlobalsOf(metering, instance.exports));
    this.madeAt = performance.now();
    meter.refuel(budget);
    this.#start(start);
  }

  /** A kernel that is linked into the module comes with the instance. */
  #bind(kernel: Kernel): void {
    const { link } = this.#compiled.preparation;
    if (link === undefined) return;
    kernel.bind(this.#exports, (name) => link.exportPrefix + name);
    kernel.begin('');
  }

  /** Runs what was the start function, by the name under which it is exported. */
  #start(name: string | undefined): void {
    const start = name === undefined ? undefined : this.#exports[name];
    if (typeof start === 'function') start();
  }

  /**
   * Runs the initialisation that the module's toolchain asks for, once after instantiation: with an `hs_init` export `_initialize` and then
   * `hs_init(0, 0)`; else `__wasm_call_ctors`, if that is () -> (); else `_initialize` (abi/KERNEL.md, "A call, step by step"). An export
   * `__wasm_call_ctors` of another type means that nothing is run.
   *
   * @throws TypeError for an `hs_init` that does not take two i32, and what the engine throws.
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

  /** JavaScript would call a function of any number of parameters with two arguments. */
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
   * Looks an export up, to be called without arguments.
   *
   * @throws PluginCallError `FunctionNotFound`, `HasParameters`, `TooManyResults`.
   */
  entry(name: string): Entry {
    const run = this.#function(name);
    if (run === undefined) throw new PluginCallError({ kind: 'FunctionNotFound', function: name });
    const type = this.#compiled.exports.get(name)?.type;
    // Of a function that WebAssembly exports, `length` is the number of its parameters (JavaScript API, "create a new Exported Function").
    const params = type?.params.length ?? run.length;
    if (params > 0) throw new PluginCallError({ kind: 'HasParameters', function: name, params });
    const results = type?.results.length ?? 0;
    if (results > 1) throw new PluginCallError({ kind: 'TooManyResults', function: name, results });
    return { run, result: type === undefined ? undefined : (type.results[0] ?? 'none') };
  }

  #function(name: string): ((...args: readonly number[]) => unknown) | undefined {
    // What metering exports is not the plugin's.
    const exported = this.#compiled.exports.has(name) ? this.#exports[name] : undefined;
    // A function that WebAssembly exports takes anything and converts it, or throws (JavaScript API, "ToWebAssemblyValue").
    return typeof exported === 'function' ? (exported as (...args: readonly number[]) => unknown) : undefined;
  }
}

function isPlain(exported: PluginExternal | undefined): boolean {
  return exported?.type === undefined || (exported.type.params.length === 0 && exported.type.results.length === 0);
}

/**
 * Instantiates a plugin once, as a trial, and initialises it, unless it exports `_start`
 * (abi/KERNEL.md, "A call, step by step", step 0).
 *
 * @returns the instance when nothing of the plugin ran in it, nor has to before the first call, so
 * that it can serve as the kept one; else `undefined`.
 * @throws BuildPluginError `StartAndInitialize`, `ExportNotFunction`, `InitializeType`,
 * `InstantiationFailed`.
 */
export function tryInstance(
  compiled: CompiledPlugin,
  kernel: Kernel,
  imports: WebAssembly.Imports,
  meter: Meter,
  budget: Budget,
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
    if (!compiled.hasStart && !INITIALIZERS.some((name) => compiled.exports.get(name)?.kind === 'function'))
      return instance;
    instance.runInitialize();
    // What returned may have caught an engine's stack overflow on its way; used-up budgets end it here too.
    const failure = trapFailure(kernel, meter, { ok: true, value: undefined });
    if (failure !== undefined) throw new PluginCallError(failure);
  } catch (error) {
    throw new BuildPluginError(
      { kind: 'InstantiationFailed', reason: stopReason(kernel, meter, error) },
      { cause: error },
    );
  }
  kernel.variables.clear();
  return undefined;
}

/** Why code of a plugin that ran outside a call came to no end: a used-up budget, the kernel's reason, or the engine's. */
export function stopReason(kernel: Kernel, meter: Meter, thrown: unknown): string {
  if (meter.exhausted !== undefined) return new PluginCallError({ kind: meter.exhausted }).message;
  if (kernel.failure !== undefined) return shortened(`${kernel.failure.function}: ${kernel.failure.reason}`);
  return reasonOf(thrown);
}
