import type { ExhaustedKind } from '../error.ts';
import { LARGEST_SLICE, type MeterGlobalName } from '../layout.ts';

/** The globals that a metered instance exports, by their names in the meter. */
export type MeterGlobals = Readonly<Record<MeterGlobalName, WebAssembly.Global>>;

/** Sizes of slices, in instructions. The largest is that of `layout.ts`. */
const FIRST_SLICE = 10_000;
const SMALLEST_SLICE = 1_000;

/**
 * How long a slice should take, in milliseconds. Instructions differ in speed by a factor of 100.
 */
const AIM_MS = 0.5;

/**
 * The size of the slice after one of this size and duration. It changes little, so one wrong
 * measurement does no harm.
 */
function nextSlice(slice: number, tookMs: number): number {
  if (tookMs < AIM_MS / 2) return Math.min(slice * 2, LARGEST_SLICE);
  if (tookMs > AIM_MS * 2) return Math.max(Math.floor(slice / 4), SMALLEST_SLICE);
  return slice;
}

/**
 * One metered instance: its globals, the slice that its counter was given, and the bytes that its
 * heap was.
 */
interface Account {
  readonly globals: MeterGlobals;
  slice: number;
  heap: bigint;
}

/** Whether the globals of an instance have this counter and time. */
function isAt({ globals }: Account, counter: number, time: number): boolean {
  return Number(globals.counter.value) === counter && Number(globals.time.value) === time;
}

/**
 * The fuel of an instance's slice that it has used. What was charged for time alone does not count.
 */
function unsettled({ globals, slice }: Account): number {
  return slice - 1 - Number(globals.counter.value) - Number(globals.time.value);
}

/**
 * The metered instances that share one meter. Hands them fuel in slices, so that the clock is read
 * at the end of each, and counts the fuel and the heap that they have used.
 */
export class Accounts {
  readonly #accounts: Account[] = [];
  /** The account that has the latest slice; `undefined` if none has. */
  #holder: Account | undefined;
  /** Fuel of slices that have ended, and fuel that was burnt outside of the instances. */
  #settled = 0;
  /** What slices that have ended were charged for time alone. */
  #settledTime = 0;
  #sliceSize = FIRST_SLICE;
  #sliceBegan = 0;
  /** Bytes of the heap budget that were left when they were last handed to all instances. */
  #heap: bigint;

  /** @param heap bytes of the heap budget. */
  constructor(heap: bigint) {
    this.#heap = heap;
  }

  /** Adds an instance. @param stackSlots of its stack budget. */
  attach(globals: MeterGlobals, stackSlots: number): void {
    this.#accounts.push({ globals, slice: 0, heap: 0n });
    globals.stack.value = stackSlots;
    this.#shareHeap();
  }

