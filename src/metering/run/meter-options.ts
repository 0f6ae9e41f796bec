import { functionRule, limitRule, type OptionRules } from '../../option-rules.ts';
import { stackSlotsRule } from '../layout.ts';

/**
 * What a run may use: it succeeds only if it takes less. Missing or `undefined` means the default,
 * `Infinity` unlimited.
 */
export interface Budget {
  /**
   * Fuel: instructions, by the cost model of RATIONALE.md, "Fuel: the cost model". Unlimited by
   * default.
   */
  readonly fuel?: number | undefined;
  /**
   * Milliseconds on the clock, from now. Unlimited by default. With 0 every run ends as `Timeout`;
   * else the clock is read when a slice of about half a millisecond is used up, and after each call
   * of a JavaScript function, so a run that is shorter may return late.
   */
  readonly wallMs?: number | undefined;
}

/**
 * What all runs of a meter together may use, and its clock. Missing or `undefined` means the
 * default, `Infinity` unlimited.
 */
export interface MeterOptions extends Budget {
  /**
   * Pages of 64 KiB by which memories may grow, by the module and by JavaScript. Unlimited by
   * default.
   */
  readonly memoryMaxPages?: number | undefined;
  /**
   * Pages of 64 KiB that the memories of one module may have at first, together: as many as
   * `memoryMaxPages` by default.
   */
  readonly initialMemoryMaxPages?: number | undefined;
  /** Entries that tables may have at first and by growth: 100,000 by default. */
  readonly tableMaxEntries?: number | undefined;
  /**
   * Bytes of objects of garbage collection that may be allocated, freed or not: 64 MiB by default.
   */
  readonly heapMaxBytes?: number | undefined;
  /**
   * Slots of 8 bytes that the frames on the stack may take together: 65,536 by default, from 1,024
   * to 4,194,304. More than the default needs a thread with a larger stack than engines give by
   * themselves: see abi/KERNEL.md, "Stack".
   */
  readonly stackSlots?: number | undefined;
  /** The time in milliseconds, from any point in the past: `performance.now` by default. */
  readonly clock?: (() => number) | undefined;
}

/** The rules of {@link MeterOptions}. */
export const meterOptionRules: OptionRules<MeterOptions> = {
  fuel: limitRule,
  wallMs: limitRule,
  memoryMaxPages: limitRule,
  initialMemoryMaxPages: limitRule,
  tableMaxEntries: limitRule,
  heapMaxBytes: limitRule,
  stackSlots: stackSlotsRule,
  clock: functionRule,
};
