/** Slices that the counter is handed out in, in instructions. At the end of each the clock is read. */
export const FIRST_SLICE = 10_000;
export const SMALLEST_SLICE = 1_000;
export const LARGEST_SLICE = 50_000;

/** How long a slice should take, in milliseconds. The slowest instruction is some hundred times slower than the fastest. */
const AIM_MS = 0.5;

/** The next slice, after one that took so long: towards the aim, by a factor of 2 at most, so that one odd measurement does no harm. */
export function nextSlice(slice: number, tookMs: number): number {
  if (tookMs < AIM_MS / 2) return Math.min(slice * 2, LARGEST_SLICE);
  if (tookMs > AIM_MS * 2) return Math.max(Math.floor(slice / 4), SMALLEST_SLICE);
  return slice;
}
