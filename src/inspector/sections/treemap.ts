/** A rectangle. All numbers are in the unit of the whole. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a rectangle into parts whose areas are as their sizes, and that are as near to squares as
 * rows of them allow (Bruls, Huizing, van Wijk: "Squarified Treemaps").
 *
 * @param sizes from the largest to the smallest; none is negative.
 * @returns a rectangle for each.
 */
export function treemap(sizes: readonly number[], whole: Rectangle): Rectangle[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const scale = total > 0 ? (whole.width * whole.height) / total : 0;
  const areas = sizes.map((size) => size * scale);
  const placed: Rectangle[] = [];
  let free = whole;
  let first = 0;
  while (first < areas.length) {
    const side = Math.min(free.width, free.height);
    let end = first + 1;
    let sum = areas[first] ?? 0;
    while (end < areas.length) {
      const next = areas[end] ?? 0;
      const largest = areas[first] ?? 0;
      if (worst(largest, next, sum + next, side) > worst(largest, areas[end - 1] ?? 0, sum, side)) break;
      sum += next;
      end++;
    }
    free = placeRow(areas.slice(first, end), sum, free, placed);
    first = end;
  }
  return placed;
}

/** The worst ratio of sides in a row, whose areas are at most `largest` and at least `smallest`. */
function worst(largest: number, smallest: number, sum: number, side: number): number {
  if (smallest <= 0 || side <= 0) return Number.POSITIVE_INFINITY;
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}

/**
 * Places areas one after the other along the shorter side.
 *
 * @returns what is left of the rectangle.
 */
function placeRow(areas: readonly number[], sum: number, free: Rectangle, placed: Rectangle[]): Rectangle {
  const isWide = free.width >= free.height;
  const side = isWide ? free.height : free.width;
  const depth = side > 0 ? sum / side : 0;
  let at = 0;
  for (const area of areas) {
    const length = depth > 0 ? area / depth : 0;
    placed.push(
      isWide
        ? { x: free.x, y: free.y + at, width: depth, height: length }
        : { x: free.x + at, y: free.y, width: length, height: depth },
    );
    at += length;
  }
  return isWide
    ? { ...free, x: free.x + depth, width: Math.max(0, free.width - depth) }
    : { ...free, y: free.y + depth, height: Math.max(0, free.height - depth) };
}
