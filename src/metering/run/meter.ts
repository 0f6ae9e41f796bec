import { type ExhaustedKind, isExhausted, isStackOverflow, MeteringError, type MeteringFailure } from '../error.ts';
import { isStackSize, type MeterImportName, STACK_SLOTS, STACK_SLOTS_MAX, STACK_SLOTS_MIN } from '../layout.ts';
import { checkedLimit } from '../limit-options.ts';
import type { MeteringInfo } from '../metering-section.ts';
import { type Account, isAt, unsettled } from './account.ts';
import { PendingRuns } from './pending-runs.ts';
import { FIRST_SLICE, nextSlice } from './slices.ts';

/** What a run may use: it succeeds only if it takes less. Missing or `undefined` means the default, `Infinity` unlimited. */
export interface Budget {
  /** Fuel: instructions, by the cost model of RATIONALE.md, "Fuel: the cost model". Unlimited by default. */
  readonly fuel?: number | undefined;
  /**
   * Milliseconds on the clock, from now. Unlimited by default. With 0 every run ends as `Timeout`; else the clock is read when a slice of about half a
   * millisecond is used up, and after each call of a JavaScript function, so a run that is shorter may return late.
   */
  readonly wallMs?: number | undefined;
}

/** What all runs of a meter together may use, and its clock. Missing or `undefined` means the default, `Infinity` unlimited. */
export interface MeterOptions extends Budget {
  /** Pages of 64 KiB by which memories may grow. Unlimited by default. */
  readonly memoryMaxPages?: number | undefined;
  /** Pages of 64 KiB that the memories of one module may have at first, together: as many as `memoryMaxPages` by default. */
  readonly initialMemoryMaxPages?: number | undefined;
  /** Entries that tables may have at first and by growth: 100,000 by default. */
  readonly tableMaxEntries?: number | undefined;
  /** Bytes of objects of garbage collection that may be allocated, freed or not: 64 MiB by default. */
  readonly heapMaxBytes?: number | undefined;
  /**
   * Slots of 8 bytes that the frames on the stack may take together: 65,536 by default, from 1,024 to 4,194,304. More than the default needs a
   * thread with a larger stack than engines give by themselves: see abi/KERNEL.md, "Stack".
   */
  readonly stackSlots?: number | undefined;
  /** The time in milliseconds, from any point in the past: `performance.now` by default. */
  readonly clock?: (() => number) | undefined;
}

/** The functions of the meter that a metered module imports. */
export type MeterImports = { readonly [N in MeterImportName]: (...args: never[]) => number | bigint | undefined };

const DEFAULT_TABLE_ENTRIES = 100_000;
const DEFAULT_HEAP_BYTES = 64 * 1024 * 1024;
/** Stands for no limit in a global of 64 bits. */
const UNLIMITED_HEAP = 2 ** 62;
const NANOSECONDS_PER_MS = 1e6;

/** What is taken from a budget and given back to it. */
type Stock = 'pages' | 'entries';

/**
 * Fuel, deadline and memory of one metered instance, or of several that share it. Made by `instantiateMetered`.
 *
 * Once a budget is used up, whatever runs ends in a trap, and so does all that is run afterwards, until {@link refuel}. The trap is the engine's
 * `WebAssembly.RuntimeError`, and says nothing of the budget. {@link run} makes a `MeteringError` of it; who calls an export without `run` finds the
 * reason in {@link failure}.
 */
export class Meter {
  readonly #clock: () => number;
  readonly #accounts: Account[] = [];
  /** What {@link refuel} gives when it is not told. */
  readonly #budget: { readonly fuel: number; readonly wallMs: number };
  #fuel = Number.POSITIVE_INFINITY;
  /** Fuel of slices that have come to their end. */
  #consumed = 0;
  #deadline = Number.POSITIVE_INFINITY;
  readonly #initialMemoryMaxPages: number;
  readonly #stackSlots: number;
  readonly #left: Record<Stock, number>;
  /** Bytes of the heap budget that were left when they were last handed to all instances. */
  #heap: bigint;
  #failure: MeteringFailure | undefined;
  #cause: unknown;
  /** The account that the latest slice was given to; `undefined` when none has one. */
  #holder: Account | undefined;
  #sliceSize = FIRST_SLICE;
  #sliceBegan = 0;
  readonly #pending = new PendingRuns();
  /** Runs that are under way, one in an imported function of another. */
  #running = 0;

