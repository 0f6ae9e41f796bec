import { formatCount } from '../../digits.ts';
import type { CallCost, CallReport, SeriesSlice } from './report.ts';

/** The most calls of a series. */
export const SERIES_MAX = 10_000;

/** How long calls go on before the page shows them, in milliseconds. */
export const SLICE_MS = 150;

/** The calls of a series, as far as they were made. */
export interface Series {
  /** How many were asked for. */
  readonly count: number;
  /** What each took, in their order. */
  readonly costs: readonly CallCost[];
  /** `failed` has the report of the call that failed. */
  readonly end: 'running' | 'done' | 'stopped' | 'failed';
  readonly failed?: CallReport;
}

/**
 * Makes a series of calls, slice by slice, so that it can be stopped between calls and the instance
 * lives on.
 *
 * @param count how many: from 1 to {@link SERIES_MAX}.
 * @param slice makes some of the calls that are left: at least one.
 * @param onSeries gets the series after each slice, and at the end.
 * @param isStopped whether the reader stopped it.
 * @returns the series, as `onSeries` got it last. It rejects with what `slice` rejects with.
 */
export async function runSeries(
  count: number,
  slice: (left: number) => Promise<SeriesSlice>,
  onSeries: (series: Series) => void,
  isStopped: () => boolean,
): Promise<Series> {
  let series: Series = { count, costs: [], end: 'running' };
  onSeries(series);
  while (series.end === 'running') {
    const { costs, failed } = await slice(count - series.costs.length);
    series = { count, costs: [...series.costs, ...costs], end: 'running', ...(failed !== undefined && { failed }) };
    const end = endOf(series, isStopped());
    series = { ...series, end };
    onSeries(series);
  }
  return series;
}

function endOf({ count, costs, failed }: Series, isStopped: boolean): Series['end'] {
  if (failed !== undefined) return 'failed';
  if (costs.length >= count) return 'done';
  return isStopped ? 'stopped' : 'running';
}

/** What is measured of each call. */
export type Measure = keyof CallCost;

/** The measures, with their names and units, in the order in which they are shown. */
export const MEASURES: readonly { readonly measure: Measure; readonly title: string; readonly digits: number }[] = [
  { measure: 'fuel', title: 'Fuel', digits: 0 },
  { measure: 'memoryPages', title: 'Pages of memory', digits: 0 },
  { measure: 'durationMs', title: 'Milliseconds', digits: 2 },
];

/** The least, the middle and the greatest of some values. */
export interface Spread {
  readonly least: number;
  /** Of an even number of values, the lower of the two in the middle. */
  readonly median: number;
  readonly greatest: number;
}

/**
 * The spread of what calls took.
 *
 * @returns `undefined` without calls, or if the plugin is not metered and does not count it.
 */
export function spreadOf(costs: readonly CallCost[], measure: Measure): Spread | undefined {
  const sorted = Float64Array.from(costs, (cost) => cost[measure]).sort();
  const [least] = sorted;
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  const greatest = sorted.at(-1);
  // NaN is sorted to the end.
  if (least === undefined || median === undefined || greatest === undefined || Number.isNaN(greatest)) return undefined;
  return { least, median, greatest };
}

/** Reads how many calls were asked for; `undefined` if it is not from 1 to {@link SERIES_MAX}. */
export function seriesCount(typed: string): number | undefined {
  const count = /^\s*\d{1,9}\s*$/.test(typed) ? Number(typed) : 0;
  return count >= 1 && count <= SERIES_MAX ? count : undefined;
}

/** Says what one call of a series took. */
export function costText({ fuel, memoryPages, durationMs }: CallCost, call: number): string {
  const units = Number.isNaN(fuel) ? [] : [`${formatCount(fuel)} fuel`];
  const pages = Number.isNaN(memoryPages)
    ? []
    : [`${formatCount(memoryPages)} ${memoryPages === 1 ? 'page' : 'pages'}`];
  return `Call ${formatCount(call)}: ${[...units, ...pages, `${durationMs.toFixed(2)} ms`].join(', ')}`;
}
