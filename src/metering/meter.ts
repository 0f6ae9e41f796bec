import { type ExhaustedKind, isExhausted, MeteringError, type MeteringFailure } from './error.ts';
import { type MeterGlobalName, type MeterImportName, STACK_SLOTS } from './layout.ts';
import { limit } from './limit.ts';
import { FIRST_SLICE, nextSlice } from './slices.ts';

/** What a run may use. Missing or `undefined` means the default, `Infinity` unlimited. */
export interface Budget {
  /** Fuel: instructions, by the cost model of RATIONALE.md, "Fuel: the cost model". Unlimited by default. */
  readonly fuel?: number | undefined;
  /** Milliseconds on the clock, from now. Unlimited by default. */
  readonly wallMs?: number | undefined;
}

/** What all runs of a meter together may use, and its clock. Missing or `undefined` means the default, `Infinity` unlimited. */
export interface MeterOptions extends Budget {
  /** Pages of 64 KiB by which memories may grow. Unlimited by default. */
  readonly memoryMaxPages?: number | undefined;
  /** Entries that tables may have at first and by growth: 100,000 by default. */
  readonly tableMaxEntries?: number | undefined;
  /** Bytes of objects of garbage collection that may be allocated, freed or not: 64 MiB by default. */
  readonly heapMaxBytes?: number | undefined;
  /** The time in milliseconds, from any point in the past: `performance.now` by default. */
  readonly clock?: (() => number) | undefined;
}

/** The functions of the meter that a metered module imports. */
export type MeterImports = { readonly [N in MeterImportName]: (...args: never[]) => number | bigint | undefined };

const DEFAULT_TABLE_ENTRIES = 100_000;
const DEFAULT_HEAP_BYTES = 64 * 1024 * 1024;
/** Stands for no limit in a global of 64 bits. */
const UNLIMITED_HEAP = 2n ** 62n;
const NANOSECONDS_PER_MS = 1e6;

/** The globals of one metered instance, and the slice that its counter was given. */
interface Account {
  readonly globals: Readonly<Record<MeterGlobalName, WebAssembly.Global>>;
  slice: number;
}

/**
 * Fuel, deadline and memory of one metered instance, or of several that share it. Made by `instantiateMetered`.
 *
 * Once a budget is used up, whatever runs ends in a trap, and so does all that is run afterwards, until {@link refuel}.
 */
export class Meter {
  readonly #clock: () => number;
  readonly #accounts: Account[] = [];
  #fuel = Number.POSITIVE_INFINITY;
  /** Fuel of slices that have come to their end. */
  #consumed = 0;
  #deadline = Number.POSITIVE_INFINITY;
  #pages: number;
  #entries: number;
  readonly #heapBytes: number;
  #failure: MeteringFailure | undefined;
  #cause: unknown;
  #sliceSize = FIRST_SLICE;
  #sliceBegan = 0;
  /** Runs that are under way, one in an imported function of another. */
  #running = 0;

  constructor(options: MeterOptions = {}) {
    this.#clock = options.clock ?? (() => performance.now());
    this.#pages = limit('memoryMaxPages', options.memoryMaxPages, Number.POSITIVE_INFINITY);
    this.#entries = limit('tableMaxEntries', options.tableMaxEntries, DEFAULT_TABLE_ENTRIES);
    this.#heapBytes = limit('heapMaxBytes', options.heapMaxBytes, DEFAULT_HEAP_BYTES);
    this.refuel(options);
  }

