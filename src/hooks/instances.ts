import { type Budget, Meter, meterGlobalsOf, meterImports } from '../metering/index.ts';
import { PAGE_BYTES } from '../wasm/encoding/types.ts';
import type { SettledLimits } from './budget.ts';
import type { CompiledHooks } from './compiled.ts';

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

/**
 * Makes a fresh instance for each call, and lends the same memory to one after the other. A memory
 * given back is filled with zeros, and the engine writes the data segments when it makes the next
 * instance. Globals, tables and segments are new each time. Engines are slow to collect memories,
 * so few of them may be left behind.
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
  /** Memories by their pages, from the one that was used longest ago to the latest. */
  readonly #idle = new Map<number, WebAssembly.Memory>();
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
    const { module, metering } = this.#compiled;
    const { importModule, sizeExport } = this.#compiled.memory;
    const { memoryMaxPages: initialMemoryMaxPages, tableMaxEntries, stackSlots } = this.#limits;
    // Growth is bounded by the memory itself.
    const meter = new Meter({ ...budget, initialMemoryMaxPages, tableMaxEntries, stackSlots });
    meter.takeInitial(metering);
    const pages = this.#pagesFor(requestBytes);
    const lent = this.#idle.get(pages);
    const memory = lent ?? this.#newMemory();
    // If the engine fails to make the instance, its data segments may be in the memory.
    this.#idle.delete(pages);
    const imports = { ...meterImports(metering, meter), [importModule]: { memory } };
    const { exports } = new WebAssembly.Instance(module, imports);
    // A new memory gets its room only now: a data segment in it must fail.
    if (memory !== lent) memory.grow(pages - pagesOf(memory));
    meter.attach(meterGlobalsOf(metering, exports));
    meter.refuel();
    // The cast: the module was made to export this global.
    const size = exports[sizeExport] as WebAssembly.Global;
    const start = metering.start === undefined ? undefined : exports[metering.start];
    return {
      exports,
      memory,
      lentPages: pages,
      memoryBytes: () => Number(size.value) * PAGE_BYTES,
      meter,
      start: () => {
        if (typeof start === 'function') meter.run(() => start());
      },
    };
  }

  giveBack({ memory, memoryBytes, lentPages }: HookInstance): void {
    const grown = memoryBytes() / PAGE_BYTES - this.#compiled.memory.minimum;
    this.#grownPages = Math.max(this.#grownPages, grown);
    if (pagesOf(memory) === lentPages) this.#keep(memory, lentPages);
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

  #keep(memory: WebAssembly.Memory, pages: number): void {
    new Uint8Array(memory.buffer).fill(0);
    this.#idle.set(pages, memory);
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
