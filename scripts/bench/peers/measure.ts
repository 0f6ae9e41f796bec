import { median, milliseconds } from '../alternate.ts';

/** One of those that are compared: what it does once, again and again. */
export interface Contender {
  readonly host: string;
  /** Does it once; returns a promise if it is asynchronous. */
  readonly run: () => unknown;
  /** What comes before each timed batch, outside of the time. */
  readonly before?: (() => unknown) | undefined;
}

/** How one of those that are compared did. */
export interface Timing {
  readonly host: string;
  /** Microseconds of doing it once: the median over the rounds, and the quartiles. */
  readonly microseconds: number;
  readonly lower: number;
  readonly upper: number;
  /**
   * How many times the time of the first one: the median over the rounds, each of which compares
   * neighbours.
   */
  readonly ratio: number;
  readonly rounds: number;
}

/** How long to measure. */
export interface Effort {
  /** Rounds in which each has its turn. */
  readonly rounds: number;
  /** No round begins after this many milliseconds, unless there were fewer than three. */
  readonly budgetMs: number;
  /** How often it is done at most in one batch: 1 when it must be prepared each time. */
  readonly maxBatch?: number;
}

/** Fast tasks are measured in batches of about this many milliseconds. */
const BATCH_MS = 3;
/**
 * How long each runs before it is measured, in milliseconds, for the engine to compile it at its
 * best.
 */
const WARM_UP_MS = 50;
const LEAST_ROUNDS = 3;

/** One with the size of its batches. */
interface Paced extends Contender {
  readonly batch: number;
  readonly isAsync: boolean;
}

/** How all did: those that came to an end, and what ended the others. */
export interface Comparison {
  readonly timings: readonly Timing[];
  readonly failed: readonly { readonly host: string; readonly thrown: unknown }[];
}

/**
 * Measures contenders in rounds, each round beginning with another one. A contender that fails
 * while it warms up is left out.
 *
 * @param contenders what is compared; all do the same.
 * @param effort how long to measure.
 * @returns the timings, and the contenders that failed.
 */
export async function compare(contenders: readonly Contender[], effort: Effort): Promise<Comparison> {
  // Fast tasks warm up twice: hosts that share code would else find it as the first one left it.
  for (const contender of contenders) {
    const { batch } = await warmUp(contender, effort).catch(() => ({ batch: 0 }));
    if (batch === 1 && effort.maxBatch !== 1) break;
  }
  const paced: Paced[] = [];
  const failed: { readonly host: string; readonly thrown: unknown }[] = [];
  for (const contender of contenders) {
    await warmUp(contender, effort).then(
      (one) => paced.push(one),
      (thrown: unknown) => failed.push({ host: contender.host, thrown }),
    );
  }
  const rounds: number[][] = [];
  const end = performance.now() + effort.budgetMs;
  while (rounds.length < effort.rounds && (rounds.length < LEAST_ROUNDS || performance.now() < end)) {
    const times: number[] = Array.from({ length: paced.length });
    for (let turn = 0; turn < paced.length; turn++) {
      const index = (turn + rounds.length) % paced.length;
      const contender = paced[index];
      if (contender !== undefined) times[index] = await batchMs(contender);
    }
    rounds.push(times);
  }
  return { timings: paced.map(({ host }, index) => timing(host, rounds, index)), failed };
}

function timing(host: string, rounds: readonly (readonly number[])[], index: number): Timing {
  const times = rounds.map((round) => (round[index] ?? Number.NaN) * 1e3).sort((a, b) => a - b);
  const quartile = (part: number) => times[Math.round((times.length - 1) * part)] ?? Number.NaN;
  const ratio = median(rounds.map((round) => (round[index] ?? Number.NaN) / (round[0] ?? Number.NaN)));
  return {
    host,
    microseconds: median(times),
    lower: quartile(0.25),
    upper: quartile(0.75),
    ratio,
    rounds: rounds.length,
  };
}

async function warmUp(contender: Contender, { maxBatch = Number.POSITIVE_INFINITY }: Effort): Promise<Paced> {
  await contender.before?.();
  const start = performance.now();
  const first = contender.run();
  const isAsync = first instanceof Promise;
  await first;
  let once = performance.now() - start;
  // What takes this long at once has been long at it: compiled code takes over within it.
  for (let [spent, count] = [once, 1]; spent < WARM_UP_MS && count < 1e6; ) {
    const batch = Math.min(maxBatch, Math.ceil(count / 2));
    once = await batchMs({ ...contender, batch, isAsync });
    spent += once * batch;
    count += batch;
  }
  return { ...contender, isAsync, batch: Math.min(maxBatch, Math.max(1, Math.round(BATCH_MS / once))) };
}

/** Milliseconds of one time in a batch. */
async function batchMs({ run, before, batch, isAsync }: Paced): Promise<number> {
  await before?.();
  if (!isAsync) return milliseconds(() => repeat(run, batch)) / batch;
  const start = performance.now();
  for (let count = 0; count < batch; count++) sink = await run();
  return (performance.now() - start) / batch;
}

function repeat(run: () => unknown, batch: number): void {
  for (let count = 0; count < batch; count++) sink = run();
}

/** Results are kept here, so that no engine may optimise the work away. */
export let sink: unknown;
