import { formatCount } from '../../digits.ts';
import { type Cell, type CellLike, layOutRows } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';

/** What a call took. */
export interface CallCost {
  /** In milliseconds. */
  readonly durationMs: number;
  readonly fuel: number;
}

/** The values that 50, 90 and 99 percent of all values do not exceed, and the greatest. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What several calls took. */
export interface CallStatistics {
  /** How many calls were made: also one that failed. */
  readonly count: number;
  /** In milliseconds. */
  readonly durationMs: Percentiles;
  readonly fuel: Percentiles;
}

/**
 * Sums up what several calls took.
 *
 * @param costs one or more.
 */
export function statisticsOf(costs: readonly CallCost[]): CallStatistics {
  const durationMs = percentiles(costs.map((cost) => cost.durationMs));
  const fuel = percentiles(costs.map((cost) => cost.fuel));
  return { count: costs.length, durationMs, fuel };
}

/**
 * The percentiles of values by the nearest rank: each is one of the values.
 *
 * @param values one or more.
 */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

const COLUMNS = ['p50', 'p90', 'p99', 'max'] as const;

/** Writes what several calls took as lines of text. */
export function statisticsLines({ count, durationMs, fuel }: CallStatistics, paint: Paint): string[] {
  const row = (name: string, values: Percentiles, write: (value: number) => string): CellLike[] => [
    name,
    ...COLUMNS.map((column): Cell => ({ text: write(values[column]), align: 'right' })),
  ];
  const rows = [
    ['', ...COLUMNS.map((text): Cell => ({ text, align: 'right' }))],
    row('ms', durationMs, (value) => value.toFixed(3)),
    row('fuel', fuel, formatCount),
  ];
  return [`${formatCount(count)} ${count === 1 ? 'call' : 'calls'}`, ...layOutRows(rows, paint)];
}
