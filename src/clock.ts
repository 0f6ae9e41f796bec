/** Gives the time in milliseconds since 1970 (Unix time), as `Date.now` does. */
export type Clock = () => number;

/** The clock of the machine. */
export const systemClock: Clock = () => Date.now();

/**
 * The time in whole milliseconds.
 *
 * @throws RangeError when the clock gives what is no finite time, and whatever the clock throws.
 */
export function unixMilliseconds(clock: Clock): number {
  const time: unknown = clock();
  const whole = typeof time === 'number' ? Math.floor(time) : Number.NaN;
  if (Number.isSafeInteger(whole)) return whole;
  const found = typeof time === 'number' ? String(time) : `a ${typeof time}`;
  throw new RangeError(`the clock must give a finite number of milliseconds since 1970, but gave ${found}`);
}

/** The time in whole seconds; throws as {@link unixMilliseconds} does. */
export function unixSeconds(clock: Clock): number {
  return Math.floor(unixMilliseconds(clock) / 1000);
}