  constructor(options: MeterOptions = {}) {
    this.#clock = options.clock ?? (() => performance.now());
    this.#stackSlots = checkedStackSlots(options.stackSlots);
    const pages = checkedLimit('memoryMaxPages', options.memoryMaxPages, Number.POSITIVE_INFINITY);
    this.#initialMemoryMaxPages = checkedLimit('initialMemoryMaxPages', options.initialMemoryMaxPages, pages);
    this.#left = {
      pages,
      entries: checkedLimit('tableMaxEntries', options.tableMaxEntries, DEFAULT_TABLE_ENTRIES),
    };
    const heap = checkedLimit('heapMaxBytes', options.heapMaxBytes, DEFAULT_HEAP_BYTES);
    this.#heap = BigInt(Math.floor(Math.min(heap, UNLIMITED_HEAP)));
    this.#budget = {
      fuel: checkedLimit('fuel', options.fuel, Number.POSITIVE_INFINITY),
      wallMs: checkedLimit('wallMs', options.wallMs, Number.POSITIVE_INFINITY),
    };
    this.refuel();
  }

  /** Fuel burnt since the last {@link refuel}, and never more than the budget: after `OutOfFuel` it is that. */
  get fuelConsumed(): number {
    let consumed = this.#consumed;
    for (const account of this.#accounts) consumed += unsettled(account);
    return Math.min(consumed, this.#fuel);
  }

  /** The budget that is used up, fuel at the end of a run included; `undefined` when none is. To ask changes nothing. */
  get exhausted(): ExhaustedKind | undefined {
    const { failure } = this;
    return failure !== undefined && isExhausted(failure) ? failure.kind : undefined;
  }

  /** Why the run was ended, or will be: no fuel is left. `undefined` when neither is so. To ask changes nothing. */
  get failure(): MeteringFailure | undefined {
    const failure = this.#failure ?? this.#leftBehind();
    return failure ?? (this.fuelConsumed >= this.#fuel ? { kind: 'OutOfFuel' } : undefined);
  }

  /** Stack and heap are counted in the instances, which leave a negative amount behind when they end the run. */
  #leftBehind(): MeteringFailure | undefined {
    for (const { globals } of this.#accounts) {
      if (Number(globals.stack.value) < 0) return { kind: 'StackOverflow' };
      if (Number(globals.heap.value) < 0) return { kind: 'OutOfMemory' };
    }
    return undefined;
  }

  /**
   * Begins anew: fuel and time as given, and no failure. What is not given, or `undefined`, is what the meter was made with; `Infinity` means no limit.
   * Memory that was taken stays taken, and a heap budget that is used up stays so.
   *
   * @throws MeteringError `InvalidArgument`, and changes nothing.
   */
  refuel({ fuel, wallMs }: Budget = {}): void {
    const givenFuel = checkedLimit('fuel', fuel, this.#budget.fuel);
    const givenMs = checkedLimit('wallMs', wallMs, this.#budget.wallMs);
    const now = this.#clock();
    this.#fuel = givenFuel;
    this.#deadline = now + givenMs;
    this.#failure = undefined;
    this.#cause = undefined;
    this.#consumed = 0;
    this.#resetDepth();
    this.#recall();
    this.#consumed = 0;
    this.#sliceBegan = now;
    // A run that is given no time must not begin with a slice of fuel, which it could end in before the clock is read.
    if (now >= this.#deadline) {
      this.fail({ kind: 'Timeout' });
      return;
    }
    // One instance alone gets its first slice here, and need not ask for it.
    const [account] = this.#accounts;
    if (account !== undefined && this.#accounts.length === 1 && this.#fuel > 0) {
      account.slice = Math.min(Math.ceil(this.#fuel), this.#sliceSize);
      account.globals.counter.value = account.slice - 1;
    }
  }

  #resetDepth(): void {
    for (const { globals } of this.#accounts) globals.stack.value = this.#stackSlots;
  }

  /**
   * Runs a function that calls into metered instances.
   *
   * @throws MeteringError when a budget was used up, or an imported function threw: the error's cause. Anything else that is thrown,
   * a trap of the module's own for example, comes through as it is.
   */
  run<T>(call: () => T): T {
    const result = this.#begin(call);
    this.check();
    return result;
  }

  /**
   * {@link run} for a function that returns a promise: an export behind `WebAssembly.promising`, or JavaScript that calls exports before and after it waits.
   * Settles once that promise has, or a budget is used up: glue code may leave its promise pending for ever then. Several may be under way at once: they
   * share the budgets, and all end once one is used up. The deadline goes on while the module is suspended, but is noticed only when something runs.
   *
   * @throws MeteringError as a rejection, as {@link run} throws it. Anything else comes through as it is.
   */
  async runAsync<T>(call: () => PromiseLike<T>): Promise<T> {
    const settled = this.#pending.settled(this.#begin(call));
    if (this.#failure !== undefined) this.#endPending(this.#failure);
    let result: T;
    try {
      result = await settled;
    } catch (error) {
      throw error instanceof MeteringError ? error : this.#endedBy(error);
    }
    this.check();
    return result;
  }

  #endPending(failure: MeteringFailure): void {
    if (this.#pending.any) this.#pending.end(new MeteringError(failure, { cause: this.#cause }));
  }

  /** Calls into metered instances, from their outermost frame if nothing is running. */
  #begin<T>(call: () => T): T {
    if (this.#running === 0) {
      this.#settle();
      // What left an instance by a trap or an exception has not set the depth back; what is suspended has its own stack, and its own depth.
      this.#resetDepth();
    }
    this.#running++;
    try {
      return call();
    } catch (error) {
      throw this.#endedBy(error);
    } finally {
      this.#running--;
    }
  }

  /** What a run throws that ended with an error: why it was ended if it was, else the error. */
  #endedBy(error: unknown): unknown {
    if (isStackOverflow(error)) this.fail({ kind: 'StackOverflow' });
    this.#settle();
    return this.#failure === undefined ? error : new MeteringError(this.#failure, { cause: this.#cause ?? error });
  }

  /** @throws MeteringError when nothing is left. What ends with no fuel left counts as out of fuel too. */
  check(): void {
    this.#settle();
    if (this.#failure !== undefined) throw new MeteringError(this.#failure, { cause: this.#cause });
  }

  /** Makes sure that nothing goes on when there is a {@link failure}. */
  #settle(): void {
    const { failure } = this;
    if (failure !== undefined) this.fail(failure);
  }

  /**
   * Ends the run: nothing that is running goes on for long. For use in imported functions. The first failure stays, and a stack or heap
   * that an instance has used up came before: its trap may have reached an imported function, which made this failure of it.
   *
   * @param cause what was thrown, if anything.
   */
  fail(failure: MeteringFailure, cause?: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = this.#leftBehind() ?? failure;
    this.#cause = cause;
    this.#recall();
    this.#endPending(this.#failure);
  }

  /** Reads the clock, and fails if it is past the deadline. @returns whether the run has failed. */
  readClock(): boolean {
    if (this.#failure === undefined && this.#clock() >= this.#deadline) this.fail({ kind: 'Timeout' });
    return this.#failure !== undefined;
  }

  /**
   * Burns fuel for work that was done outside of the instances. For use in imported functions.
   *
   * @returns whether the run has failed: no fuel may be left.
   */
  burn(fuel: number): boolean {
    this.#consumed += fuel;
    // What is left of slices is asked for only where it matters: to read globals takes longer than
    // all else here.
    let most = this.#consumed;
    for (const { slice } of this.#accounts) most += slice;
    if (most >= this.#fuel && this.fuelConsumed >= this.#fuel) this.fail({ kind: 'OutOfFuel' });
    return this.#failure !== undefined;
  }

  /**
   * Takes from the budgets what a module has at first, before it is instantiated. Its pages take nothing, but may not be more than
   * `initialMemoryMaxPages`.
   *
   * @throws MeteringError `OutOfMemory` when that is too much. Then nothing was taken, and other instances may go on.
   */
  takeInitial({ initialPages, initialEntries, initialHeapBytes }: MeteringInfo): void {
    // What instances took of the heap is subtracted before it is asked how much is left.
    if (initialHeapBytes > 0) this.#shareHeap();
    if (
      initialPages > this.#initialMemoryMaxPages ||
      initialEntries > this.#left.entries ||
      (initialHeapBytes > 0 && initialHeapBytes > this.#heap)
    ) {
      throw new MeteringError({ kind: 'OutOfMemory' });
    }
    this.#left.entries -= initialEntries;
    if (initialHeapBytes === 0) return;
    this.#heap -= BigInt(initialHeapBytes);
    this.#shareHeap();
  }

  /**
   * Takes pages from the memory budget, negative to give back.
   *
   * @returns whether there were as many, and time is left; else nothing was taken, and the run has failed.
   */
  takePages(pages: number): boolean {
    return this.#take('pages', pages);
  }

  /** The same for table entries. */
  takeEntries(entries: number): boolean {
    return this.#take('entries', entries);
  }

  #take(stock: Stock, amount: number): boolean {
    // What is given back is so in any case.
    if (amount < 0) this.#left[stock] -= amount;
    else if (amount > this.#left[stock]) this.fail({ kind: 'OutOfMemory' });
    if (this.readClock()) return false;
    if (amount > 0) this.#left[stock] -= amount;
    return true;
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
    this.#accounts.push({ globals, slice: 0, heap: 0n });
    globals.stack.value = this.#stackSlots;
    this.#shareHeap();
  }

  /**
   * Hands what is left of the heap budget to all instances, each the whole. One at a time runs; what another took meanwhile is subtracted when the
   * next one asks for a slice.
   */
  #shareHeap(): void {
    for (const { globals, heap } of this.#accounts) this.#heap -= heap - BigInt(globals.heap.value);
    for (const account of this.#accounts) account.globals.heap.value = account.heap = this.#heap;
  }

  /**
   * A slice is used up. The instance gives its counter and time: slices are so short that reading the globals of all instances would show.
   *
   * @returns the next, or 0 to end the run.
   */
  #tick(counter: number, time: number): number {
    if (this.#failure !== undefined) return 0;
    const now = this.#clock();
    const holder = this.#asksAgain(counter, time);
    if (holder !== undefined && now < this.#deadline) {
      const consumed = this.#consumed + holder.slice - 1 - counter - time;
      if (consumed < this.#fuel) {
        this.#consumed = consumed;
        return this.#give(holder, now);
      }
    }
    const asking = this.#recall((account) => isAt(account, counter, time));
    const leftBehind = this.#leftBehind();
    if (leftBehind !== undefined) this.fail(leftBehind);
    if (this.#consumed >= this.#fuel) this.fail({ kind: 'OutOfFuel' });
    if (now >= this.#deadline) this.fail({ kind: 'Timeout' });
    return asking === undefined || this.#failed ? 0 : this.#give(asking, now);
  }

  /**
   * The account that asks, if it had the latest slice: whatever another instance had run since, it would have asked for a slice when it was entered. An account
   * is told by its counter and time; if those of two are the same, it makes no difference for the sum which of them is charged.
   */
  #asksAgain(counter: number, time: number): Account | undefined {
    const [only] = this.#accounts;
    if (this.#accounts.length === 1) return only;
    const holder = this.#holder;
    return holder !== undefined && isAt(holder, counter, time) ? holder : undefined;
  }

  #give(account: Account, now: number): number {
    this.#holder = account;
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
   * @param asks whether an account can be the one that asks for a slice.
   * @returns the first of those.
   */
  #recall(asks?: (account: Account) => boolean): Account | undefined {
    const asking = asks && this.#accounts.find(asks);
    for (const account of this.#accounts) {
      this.#consumed += unsettled(account);
      account.slice = 0;
      account.globals.counter.value = -1;
      account.globals.time.value = 0;
    }
    this.#holder = undefined;
    if (this.#accounts.length > 1) this.#shareHeap();
    return asking;
  }

  #clampWait(nanoseconds: bigint): bigint {
    if (this.readClock()) return 0n;
    const left = this.#deadline - this.#clock();
    if (left === Number.POSITIVE_INFINITY) return nanoseconds;
    const longest = BigInt(Math.max(0, Math.ceil(left * NANOSECONDS_PER_MS)));
    return nanoseconds < 0n || nanoseconds > longest ? longest : nanoseconds;
  }
}

function checkedStackSlots(slots: number | undefined): number {
  if (slots === undefined) return STACK_SLOTS;
  if (isStackSize(slots)) return slots;
  const expected = `a whole number from ${STACK_SLOTS_MIN} to ${STACK_SLOTS_MAX}`;
  throw new MeteringError({ kind: 'InvalidArgument', argument: 'stackSlots', expected });
}
