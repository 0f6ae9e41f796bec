import type { OwnCall } from './frame-regions.ts';

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
