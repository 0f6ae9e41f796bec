import type { HookRow } from './rows.ts';

/** The published host in Rust, among the hosts. */
export const PUBLISHED = 'published';

/** How a host did on a row. Times are microseconds. */
export interface HookTiming {
  readonly host: string;
  /** Calls that were timed. */
  readonly calls: number;
  readonly median: number;
  /** The time that 99 of 100 calls take at most. */
  readonly p99: number;
  /** Processor time of a call on all threads, in the best turn; missing if it is not known. */
  readonly cpu?: number;
}

/** One row of the results. */
export interface HookResult extends Pick<HookRow, 'name' | 'kind'> {
  readonly timings: readonly HookTiming[];
  readonly cannot: readonly { readonly host: string; readonly reason: string }[];
}

/** What a run has measured: scripts/bench/results/hooks.json and hooks-instances.json hold one. */
export interface HookRun {
  readonly machine: string;
  /** The host that the others are compared with; missing from a run without the published host. */
  readonly base?: string | undefined;
  readonly rounds: number;
  readonly turnMs: number;
  /** Titles of the hosts, by their names, in the order of columns. */
  readonly titles: Readonly<Record<string, string>>;
  readonly results: readonly HookResult[];
}
