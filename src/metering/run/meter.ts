import { limitRule } from '../../option-rules.ts';
import type { BudgetUse } from '../budget-use.ts';
import {
  checkOptions,
  type ExhaustedKind,
  isExhausted,
  isStackOverflow,
  MeteringError,
  type MeteringFailure,
} from '../error.ts';
import { type MeterImportName, STACK_SLOTS } from '../layout.ts';
import type { MeteringInfo } from '../metering-section.ts';
import { Accounts, type MeterGlobals } from './accounts.ts';
import { type Budget, type MeterOptions, meterOptionRules } from './meter-options.ts';
import { PendingRuns } from './pending-runs.ts';
import { announceRun } from './run-watch.ts';

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
 * Fuel, deadline and memory of one metered instance, or of several that share it. Made by
 * `instantiateMetered`.
 *
 * Once a budget is used up, whatever runs ends in a trap, and so does all that is run afterwards,
 * until {@link refuel}. The trap is the engine's `WebAssembly.RuntimeError`, and says nothing of
 * the budget. {@link run} makes a `MeteringError` of it; who calls an export without `run` finds
 * the reason in {@link failure}.
 */
export class Meter {
  readonly #clock: () => number;
  readonly #accounts: Accounts;
  /** What {@link refuel} gives by default. */
  readonly #budget: { readonly fuel: number; readonly wallMs: number };
  #fuel = Number.POSITIVE_INFINITY;
  #wallMs = Number.POSITIVE_INFINITY;
  /** When the time began. */
  #since = 0;
  /** What the clock said when it was read last. */
  #now = 0;
  readonly #initialMemoryMaxPages: number;
  readonly #stackSlots: number;
  readonly #left: Record<Stock, number>;
  /** Pages that were taken, also where the stock has no end. */
  #pagesTaken = 0;
  readonly #stock: Readonly<Record<Stock, number>>;
  /** What was asked for when a stock did not have it. */
  #refused: BudgetUse | undefined;
  #failure: MeteringFailure | undefined;
  #cause: unknown;
  readonly #pending = new PendingRuns();
  /** Runs that are under way, one in an imported function of another. */
  #running = 0;

  constructor(options: MeterOptions = {}) {
    checkOptions(options, meterOptionRules);
    const { memoryMaxPages: pages = Number.POSITIVE_INFINITY, fuel, wallMs } = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#stackSlots = options.stackSlots ?? STACK_SLOTS;
    this.#initialMemoryMaxPages = options.initialMemoryMaxPages ?? pages;
    this.#stock = { pages, entries: options.tableMaxEntries ?? DEFAULT_TABLE_ENTRIES };
    this.#left = { ...this.#stock };
    const heap = options.heapMaxBytes ?? DEFAULT_HEAP_BYTES;
    this.#accounts = new Accounts(BigInt(Math.floor(Math.min(heap, UNLIMITED_HEAP))));
    this.#budget = { fuel: fuel ?? Number.POSITIVE_INFINITY, wallMs: wallMs ?? Number.POSITIVE_INFINITY };
    this.refuel();
  }

