import { type Budget, Meter, meterGlobalsOf, meterImports } from '../metering/index.ts';
import type { SettledLimits } from './budget.ts';
import type { CompiledHooks } from './compile.ts';

/** An instance of a plugin for one call. Nothing of an earlier call is left in it. */
export interface HookInstance {
  readonly exports: WebAssembly.Exports;
  readonly memory: WebAssembly.Memory;
  /** Has the budget of the call. */
  readonly meter: Meter;
  /**
   * Runs the start function, unless the instance is in the state that it leaves. Its fuel is then
   * burnt already.
   *
   * @throws MeteringError if a budget is used up. What the engine throws propagates.
   */
  start(): void;
}

/** Where instances come from. Each call takes one, starts it, and then gives it back. */
export interface Instances {
  /**
   * Takes an instance.
   *
   * @param budget of the call. Its time begins with the plugin's first instruction.
   * @throws MeteringError `OutOfMemory` if its memory or tables are too large at first. What the
   * engine throws propagates.
   */
  take(budget: Required<Budget>): HookInstance;
  /**
   * Gives an instance back. The caller keeps no view of its memory.
   *
   * @param returned whether the plugin's functions returned. After a trap the instance may be in
   * any state.
   */
  giveBack(instance: HookInstance, returned: boolean): void;
}

/**
 * Makes a fresh instance for each call, and leaves it to the garbage collector afterwards.
 *
 * The time of the call does not include the engine's: to find room for a memory, an engine may
 * first collect those of other instances, which takes up to a second.
 */
export class FreshInstances implements Instances {
  readonly #compiled: CompiledHooks;
  readonly #limits: SettledLimits;

  constructor(compiled: CompiledHooks, limits: SettledLimits) {
    this.#compiled = compiled;
    this.#limits = limits;
  }

  take(budget: Required<Budget>): HookInstance {
    const { module, metering } = this.#compiled;
    const { memoryMaxPages: initialMemoryMaxPages, tableMaxEntries, stackSlots } = this.#limits;
    // Growth is bounded by the maximum that is written into the module.
    const meter = new Meter({ ...budget, initialMemoryMaxPages, tableMaxEntries, stackSlots });
    meter.takeInitial(metering);
    const { exports } = new WebAssembly.Instance(module, meterImports(metering, meter));
    meter.attach(meterGlobalsOf(metering, exports));
    meter.refuel();
    const start = metering.start === undefined ? undefined : exports[metering.start];
    return {
      exports,
      // The cast: inspection found a memory under this name.
      memory: exports.memory as WebAssembly.Memory,
      meter,
      start: () => {
        if (typeof start === 'function') meter.run(() => start());
      },
    };
  }

  giveBack(): void {}
}
