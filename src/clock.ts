/** Returns the time in milliseconds since 1970 (Unix time), as `Date.now` does. */
export type Clock = () => number;

/**
 * The clock of the machine.
 *
 * @throws RangeError where `Date.now()` is 0: edge workers tell no time while they are loaded.
 */
export const systemClock: Clock = () => {
  const time = Date.now();
  if (time !== 0) return time;
  throw new RangeError(
    'this environment tells no time: Date.now() is 0, as in an edge worker that is being loaded; pass the option ' +
      'clock, or wait for a request',
  );
};

/**
 * Reads a clock in milliseconds.
 *
 * @returns whole milliseconds since 1970, rounded down.
 * @throws RangeError if the clock returns anything but a finite number. Exceptions from the clock
 * propagate.
 */
export function unixMilliseconds(clock: Clock): number {
  const time: unknown = clock();
  const whole = typeof time === 'number' ? Math.floor(time) : Number.NaN;
  if (Number.isSafeInteger(whole)) return whole;
  const found = typeof time === 'number' ? String(time) : `a ${typeof time}`;
  throw new RangeError(`the clock must return a finite number of milliseconds since 1970, but returned ${found}`);
}

/**
 * Reads a clock in seconds.
 *
 * @returns whole seconds since 1970, rounded down.
 * @throws what {@link unixMilliseconds} throws.
 */
export function unixSeconds(clock: Clock): number {
  return Math.floor(unixMilliseconds(clock) / 1000);
}

/** How often a clock that has not moved is read again before it counts as standing. */
const READINGS = 100_000;

/**
 * Checks whether the clock of deadlines, `performance.now`, stood while a plugin was called: it
 * showed the same time before and after each call, and then in {@link READINGS} readings. Then no
 * deadline could end a call, and fuel alone bounded it. Edge workers have such a clock, for some
 * only while they are loaded.
 *
 * A call that is faster than the smallest step of a clock proves nothing, so the readings follow. A
 * clock that moves ends them with its next step (RATIONALE.md, "When does a clock stand?").
 *
 * @param calls how long each call took, in milliseconds of that clock.
 * @returns false without calls.
 */
export function clockStood(calls: readonly { readonly durationMs: number }[]): boolean {
  if (calls.length === 0 || calls.some(({ durationMs }) => durationMs !== 0)) return false;
  const shown = performance.now();
  for (let reading = 0; reading < READINGS; reading++) if (performance.now() !== shown) return false;
  return true;
}