  /**
   * Fuel burnt since the last {@link refuel}, and never more than the budget: after `OutOfFuel` it
   * is that.
   */
  get fuelConsumed(): number {
    return Math.min(this.#accounts.consumed, this.#fuel);
  }

  /**
   * Work since the last {@link refuel} that takes time but no fuel, the same on every machine: a
   * unit is about 64 bytes of a bulk operation (RATIONALE.md, "Why is there an account for time?").
   */
  get timeUnits(): number {
    return this.#accounts.timeUnits;
  }

  /** Pages that were taken from the memory budget so far, less what was given back. */
  get pagesTaken(): number {
    return this.#pagesTaken;
  }

  /**
   * The budget that is used up, fuel at the end of a run included; `undefined` when none is. To ask
   * changes nothing.
   */
  get exhausted(): ExhaustedKind | undefined {
    const { failure } = this;
    return failure !== undefined && isExhausted(failure) ? failure.kind : undefined;
  }

  /**
   * Why the run was ended, or will be: no fuel is left. `undefined` when neither is so. To ask
   * changes nothing.
   */
  get failure(): MeteringFailure | undefined {
    const failure = this.#failure ?? this.#leftBehind();
    return failure ?? (this.#accounts.hasConsumed(this.#fuel) ? { kind: 'OutOfFuel' } : undefined);
  }

  /**
   * Returns how much was used of a budget; `undefined` if that is not counted, as for the stack.
   * The time is that of the last reading of the clock. A call changes nothing.
   */
  useOf(kind: ExhaustedKind): BudgetUse | undefined {
    if (kind === 'OutOfFuel') return { unit: 'fuel', used: this.fuelConsumed, limit: this.#fuel };
    if (kind === 'Timeout') return { unit: 'ms', used: this.#now - this.#since, limit: this.#wallMs };
    return kind === 'OutOfMemory' ? this.#refused : undefined;
  }

  #leftBehind(): MeteringFailure | undefined {
    const kind = this.#accounts.leftBehind;
    return kind === undefined ? undefined : { kind };
  }

  /**
   * Begins anew: fuel and time as given, and no failure. What is not given, or `undefined`, is what
   * the meter was made with; `Infinity` means no limit. Memory that was taken stays taken, and a
   * heap budget that is used up stays so.
   *
   * @param since when the time began, by the clock of the meter: now by default.
   * @throws MeteringError `InvalidArgument`, and changes nothing.
   */
  refuel({ fuel = this.#budget.fuel, wallMs = this.#budget.wallMs }: Budget = {}, since?: number): void {
    const givenFuel = checkedBudget('fuel', fuel);
    const givenMs = checkedBudget('wallMs', wallMs);
    announceRun(givenMs);
    const now = this.#readClock();
    this.#fuel = givenFuel;
    this.#since = since ?? now;
    this.#wallMs = givenMs;
    this.#refused = undefined;
    this.#failure = undefined;
    this.#cause = undefined;
    // A run that is given no time must not begin with a slice of fuel, which it could end in before
    // the clock is read.
    const isLate = now >= this.#deadline;
    this.#accounts.begin(now, isLate ? 0 : this.#fuel, this.#stackSlots);
    if (isLate) this.fail({ kind: 'Timeout' });
  }

  /**
   * Runs a function that calls into metered instances.
   *
   * @throws MeteringError when a budget was used up, or an imported function threw: the error's
   * cause. Anything else that is thrown, a trap of the module's own for example, comes through as
   * it is.
   */
  run<T>(call: () => T): T {
    const result = this.#begin(call);
    this.check();
    return result;
  }

  /**
   * {@link run} for a function that returns a promise: an export behind `WebAssembly.promising`, or
   * JavaScript that calls exports before and after it waits. Settles once that promise has, or a
   * budget is used up: glue code may leave its promise pending for ever then. Several may be under
   * way at once: they share the budgets, and all end once one is used up. The deadline goes on
   * while the module is suspended, but is noticed only when something runs.
   *
   * @throws MeteringError as a rejection, as {@link run} throws it. Anything else comes through as
   * it is.
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
    if (this.#pending.any) this.#pending.end(this.#error(failure, this.#cause));
  }

  /** Calls into metered instances, from their outermost frame if nothing is running. */
  #begin<T>(call: () => T): T {
    if (this.#running === 0) {
      this.#settle();
      // What left an instance by a trap or an exception has not set the depth back; what is
      // suspended has its own stack, and its own depth.
      this.#accounts.resetDepth(this.#stackSlots);
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
    return this.#failure === undefined ? error : this.#error(this.#failure, this.#cause ?? error);
  }

  /**
   * @throws MeteringError when nothing is left. What ends with no fuel left counts as out of fuel
   * too.
   */
  check(): void {
    this.#settle();
    if (this.#failure !== undefined) throw this.#error(this.#failure, this.#cause);
  }

  #error(failure: MeteringFailure, cause: unknown): MeteringError {
    return new MeteringError(failure, { cause, use: isExhausted(failure) ? this.useOf(failure.kind) : undefined });
  }

  /** Ends the run if there is a {@link failure}. */
  #settle(): void {
    const { failure } = this;
    if (failure !== undefined) this.fail(failure);
  }

  /**
   * Ends the run: what is running traps soon. For use in imported functions. The
   * first failure stays, and a stack or heap that an instance has used up came before: its trap may
   * have reached an imported function, which made this failure of it.
   *
   * @param cause what was thrown, if anything.
   */
  fail(failure: MeteringFailure, cause?: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = this.#leftBehind() ?? failure;
    this.#cause = cause;
    this.#accounts.recall();
    this.#endPending(this.#failure);
  }

  #readClock(): number {
    this.#now = this.#clock();
    return this.#now;
  }

  get #deadline(): number {
    return this.#since + this.#wallMs;
  }

  /** Reads the clock, and fails if it is past the deadline. @returns whether the run has failed. */
  readClock(): boolean {
    if (this.#failure === undefined && this.#readClock() >= this.#deadline) this.fail({ kind: 'Timeout' });
    return this.#failure !== undefined;
  }

  /**
   * Burns fuel for work that was done outside of the instances. For use in imported functions.
   *
   * @returns whether the run has failed: no fuel may be left.
   */
  burn(fuel: number): boolean {
    this.#accounts.burn(fuel);
    if (this.#accounts.mayHaveConsumed(this.#fuel) && this.fuelConsumed >= this.#fuel) this.fail({ kind: 'OutOfFuel' });
    return this.#failure !== undefined;
  }

  /**
   * Takes from the budgets what a module has at first, before it is instantiated. Its pages take
   * nothing, but may not be more than `initialMemoryMaxPages`.
   *
   * @throws MeteringError `OutOfMemory` when that is too much. Then nothing was taken, and other
   * instances may go on.
   */
  takeInitial({ initialPages, initialEntries, initialHeapBytes }: MeteringInfo): void {
    const initial = [
      { unit: 'initial pages', used: initialPages, limit: this.#initialMemoryMaxPages },
      { unit: 'table entries', used: initialEntries, limit: this.#left.entries },
    ] as const;
    const use = initial.find(({ used, limit }) => used > limit);
    if (use !== undefined || (initialHeapBytes > 0 && !this.#accounts.hasHeap(initialHeapBytes))) {
      throw new MeteringError({ kind: 'OutOfMemory' }, { use });
    }
    this.#left.entries -= initialEntries;
    if (initialHeapBytes > 0) this.#accounts.takeHeap(initialHeapBytes);
  }

  /**
   * Takes pages from the memory budget, negative to give back.
   *
   * @returns whether there were as many, and time is left; else nothing was taken, and the run has
   * failed.
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
    if (amount < 0) this.#move(stock, amount);
    else if (amount > this.#left[stock]) this.#refuse(stock, amount);
    if (this.readClock()) return false;
    if (amount > 0) this.#move(stock, amount);
    return true;
  }

  #move(stock: Stock, amount: number): void {
    this.#left[stock] -= amount;
    if (stock === 'pages') this.#pagesTaken += amount;
  }

  #refuse(stock: Stock, amount: number): void {
    const limit = this.#stock[stock];
    const used = limit - this.#left[stock] + amount;
    this.#refused = { unit: stock === 'pages' ? 'pages' : 'table entries', used, limit };
    this.fail({ kind: 'OutOfMemory' });
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
  attach(globals: MeterGlobals): void {
    this.#accounts.attach(globals, this.#stackSlots);
  }

  /**
   * A slice is used up. The instance passes its counter and time.
   *
   * @returns the next slice, or 0 to end the run.
   */
  #tick(counter: number, time: number): number {
    if (this.#failure !== undefined) return 0;
    const now = this.#readClock();
    if (now < this.#deadline) {
      const slice = this.#accounts.continue(counter, time, this.#fuel, now);
      if (slice !== undefined) return slice;
    }
    const give = this.#accounts.recallFor(counter, time);
    const leftBehind = this.#leftBehind();
    if (leftBehind !== undefined) this.fail(leftBehind);
    if (this.#accounts.mayHaveConsumed(this.#fuel)) this.fail({ kind: 'OutOfFuel' });
    if (now >= this.#deadline) this.fail({ kind: 'Timeout' });
    return give === undefined || this.#failed ? 0 : give(this.#fuel, now);
  }

  get #failed(): boolean {
    return this.#failure !== undefined;
  }

  #clampWait(nanoseconds: bigint): bigint {
    if (this.readClock()) return 0n;
    const left = this.#deadline - this.#clock();
    if (left === Number.POSITIVE_INFINITY) return nanoseconds;
    const longest = BigInt(Math.max(0, Math.ceil(left * NANOSECONDS_PER_MS)));
    return nanoseconds < 0n || nanoseconds > longest ? longest : nanoseconds;
  }
}

/** Checks one value alone: every call of a plugin comes through here. */
function checkedBudget(name: keyof Budget, value: number): number {
  if (limitRule.holds(value)) return value;
  throw new MeteringError({ kind: 'InvalidArgument', argument: `budget.${name}`, expected: limitRule.expected });
}
