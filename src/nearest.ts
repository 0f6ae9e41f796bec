/** Names at most this many edits apart count as misspellings of each other. */
const EDITS_MAX = 2;

/**
 * Finds the name that was probably meant.
 *
 * @param given what was written.
 * @param candidates the names that exist.
 * @returns the only candidate that begins with the given text, or else the one with the fewest
 * edits to it; undefined if no candidate is near.
 */
export function nearest(given: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((candidate) => given.length > 1 && candidate.startsWith(given));
  if (begun.length === 1) return begun[0];
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editDistance(given.toLowerCase(), candidate) }))
    .sort((left, right) => left.edits - right.edits);
  const [first] = ranked;
  return first !== undefined && first.edits <= EDITS_MAX && first.edits < first.candidate.length
    ? first.candidate
    : undefined;
}

/**
 * How many letters must be inserted, removed, replaced or swapped with their neighbour to turn one
 * text into the other (Damerau-Levenshtein, no substring edited twice).
 */
function editDistance(from: string, to: string): number {
  // Each row holds the distances from one beginning of `from` to every beginning of `to`.
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
