/** How many edits apart two names may be for one to be taken for the other, misspelt. */
const EDITS_MAX = 2;

/**
 * The candidate that was probably meant: the one the given text begins, or the one with the fewest edits to it.
 * `undefined` when none is near.
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

/** How many letters must be inserted, removed, replaced, or swapped with their neighbour, to turn one text into the other. */
function editDistance(from: string, to: string): number {
  // Rows of the usual table: distances between the beginnings of `from`, by row, and those of `to`, by column.
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
