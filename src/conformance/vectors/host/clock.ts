import type { Clock } from '../../../clock.ts';

/** The time of vectors that set none, in Unix milliseconds. */
const DEFAULT_MS = 1_700_000_000_000;

/** A clock that stands at the time of a vector. */
export function clockAt(clock: number | bigint | null | undefined): Clock {
  return () => Number(clock ?? DEFAULT_MS);
}
