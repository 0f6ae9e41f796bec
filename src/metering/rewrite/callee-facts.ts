import type { OwnCall } from './frame-regions.ts';

/** What a call of an imported function is known to cost. */
export interface CallFuel {
  /** Fuel beside that of the call instruction. */
  readonly fuel: number;
  /**
   * Whether it neither charges the same counter, nor throws, nor takes long: then a call of it is
   * like any other instruction.
   */
  readonly leaf: boolean;
}

/**
 * What is known of a callee. Its fuel is charged by its callers; it charges only what it costs
 * beyond that.
 */
export interface CalleeFacts extends CallFuel {
  /**
   * Slots of the stack that it takes with all that it calls, when those are not counted;
   * `undefined` when they are.
   */
  readonly stack: number | undefined;
  /** Bytes of code that are executed at most before exhaustion is noticed or it returns. */
  readonly work: number;
  /**
   * Whether exhaustion is noticed where it is entered, because there is too much to do otherwise.
   */
  readonly checksAtEntry: boolean;
  /** Callees of its own that it takes its frame for, whatever is known of them. */
  readonly countedCallees: ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/** Stands for a function of the module as long as it is being found out what is known of it. */
export const NOT_KNOWN_YET: CalleeFacts = {
  fuel: 0,
  leaf: false,
  stack: 0,
  work: 0,
  checksAtEntry: false,
  countedCallees: NONE,
};

/** What a function shows of itself before its callees are known. */
export interface FunctionSummary {
  /** Fuel of what is executed in any case, from the entry on; callees not included. */
  readonly entry: number;
  /** Whether it charges anything beside, or notices exhaustion itself. */
  readonly chargesLater: boolean;
  /** Its calls of the module's own functions. */
  readonly calls: readonly OwnCall[];
  /** Whether it must take its frame off the stack, whatever these callees are. */
  readonly countsItself: boolean;
  /** What its frame takes of the stack, in slots of 8 bytes. */
  readonly slots: number;
}
