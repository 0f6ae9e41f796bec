import type { Sample } from './measure.ts';

/** What the process takes after a number of calls. */
export interface HookSample extends Sample {
  readonly calls: number;
}

/** What is sampled, in bytes. */
export type SampledQuantity = 'heap' | 'resident' | 'virtual';

/** Samples of a run, besides the one at its beginning. */
export const SAMPLES = 100;
/** The part of a run that is not judged: engines compile, and take what they keep. */
const WARM_UP_PART = 0.1;

/**
 * What is sampled, in the order of columns, and by how much a straight line through the samples may
 * rise between the end of the warm-up and the last call. For a million calls that is 4 bytes of
 * heap and 32 bytes of resident memory a call. V8 reserves 10 GB of address space for a memory, so
 * the last bound is that of two memories.
 */
export const sampled: readonly (readonly [quantity: SampledQuantity, label: string, bound: number])[] = [
  ['heap', 'heap', 4e6],
  ['resident', 'resident memory', 32e6],
  ['virtual', 'address space', 20e9],
];

/** How a quantity rises, in bytes. */
export interface Growth {
  /** The slope of the line. */
  readonly perCall: number;
  /** What the line rises by in the calls that are judged. */
  readonly total: number;
  /** The first and the last sample that is judged. */
  readonly first: number;
  readonly last: number;
}

/**
 * Fits a straight line to the samples after the warm-up.
 *
 * @param samples in the order of calls.
 * @returns undefined if the system does not report the quantity.
 */
export function growthOf(samples: readonly HookSample[], quantity: SampledQuantity): Growth | undefined {
  const all = samples.at(-1)?.calls ?? 0;
  const points = samples.flatMap((sample): (readonly [number, number])[] => {
    const value = sample[quantity];
    return value === undefined || sample.calls < all * WARM_UP_PART ? [] : [[sample.calls, value]];
  });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const perCall = slope(points);
  return { perCall, total: perCall * (last[0] - first[0]), first: first[1], last: last[1] };
}

/**
 * The slope of the straight line that fits points best: the sum of the squares of the distances is
 * the least.
 *
 * @param points at least two, with different first coordinates.
 */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (index: 0 | 1): number => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const [xy, xx] = points.reduce(
    ([products, squares], [x, y]) => [products + (x - meanX) * (y - meanY), squares + (x - meanX) ** 2],
    [0, 0],
  );
  return xy / xx;
}
