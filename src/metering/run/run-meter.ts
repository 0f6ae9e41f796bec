import type { BudgetUse, Exhaustion } from '../budget-use.ts';
import { type ExhaustedKind, isExhausted, type MeteringFailure } from '../failure.ts';
import { type MeterImportName, STACK_SLOTS } from '../layout.ts';
import type { MeteringInfo } from '../metering-section.ts';
import { Accounts, type MeterGlobals } from './accounts.ts';
import type { Budget, MeterOptions } from './meter-options.ts';
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
 * Fuel, deadline and memory of one metered instance, or of several that share it, as the code
 * around an instance uses them. Its options and budgets are checked by who makes it.
 *
 * {@link refuel} comes before anything runs. Once a budget is used up, whatever runs ends in a
 * trap, and so does all that is run afterwards, until it is refuelled. The trap is the engine's
 * `WebAssembly.RuntimeError`, and says nothing of the budget: {@link failure} does.
 */
export class RunMeter {
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
  readonly #stock: Readonly<Record<Stock, number>>;
  /** Pages that were taken, also where the stock has no end. */
  #pagesTaken = 0;
  /** What was asked for when a stock did not have it. */
  #refused: BudgetUse | undefined;
  #failure: MeteringFailure | undefined;

  constructor(options: MeterOptions) {
    const { memoryMaxPages: pages = Number.POSITIVE_INFINITY, fuel, wallMs } = options;
    this.#clock = options.clock ?? (() => performance.now());
    this.#stackSlots = options.stackSlots ?? STACK_SLOTS;
    this.#initialMemoryMaxPages = options.initialMemoryMaxPages ?? pages;
    this.#stock = { pages, entries: options.tableMaxEntries ?? DEFAULT_TABLE_ENTRIES };
    this.#left = { ...this.#stock };
    const heap = options.heapMaxBytes ?? DEFAULT_HEAP_BYTES;
    this.#accounts = new Accounts(BigInt(Math.floor(Math.min(heap, UNLIMITED_HEAP))));
    this.#budget = { fuel: fuel ?? Number.POSITIVE_INFINITY, wallMs: wallMs ?? Number.POSITIVE_INFINITY };
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
   */
  refuel({ fuel = this.#budget.fuel, wallMs = this.#budget.wallMs }: Budget = {}, since?: number): void {
    announceRun(wallMs);
    const now = this.#readClock();
    this.#fuel = fuel;
    this.#since = since ?? now;
    this.#wallMs = wallMs;
    this.#refused = undefined;
    this.#failure = undefined;
    // A run that is given no time must not begin with a slice of fuel, which it could end in before
    // the clock is read.
    const isLate = now >= this.#deadline;
    this.#accounts.begin(now, isLate ? 0 : this.#fuel, this.#stackSlots);
    if (isLate) this.fail({ kind: 'Timeout' });
  }

  /** Why the run was ended; `undefined` if it was not. */
  protected get ended(): MeteringFailure | undefined {
    return this.#failure;
  }

  /** Ends the run if there is a {@link failure}. @returns it. */
  protected settle(): MeteringFailure | undefined {
    const { failure } = this;
    if (failure !== undefined) this.fail(failure);
    return this.#failure;
  }

  /**
   * What left an instance by a trap or an exception has not set the depth back; what is suspended
   * has its own stack, and its own depth.
   */
  protected resetDepth(): void {
    this.#accounts.resetDepth(this.#stackSlots);
  }

  /**
   * Ends the run: what is running traps soon. For use in imported functions. The
   * first failure stays, and a stack or heap that an instance has used up came before: its trap may
   * have reached an imported function, which made this failure of it.
   *
   * @returns the failure that stays.
   */
  fail(failure: MeteringFailure): MeteringFailure {
    if (this.#failure === undefined) {
      this.#failure = this.#leftBehind() ?? failure;
      this.#accounts.recall();
    }
    return this.#failure;
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
   * @returns the budget that is too small. Then nothing was taken, and other instances may go on.
   */
  reserve({ initialPages, initialEntries, initialHeapBytes }: MeteringInfo): Exhaustion | undefined {
    const initial = [
      { unit: 'initial pages', used: initialPages, limit: this.#initialMemoryMaxPages },
      { unit: 'table entries', used: initialEntries, limit: this.#left.entries },
    ] as const;
    const use = initial.find(({ used, limit }) => used > limit);
    if (use !== undefined) return { kind: 'OutOfMemory', use };
    if (initialHeapBytes > 0 && !this.#accounts.hasHeap(initialHeapBytes)) return { kind: 'OutOfMemory' };
    this.#left.entries -= initialEntries;
    if (initialHeapBytes > 0) this.#accounts.takeHeap(initialHeapBytes);
    return undefined;
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
