import { limitRule } from '../../option-rules.ts';
import { checkOptions, isStackOverflow, MeteringError, type MeteringFailure } from '../error.ts';
import { isExhausted } from '../failure.ts';
import type { MeteringInfo } from '../metering-section.ts';
import { type Budget, type MeterOptions, meterOptionRules } from './meter-options.ts';
import { PendingRuns } from './pending-runs.ts';
import { RunMeter } from './run-meter.ts';

/**
 * Fuel, deadline and memory of one metered instance, or of several that share it. Made by
 * `instantiateMetered`.
 *
 * Once a budget is used up, whatever runs ends in a trap, and so does all that is run afterwards,
 * until {@link refuel}. The trap is the engine's `WebAssembly.RuntimeError`, and says nothing of
 * the budget. {@link run} makes a `MeteringError` of it; who calls an export without `run` finds
 * the reason in {@link failure}.
 */
export class Meter extends RunMeter {
  #cause: unknown;
  readonly #pending = new PendingRuns();
  /** Runs that are under way, one in an imported function of another. */
  #running = 0;

  constructor(options: MeterOptions = {}) {
    checkOptions(options, meterOptionRules);
    super(options);
    this.refuel();
  }

  /**
   * Begins anew: fuel and time as given, and no failure. What is not given, or `undefined`, is what
   * the meter was made with; `Infinity` means no limit. Memory that was taken stays taken, and a
   * heap budget that is used up stays so.
   *
   * @param since when the time began, by the clock of the meter: now by default.
   * @throws MeteringError `InvalidArgument`, and changes nothing.
   */
  override refuel({ fuel, wallMs }: Budget = {}, since?: number): void {
    checkBudget('fuel', fuel);
    checkBudget('wallMs', wallMs);
    this.#cause = undefined;
    super.refuel({ fuel, wallMs }, since);
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
    const ended = this.ended;
    if (ended !== undefined) this.#endPending(ended);
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
      this.settle();
      this.resetDepth();
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
    const failure = this.settle();
    return failure === undefined ? error : this.#error(failure, this.#cause ?? error);
  }

  /**
   * @throws MeteringError when nothing is left. What ends with no fuel left counts as out of fuel
   * too.
   */
  check(): void {
    const failure = this.settle();
    if (failure !== undefined) throw this.#error(failure, this.#cause);
  }

  #error(failure: MeteringFailure, cause: unknown): MeteringError {
    return new MeteringError(failure, { cause, use: isExhausted(failure) ? this.useOf(failure.kind) : undefined });
  }

  /**
   * Ends the run: what is running traps soon. For use in imported functions. The
   * first failure stays, and a stack or heap that an instance has used up came before: its trap may
   * have reached an imported function, which made this failure of it.
   *
   * @param cause what was thrown, if anything.
   * @returns the failure that stays.
   */
  override fail(failure: MeteringFailure, cause?: unknown): MeteringFailure {
    const isFirst = this.ended === undefined;
    const ended = super.fail(failure);
    if (isFirst) {
      this.#cause = cause;
      this.#endPending(ended);
    }
    return ended;
  }

  /**
   * Takes from the budgets what a module has at first, before it is instantiated. Its pages take
   * nothing, but may not be more than `initialMemoryMaxPages`.
   *
   * @throws MeteringError `OutOfMemory` when that is too much. Then nothing was taken, and other
   * instances may go on.
   */
  takeInitial(info: MeteringInfo): void {
    const exhaustion = this.reserve(info);
    if (exhaustion !== undefined) throw new MeteringError({ kind: 'OutOfMemory' }, { use: exhaustion.use });
  }
}

/** Checks one value alone: every call of a plugin comes through here. */
function checkBudget(name: keyof Budget, value: number | undefined): void {
  if (value === undefined || limitRule.holds(value)) return;
  throw new MeteringError({ kind: 'InvalidArgument', argument: `budget.${name}`, expected: limitRule.expected });
}
