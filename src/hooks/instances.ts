import { type Budget, Meter, meterGlobalsOf, meterImports } from '../metering/index.ts';
import { PAGE_BYTES } from '../wasm/encoding/pages.ts';
import type { SettledLimits } from './budget.ts';
import type { CompiledHooks } from './compiled.ts';
import { FirstState } from './first-state.ts';

/** Bytes by which a plugin's memory has room to grow, for each byte of the request. */
const ROOM_PER_BYTE = 4;
/** The most pages of that room. */
const ROOM_MAX_PAGES = 256;
/** The most pages of all memories that are kept between calls. The latest is kept in any case. */
const IDLE_MAX_PAGES = 512;

/** An instance of a plugin for one call. Nothing of an earlier call is left in it. */
export interface HookInstance {
  readonly exports: WebAssembly.Exports;
  readonly memory: WebAssembly.Memory;
  /** Pages of the memory before the call. */
  readonly lentPages: number;
  /** Puts the instance back for another call; missing if a call must have another instance. */
  readonly firstState?: FirstState;
  /** The size that the plugin sees, in bytes. */
  memoryBytes(): number;
  /** Has the budget of the call. */
  readonly meter: Meter;
  /**
   * Runs the start function. Its fuel counts as that of the call.
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
   * @param requestBytes the size of the request that the call is for.
   * @throws MeteringError `OutOfMemory` if its memory or tables are too large at first. What the
   * engine throws propagates.
   */
  take(budget: Required<Budget>, requestBytes: number): HookInstance;
  /**
   * Gives an instance back, in whatever state it is. The caller keeps no view of its memory, and
   * runs it no more.
   */
  giveBack(instance: HookInstance): void;
}

/** What is left of a call for the next one with a memory of the same size. */
interface Idle {
  /** Nothing of a call is in it. */
  readonly memory: WebAssembly.Memory;
  /** The instance over it in its first state; missing if the next call must have another. */
  readonly instance: HookInstance | undefined;
}

/**
 * Lends one memory to all calls, one after the other. A memory given back is filled with zeros.
 * Engines are slow to collect memories, so few of them may be left behind.
 *
 * The instance over it is put back too, if its code can change nothing but memory and integer
 * globals: what the engine wrote into the memory, and the first values of the globals. Otherwise
 * each call has a new instance, with its globals, tables and segments. The first call of a size has
 * one of its own, so that a plugin that is only admitted costs no copy of its data.
 *
 * The time of a call does not include the engine's: to find room for a memory, an engine may first
 * collect those of other instances, which takes up to a second.
 *
 * A memory cannot shrink, and an access traps only beyond its real size, which the plugin can find
 * out. So the real size before a call depends on nothing but the plugin and the size of the
 * request: a memory has room to grow, and one that grew beyond it is not lent again.
 */
export class LentMemories implements Instances {
  readonly #compiled: CompiledHooks;
  readonly #limits: SettledLimits;
  readonly #growth: number;
  /** By the pages of their memories, from what was used longest ago to the latest. */
  readonly #idle = new Map<number, Idle>();
  #grownPages = 0;

  /** @param growth pages by which each call is known to grow the memory, whatever its request. */
  constructor(compiled: CompiledHooks, limits: SettledLimits, growth = 0) {
    this.#compiled = compiled;
    this.#limits = limits;
    this.#growth = growth > ROOM_MAX_PAGES ? 0 : growth;
  }

  /** The most pages by which a call has grown the memory so far. */
  get grownPages(): number {
    return this.#grownPages;
  }

  take(budget: Required<Budget>, requestBytes: number): HookInstance {
    const pages = this.#pagesFor(requestBytes);
    const idle = this.#idle.get(pages);
    // If the engine fails to make an instance, its data segments may be in the memory.
    this.#idle.delete(pages);
    if (idle === undefined) return this.#instantiate(budget, this.#newMemory(), pages, false);
    if (idle.instance === undefined) return this.#instantiate(budget, idle.memory, pages, true);
    idle.instance.meter.refuel(budget);
    return idle.instance;
  }

  giveBack(instance: HookInstance): void {
    const { memory, memoryBytes, lentPages, firstState } = instance;
    const grown = memoryBytes() / PAGE_BYTES - this.#compiled.memory.minimum;
    this.#grownPages = Math.max(this.#grownPages, grown);
    if (pagesOf(memory) !== lentPages) return;
    const bytes = new Uint8Array(memory.buffer).fill(0);
    firstState?.putBack(bytes);
    this.#keep({ memory, instance: firstState && instance }, lentPages);
  }

  /** @param isLent whether the memory was used before: then its size will be needed again. */
  #instantiate(budget: Required<Budget>, memory: WebAssembly.Memory, pages: number, isLent: boolean): HookInstance {
    const { module, metering } = this.#compiled;
    const { importModule, sizeExport, changingGlobals } = this.#compiled.memory;
    const { memoryMaxPages: initialMemoryMaxPages, tableMaxEntries, stackSlots } = this.#limits;
    // Growth is bounded by the memory itself.
    const meter = new Meter({ ...budget, initialMemoryMaxPages, tableMaxEntries, stackSlots });
    meter.takeInitial(metering);
    const imports = { ...meterImports(metering, meter), [importModule]: { memory } };
    const { exports } = new WebAssembly.Instance(module, imports);
    // A new memory gets its room only now: a data segment in it must fail.
    if (!isLent) memory.grow(pages - pagesOf(memory));
    meter.attach(meterGlobalsOf(metering, exports));
    meter.refuel();
    // The cast: the module was made to export this global.
    const size = exports[sizeExport] as WebAssembly.Global;
    const start = metering.start === undefined ? undefined : exports[metering.start];
    return {
      exports,
      memory,
      lentPages: pages,
      ...(isLent && changingGlobals !== null && { firstState: new FirstState(exports, memory, changingGlobals) }),
      memoryBytes: () => Number(size.value) * PAGE_BYTES,
      meter,
      start: () => {
        if (typeof start === 'function') meter.run(() => start());
      },
    };
  }

  /** The pages that the memory may have. */
  get #maxPages(): number {
    const { minimum, maximum } = this.#compiled.memory;
    return Math.max(minimum, Math.floor(Math.min(maximum, this.#limits.memoryMaxPages)));
  }

  /** The pages of the memory before a call. */
  #pagesFor(requestBytes: number): number {
    let room = 1;
    while (room < ROOM_MAX_PAGES && room * PAGE_BYTES < requestBytes * ROOM_PER_BYTE) room *= 4;
    return Math.min(this.#maxPages, this.#compiled.memory.minimum + this.#growth + room);
  }

  #newMemory(): WebAssembly.Memory {
    return new WebAssembly.Memory({ initial: this.#compiled.memory.minimum, maximum: this.#maxPages });
  }

  #keep(idle: Idle, pages: number): void {
    this.#idle.set(pages, idle);
    let idlePages = [...this.#idle.keys()].reduce((sum, each) => sum + each);
    for (const oldest of this.#idle.keys()) {
      if (idlePages <= IDLE_MAX_PAGES || oldest === pages) break;
      this.#idle.delete(oldest);
      idlePages -= oldest;
    }
  }
}

function pagesOf({ buffer }: WebAssembly.Memory): number {
  return buffer.byteLength / PAGE_BYTES;
}