  /** Fuel burnt since the last {@link refuel}. After `OutOfFuel` it is the budget. */
  get fuelConsumed(): number {
    if (this.#failure?.kind === 'OutOfFuel') return this.#fuel;
    let consumed = this.#consumed;
    for (const account of this.#accounts) consumed += unsettled(account);
    return consumed;
  }

  /** The budget that is used up, fuel at the end of a run included; `undefined` when none is. */
  get exhausted(): ExhaustedKind | undefined {
    const { failure } = this;
    if (failure === undefined && this.fuelConsumed >= this.#fuel) {
      this.fail({ kind: 'OutOfFuel' });
      return 'OutOfFuel';
    }
    return failure !== undefined && isExhausted(failure) ? failure.kind : undefined;
  }

  /** Why the run was ended; `undefined` when it was not. */
  get failure(): MeteringFailure | undefined {
    // Stack and heap are counted in the instances, which leave a negative amount behind when they end the run.
    for (const { globals } of this.#accounts) {
      if (Number(globals.stack.value) < 0) this.fail({ kind: 'StackOverflow' });
      if (Number(globals.heap.value) < 0) this.fail({ kind: 'OutOfMemory' });
    }
    return this.#failure;
  }

  /** Begins anew: fuel and time as given, and no failure. Memory that was taken stays taken. */
  refuel({ fuel, wallMs }: Budget = {}): void {
    this.#fuel = limit('fuel', fuel, Number.POSITIVE_INFINITY);
    const now = this.#clock();
    this.#deadline = now + limit('wallMs', wallMs, Number.POSITIVE_INFINITY);
    this.#failure = undefined;
    this.#cause = undefined;
    this.#consumed = 0;
    for (const { globals } of this.#accounts) globals.stack.value = STACK_SLOTS;
    this.#recall();
    this.#consumed = 0;
    this.#sliceBegan = now;
    // One instance alone gets its first slice here, and need not ask for it.
    const [account] = this.#accounts;
    if (account !== undefined && this.#accounts.length === 1 && this.#fuel > 0) {
      account.slice = Math.min(Math.ceil(this.#fuel), this.#sliceSize);
      account.globals.counter.value = account.slice - 1;
    }
  }

  /**
   * Runs a function that calls into metered instances.
   *
   * @throws MeteringError when a budget was used up, or an imported function threw: the error's cause. Anything else that is thrown,
   * a trap of the module's own for example, comes through as it is.
   */
  run<T>(call: () => T): T {
    // What left an instance by a trap or an exception has not set the depth back.
    if (this.#running++ === 0) for (const { globals } of this.#accounts) globals.stack.value = STACK_SLOTS;
    try {
      const result = call();
      this.check();
      return result;
    } catch (error) {
      if (isStackOverflow(error)) this.fail({ kind: 'StackOverflow' });
      const { failure } = this;
      if (failure === undefined) throw error;
      throw new MeteringError(failure, { cause: this.#cause ?? error });
    } finally {
      this.#running--;
    }
  }

  /** @throws MeteringError when nothing is left. What ends with no fuel left counts as out of fuel too. */
  check(): void {
    const kind = this.exhausted;
    if (kind !== undefined) throw new MeteringError({ kind }, { cause: this.#cause });
    if (this.#failure !== undefined) throw new MeteringError(this.#failure, { cause: this.#cause });
  }

  /**
   * Ends the run: nothing that is running goes on for long. For use in imported functions.
   *
   * @param cause what was thrown, if anything.
   */
  fail(failure: MeteringFailure, cause?: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#cause = cause;
    this.#recall();
  }

  /** Reads the clock, and fails if it is past the deadline. @returns whether the run has failed. */
  readClock(): boolean {
    if (this.#failure === undefined && this.#clock() >= this.#deadline) this.fail({ kind: 'Timeout' });
    return this.#failure !== undefined;
  }

  /** Takes pages from the memory budget, negative to give back. @returns whether there were as many; else the run has failed. */
  takePages(pages: number): boolean {
    if (this.#failure !== undefined || pages > this.#pages) return this.#outOf('OutOfMemory');
    this.#pages -= pages;
    return !this.readClock();
  }

  /** The same for table entries. */
  takeEntries(entries: number): boolean {
    if (this.#failure !== undefined || entries > this.#entries) return this.#outOf('OutOfMemory');
    this.#entries -= entries;
    return !this.readClock();
  }

  /** The functions that an instance imports. It must be attached before it runs. */
  imports(): MeterImports {
    return {
      tick: (counter: number, time: number) => this.#tick(counter, time),
      take_pages: (pages: number) => (this.takePages(pages) ? 1 : 0),
      take_entries: (entries: number) => (this.takeEntries(entries) ? 1 : 0),
      clamp_wait: (nanoseconds: bigint) => this.#clampWait(nanoseconds),
    };
  }

  /** Adds an instance by the globals that it exports. */
  attach(globals: Account['globals']): void {
    globals.heap.value =
      this.#heapBytes === Number.POSITIVE_INFINITY ? UNLIMITED_HEAP : BigInt(Math.floor(this.#heapBytes));
    this.#accounts.push({ globals, slice: 0 });
  }

  /**
   * A slice is used up. One instance alone gives its counter and time: slices are so short that reading them from the globals would show.
   *
   * @returns the next, or 0 to end the run.
   */
  #tick(counter: number, time: number): number {
    if (this.#failure !== undefined) return 0;
    const now = this.#clock();
    const [only] = this.#accounts;
    if (only !== undefined && this.#accounts.length === 1 && now < this.#deadline) {
      const consumed = this.#consumed + only.slice - 1 - counter - time;
      if (consumed < this.#fuel) {
        this.#consumed = consumed;
        return this.#give(only, now);
      }
    }
    const asking = this.#recall();
    if (this.#consumed >= this.#fuel) this.fail({ kind: 'OutOfFuel' });
    if (now >= this.#deadline) this.fail({ kind: 'Timeout' });
    return asking === undefined || this.#failed ? 0 : this.#give(asking, now);
  }

  #give(account: Account, now: number): number {
    this.#sliceSize = nextSlice(this.#sliceSize, now - this.#sliceBegan);
    this.#sliceBegan = now;
    account.slice = Math.min(Math.ceil(this.#fuel - this.#consumed), this.#sliceSize);
    return account.slice;
  }

  get #failed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Takes back what is left of all slices, so that one instance at a time has one. The counters of the others are used up, and ask again.
   *
   * @returns the account whose counter was used up: the one that asks.
   */
  #recall(): Account | undefined {
    let asking: Account | undefined;
    for (const account of this.#accounts) {
      if (Number(account.globals.counter.value) < 0) asking ??= account;
      this.#consumed += unsettled(account);
      account.slice = 0;
      account.globals.counter.value = -1;
      account.globals.time.value = 0;
    }
    return asking;
  }

  #clampWait(nanoseconds: bigint): bigint {
    if (this.readClock()) return 0n;
    const left = this.#deadline - this.#clock();
    if (left === Number.POSITIVE_INFINITY) return nanoseconds;
    const longest = BigInt(Math.max(0, Math.ceil(left * NANOSECONDS_PER_MS)));
    return nanoseconds < 0n || nanoseconds > longest ? longest : nanoseconds;
  }

  #outOf(kind: ExhaustedKind): false {
    this.fail({ kind });
    return false;
  }
}

/** Fuel of an instance's slice so far: what is gone of it, but for what was charged for time alone. */
function unsettled({ globals, slice }: Account): number {
  return slice - 1 - Number(globals.counter.value) - Number(globals.time.value);
}

/** V8 and JavaScriptCore throw a RangeError, SpiderMonkey an InternalError, which has no constructor to test against. */
export function isStackOverflow(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return (thrown instanceof RangeError && /stack/i.test(thrown.message)) || /too much recursion/.test(thrown.message);
}
