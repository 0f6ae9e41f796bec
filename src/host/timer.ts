/** The longest time that a timer can wait, in milliseconds. A longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Calls a function after a time.
 *
 * @param ms 0 or more milliseconds; after more than a timer can wait, the function is never called.
 * @returns what prevents the call.
 */
export function timer(ms: number, run: () => void): () => void {
  const waiting = ms > TIMER_MS_MAX ? undefined : setTimeout(run, ms);
  return () => clearTimeout(waiting);
}
