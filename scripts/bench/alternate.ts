/** What came of running two functions in turn. */
export interface Comparison {
  /** Milliseconds of one run of each, medians over the rounds. */
  readonly firstMs: number;
  readonly secondMs: number;
  /**
   * How many times as long the second takes: the median over the rounds, each of which sets two
   * neighbouring runs against each other.
   */
  readonly ratio: number;
  /** Half the distance between the quartiles of the rounds' ratios. */
  readonly spread: number;
  readonly rounds: number;
}

/** How long to measure. */
export interface Measuring {
  /** Pairs of runs that are measured. */
  readonly rounds: number;
  /** Runs of each before, for the engine to compile them at its best. */
  readonly warmUpRounds: number;
}

/**
 * Runs two functions alternately, each one first in every other round, and compares their times.
 */
export function alternate(first: () => void, second: () => void, { rounds, warmUpRounds }: Measuring): Comparison {
  for (let round = 0; round < warmUpRounds; round++) pair(first, second, round);
  const times = Array.from({ length: rounds }, (_, round) => pair(first, second, round));
  const ratios = times.map(({ firstMs, secondMs }) => secondMs / firstMs);
  return {
    firstMs: median(times.map(({ firstMs }) => firstMs)),
    secondMs: median(times.map(({ secondMs }) => secondMs)),
    ratio: median(ratios),
    spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2,
    rounds,
  };
}

function pair(first: () => void, second: () => void, round: number): { firstMs: number; secondMs: number } {
  if (round % 2 === 0) {
    const firstMs = milliseconds(first);
    return { firstMs, secondMs: milliseconds(second) };
  }
  const secondMs = milliseconds(second);
  return { firstMs: milliseconds(first), secondMs };
}

/** How long a function takes. */
export function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The n-th root of the product. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The value below which a part of the values lies: 0.5 is the middle. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * part)] ?? Number.NaN;
}
