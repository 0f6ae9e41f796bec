/** Returns the time in milliseconds since 1970 (Unix time), as `Date.now` does. */
export type Clock = () => number;

/** The clock of the machine. */
export const systemClock: Clock = () => Date.now();

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