  /** Fuel used since {@link begin}. Reads the globals of all instances. */
  get consumed(): number {
    let consumed = this.#settled;
    for (const account of this.#accounts) consumed += unsettled(account);
    return consumed;
  }

  /** What was charged for time alone since {@link begin}. Reads a global of each instance. */
  get timeUnits(): number {
    let units = this.#settledTime;
    for (const { globals } of this.#accounts) units += Number(globals.time.value);
    return units;
  }

  /** Counts fuel that was burnt outside of the instances. */
  burn(fuel: number): void {
    this.#settled += fuel;
  }

  /**
   * Whether {@link consumed} may have reached a number. Reads no globals, which takes much longer.
   */
  mayHaveConsumed(fuel: number): boolean {
    let most = this.#settled;
    for (const { slice } of this.#accounts) most += slice;
    return most >= fuel;
  }

  /**
   * Whether {@link consumed} has reached a number. Reads one global of each instance if none has
   * used more than its slice.
   */
  hasConsumed(fuel: number): boolean {
    let most = this.#settled;
    for (const { globals, slice } of this.#accounts) most += slice - 1 - Math.min(0, Number(globals.counter.value));
    return most >= fuel && this.consumed >= fuel;
  }

  /**
   * The budget that an instance ended the run for. Stack and heap are counted in the instances,
   * which leave a negative amount behind.
   */
  get leftBehind(): ExhaustedKind | undefined {
    for (const { globals } of this.#accounts) {
      if (Number(globals.stack.value) < 0) return 'StackOverflow';
      if (Number(globals.heap.value) < 0) return 'OutOfMemory';
    }
    return undefined;
  }

  /** The next call comes from the outermost frame. @param stackSlots of the stack budget. */
  resetDepth(stackSlots: number): void {
    for (const { globals } of this.#accounts) globals.stack.value = stackSlots;
  }

  /**
   * Starts counting from 0. An instance that is alone gets its first slice, so that it need not
   * ask.
   *
   * @param now on the clock, in milliseconds.
   * @param fuel of the budget; 0 to give no slice.
   * @param stackSlots of the stack budget: the next call comes from the outermost frame.
   */
  begin(now: number, fuel: number, stackSlots: number): void {
    const isAlone = this.#accounts.length === 1;
    for (const account of this.#accounts) {
      const { counter, time, stack } = account.globals;
      account.slice = isAlone ? Math.min(Math.ceil(fuel), this.#sliceSize) : 0;
      counter.value = account.slice - 1;
      time.value = 0;
      stack.value = stackSlots;
    }
    this.#holder = undefined;
    if (!isAlone) this.#shareHeap();
    this.#settled = 0;
    this.#settledTime = 0;
    this.#sliceBegan = now;
  }

  /**
   * Gives the next slice to an instance that has used up its own. The instance is known by its
   * counter and time, which it passes: slices are so short that reading all globals would be
   * measurable.
   *
   * @param fuel of the budget.
   * @returns the slice; `undefined` if the instance did not have the latest slice, or no fuel is
   * left.
   */
  continue(counter: number, time: number, fuel: number, now: number): number | undefined {
    const holder = this.#asksAgain(counter, time);
    if (holder === undefined) return undefined;
    const consumed = this.#settled + holder.slice - 1 - counter - time;
    if (consumed >= fuel) return undefined;
    this.#settled = consumed;
    this.#settledTime += time;
    return this.#give(holder, fuel, now);
  }

  /**
   * Takes back all slices, and finds the instance that has this counter and time.
   *
   * @returns what gives it a slice.
   */
  recallFor(counter: number, time: number): ((fuel: number, now: number) => number) | undefined {
    // If two have the same values, it makes no difference for the sum which of them is charged.
    const asking = this.#accounts.find((account) => isAt(account, counter, time));
    this.recall();
    return asking && ((fuel, now) => this.#give(asking, fuel, now));
  }

  /** Takes back what is left of all slices. Each instance asks for another when it runs. */
  recall(): void {
    for (const account of this.#accounts) {
      this.#settled += unsettled(account);
      this.#settledTime += Number(account.globals.time.value);
      account.slice = 0;
      account.globals.counter.value = -1;
      account.globals.time.value = 0;
    }
    this.#holder = undefined;
    if (this.#accounts.length > 1) this.#shareHeap();
  }

  /** Whether this many bytes of the heap budget are left. */
  hasHeap(bytes: number): boolean {
    this.#shareHeap();
    return bytes <= this.#heap;
  }

  /** Takes bytes from the heap budget. */
  takeHeap(bytes: number): void {
    this.#heap -= BigInt(bytes);
    this.#shareHeap();
  }

  /**
   * The account that asks for a slice, if it had the latest one: another instance that ran since
   * would have asked when it was entered.
   */
  #asksAgain(counter: number, time: number): Account | undefined {
    const [only] = this.#accounts;
    if (this.#accounts.length === 1) return only;
    const holder = this.#holder;
    return holder !== undefined && isAt(holder, counter, time) ? holder : undefined;
  }

  #give(account: Account, fuel: number, now: number): number {
    this.#holder = account;
    this.#sliceSize = nextSlice(this.#sliceSize, now - this.#sliceBegan);
    this.#sliceBegan = now;
    account.slice = Math.min(Math.ceil(fuel - this.#settled), this.#sliceSize);
    return account.slice;
  }

  /**
   * Hands the whole rest of the heap budget to each instance. One runs at a time; what the others
   * have used since is subtracted when the next one asks for a slice.
   */
  #shareHeap(): void {
    for (const { globals, heap } of this.#accounts) this.#heap -= heap - BigInt(globals.heap.value);
    for (const account of this.#accounts) account.globals.heap.value = account.heap = this.#heap;
  }
}
