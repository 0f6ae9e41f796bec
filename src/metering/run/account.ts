import type { ExhaustedKind } from '../error.ts';
import { LARGEST_SLICE, type MeterGlobalName } from '../layout.ts';

/** The globals that a metered instance exports, by their names in the meter. */
export type MeterGlobals = Readonly<Record<MeterGlobalName, WebAssembly.Global>>;

/**
 * The metered instances of one meter. Hands them fuel in slices, so that the clock is read at the
 * end of each, and counts the fuel and the heap that they have used.
 */
export interface Ledger {
  /** Adds an instance. @param stackSlots of its stack budget. */
  attach(globals: MeterGlobals, stackSlots: number): void;
  /** Fuel used since {@link Ledger.begin}. Reads the globals of all instances. */
  readonly consumed: number;
  /** What was charged for time alone since then. Reads a global of each instance. */
  readonly timeUnits: number;
  /** Counts fuel that was burnt outside of the instances. */
  burn(fuel: number): void;
  /**
   * Whether {@link Ledger.consumed} may have reached a number. Reads no globals, which takes much
   * longer.
   */
  mayHaveConsumed(fuel: number): boolean;
  /**
   * Whether {@link Ledger.consumed} has reached a number. Reads one global of each instance if none
   * has used more than its slice.
   */
  hasConsumed(fuel: number): boolean;
  /**
   * The budget that an instance ended the run for. Stack and heap are counted in the instances,
   * which leave a negative amount behind.
   */
  readonly leftBehind: ExhaustedKind | undefined;
  /** The next call comes from the outermost frame. @param stackSlots of the stack budget. */
  resetDepth(stackSlots: number): void;
  /**
   * Starts counting from 0. An instance that is alone gets its first slice, so that it need not
   * ask.
   *
   * @param now on the clock, in milliseconds.
   * @param fuel of the budget; 0 to give no slice.
   * @param stackSlots of the stack budget: the next call comes from the outermost frame.
   */
  begin(now: number, fuel: number, stackSlots: number): void;
  /**
   * Gives the next slice to an instance that has used up its own. The instance is known by its
   * counter and time, which it passes.
   *
   * @param fuel of the budget.
   * @returns the slice; `undefined` if the instance did not have the latest slice, or no fuel is
   * left.
   */
  continue(counter: number, time: number, fuel: number, now: number): number | undefined;
  /**
   * Takes back all slices, and finds the instance that has this counter and time.
   *
   * @returns what gives it a slice.
   */
  recallFor(counter: number, time: number): ((fuel: number, now: number) => number) | undefined;
  /** Takes back what is left of all slices. Each instance asks for another when it runs. */
  recall(): void;
  /** Whether this many bytes of the heap budget are left. */
  hasHeap(bytes: number): boolean;
  /** Takes bytes from the heap budget. */
  takeHeap(bytes: number): void;
}

/** Sizes of slices, in instructions. The largest is that of `layout.ts`. */
export const FIRST_SLICE = 10_000;
const SMALLEST_SLICE = 1_000;

/**
 * How long a slice should take, in milliseconds. Instructions differ in speed by a factor of 100.
 */
const AIM_MS = 0.5;

/**
 * The size of the slice after one of this size and duration. It changes little, so one wrong
 * measurement does no harm.
 */
export function nextSlice(slice: number, tookMs: number): number {
  if (tookMs < AIM_MS / 2) return Math.min(slice * 2, LARGEST_SLICE);
  if (tookMs > AIM_MS * 2) return Math.max(Math.floor(slice / 4), SMALLEST_SLICE);
  return slice;
}

/** The ledger of one instance that shares its meter with no other, as every plugin does. */
export class SoleAccount implements Ledger {
  /** Of the instance, once it is attached. */
  #globals: MeterGlobals | undefined;
  #slice = 0;
  /** Fuel of slices that have ended, and fuel that was burnt outside of the instance. */
  #settled = 0;
  /** What slices that have ended were charged for time alone. */
  #settledTime = 0;
  #sliceSize = FIRST_SLICE;
  #sliceBegan = 0;
  /** Bytes of the heap budget that the instance gets. */
  #heap: bigint;

  /** @param heap bytes of the heap budget. */
  constructor(heap: bigint) {
    this.#heap = heap;
  }

  /** Counts the instance. It is the only one. */
  attach(globals: MeterGlobals, stackSlots: number): void {
    this.#globals = globals;
    globals.heap.value = this.#heap;
    this.resetDepth(stackSlots);
  }

  #valueOf(name: MeterGlobalName): number {
    return Number(this.#globals?.[name].value ?? 0);
  }

  /** Fuel of the slice that is gone: what the counter says, without what time alone was charged. */
  get #unsettled(): number {
    return this.#globals === undefined ? 0 : this.#slice - 1 - this.#valueOf('counter') - this.#valueOf('time');
  }

  get consumed(): number {
    return this.#settled + this.#unsettled;
  }

  get timeUnits(): number {
    return this.#settledTime + this.#valueOf('time');
  }

  burn(fuel: number): void {
    this.#settled += fuel;
  }

  mayHaveConsumed(fuel: number): boolean {
    return this.#settled + this.#slice >= fuel;
  }

  hasConsumed(fuel: number): boolean {
    const overdrawn = this.#globals === undefined ? 0 : 1 + Math.min(0, this.#valueOf('counter'));
    return this.#settled + this.#slice - overdrawn >= fuel && this.consumed >= fuel;
  }

  get leftBehind(): ExhaustedKind | undefined {
    if (this.#valueOf('stack') < 0) return 'StackOverflow';
    return this.#valueOf('heap') < 0 ? 'OutOfMemory' : undefined;
  }

  resetDepth(stackSlots: number): void {
    if (this.#globals !== undefined) this.#globals.stack.value = stackSlots;
  }

  begin(now: number, fuel: number, stackSlots: number): void {
    this.#settled = 0;
    this.#settledTime = 0;
    this.#sliceBegan = now;
    this.#hand(Math.min(Math.ceil(fuel), this.#sliceSize));
    this.resetDepth(stackSlots);
  }

  /** Hands the instance a slice, with nothing used of it. */
  #hand(slice: number): void {
    if (this.#globals === undefined) return;
    this.#slice = slice;
    this.#globals.counter.value = slice - 1;
    this.#globals.time.value = 0;
  }

  continue(counter: number, time: number, fuel: number, now: number): number | undefined {
    const consumed = this.#settled + this.#slice - 1 - counter - time;
    if (consumed >= fuel) return undefined;
    this.#settled = consumed;
    this.#settledTime += time;
    return this.#next(fuel, now);
  }

  recallFor(): (fuel: number, now: number) => number {
    this.recall();
    return (fuel, now) => this.#next(fuel, now);
  }

  recall(): void {
    this.#settledTime = this.timeUnits;
    this.#settled = this.consumed;
    this.#hand(0);
  }

  /** The instance sets its own globals for the slice that it is given here. */
  #next(fuel: number, now: number): number {
    this.#sliceSize = nextSlice(this.#sliceSize, now - this.#sliceBegan);
    this.#sliceBegan = now;
    this.#slice = Math.min(Math.ceil(fuel - this.#settled), this.#sliceSize);
    return this.#slice;
  }

  /** Asked before the instance is attached: from then on it counts the heap itself. */
  hasHeap(bytes: number): boolean {
    return bytes <= this.#heap;
  }

  takeHeap(bytes: number): void {
    this.#heap -= BigInt(bytes);
  }
}
