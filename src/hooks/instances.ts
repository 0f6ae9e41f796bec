import { type Budget, Meter, meterGlobalsOf, meterImports } from '../metering/index.ts';
import type { SettledLimits } from './budget.ts';
import type { CompiledHooks } from './compiled.ts';

const PAGE_BYTES = 65_536;
/** A memory that grew by more than this is not lent again, so that idle plugins stay small. */
const KEPT_GROWTH_BYTES = 256 * PAGE_BYTES;
/** Nor is one with more than this beyond what the plugin saw, which small calls would clear. */
const KEPT_UNSEEN_BYTES = 16 * PAGE_BYTES;

/** An instance of a plugin for one call. Nothing of an earlier call is left in it. */
export interface HookInstance {
  readonly exports: WebAssembly.Exports;
  readonly memory: WebAssembly.Memory;
  /** The size that the plugin sees, in bytes. */
  memoryBytes(): number;
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
   * Gives an instance back, in whatever state it is. The caller keeps no view of its memory, and
   * runs it no more.
   */
  giveBack(instance: HookInstance): void;
}

/**
 * Makes a fresh instance for each call, and lends the same memory to one after the other. A memory
 * given back is filled with zeros, and the engine writes the data segments when it makes the next
 * instance. Globals, tables and segments are new each time. Only memories are slow to collect, and
 * none is left behind.
 *
 * The time of a call does not include the engine's: to find room for a memory, an engine may first
 * collect those of other instances, which takes up to a second.
 *
 * The memory does not shrink. If an earlier call grew it, an access beyond the size that the plugin
 * sees reads zero, and does not trap.
 */
export class LentMemories implements Instances {
  readonly #compiled: CompiledHooks;
  readonly #limits: SettledLimits;
  #idle: WebAssembly.Memory | undefined;

  constructor(compiled: CompiledHooks, limits: SettledLimits) {
    this.#compiled = compiled;
    this.#limits = limits;
  }

  take(budget: Required<Budget>): HookInstance {
    const { module, metering } = this.#compiled;
    const { importModule, sizeExport } = this.#compiled.memory;
    const { memoryMaxPages: initialMemoryMaxPages, tableMaxEntries, stackSlots } = this.#limits;
    // Growth is bounded by the memory itself.
    const meter = new Meter({ ...budget, initialMemoryMaxPages, tableMaxEntries, stackSlots });
    meter.takeInitial(metering);
    const memory = this.#idle ?? this.#newMemory();
    // If the engine fails to make the instance, its data segments may be in the memory.
    this.#idle = undefined;
    const imports = { ...meterImports(metering, meter), [importModule]: { memory } };
    const { exports } = new WebAssembly.Instance(module, imports);
    meter.attach(meterGlobalsOf(metering, exports));
    meter.refuel();
    // The cast: the module was made to export this global.
    const size = exports[sizeExport] as WebAssembly.Global;
    const start = metering.start === undefined ? undefined : exports[metering.start];
    return {
      exports,
      memory,
      memoryBytes: () => Number(size.value) * PAGE_BYTES,
      meter,
      start: () => {
        if (typeof start === 'function') meter.run(() => start());
      },
    };
  }

  #newMemory(): WebAssembly.Memory {
    const { minimum: initial, maximum } = this.#compiled.memory;
    const pages = Math.floor(Math.min(maximum, this.#limits.memoryMaxPages));
    return new WebAssembly.Memory({ initial, maximum: Math.max(initial, pages) });
  }

  giveBack({ memory, memoryBytes }: HookInstance): void {
    const { byteLength } = memory.buffer;
    if (byteLength > this.#compiled.memory.minimum * PAGE_BYTES + KEPT_GROWTH_BYTES) return;
    if (byteLength > memoryBytes() + KEPT_UNSEEN_BYTES) return;
    new Uint8Array(memory.buffer).fill(0);
    this.#idle = memory;
  }
}
