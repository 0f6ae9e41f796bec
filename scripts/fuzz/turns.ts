import type { Property } from '../../test/fuzz/properties/property.ts';

/** How long one property runs at most before it is another's turn, in milliseconds. */
const TURN_MS = 5_000;

/** Tries a property in a round for some milliseconds. Returns the number of values. */
export type Turn = (property: Property, round: number, timeMs: number) => number;

/**
 * Tries properties in turn until the time is over. In each round the turns are equally long, so
 * that every property has one, however short the time is.
 *
 * @returns how many values each was tried with, by its name.
 */
export function takeTurns(chosen: readonly Property[], timeMs: number, turn: Turn): ReadonlyMap<string, number> {
  const end = performance.now() + timeMs;
  const tried = new Map(chosen.map(({ name }) => [name, 0]));
  for (let round = 0, left = timeMs; left > 0; round++) {
    const turnMs = Math.min(TURN_MS, left / chosen.length);
    for (const property of chosen) {
      tried.set(property.name, (tried.get(property.name) ?? 0) + turn(property, round, turnMs));
    }
    left = end - performance.now();
  }
  return tried;
}
