/** A Unix time or a duration, in seconds; a `bigint` if it is not a safe integer. */
export type Seconds = number | bigint;

/** Whether a number of seconds is whole, and exact. */
export function isWhole(seconds: Seconds): boolean {
  return typeof seconds === 'bigint' || Number.isSafeInteger(seconds);
}

/** Adds exactly if both are whole; else returns a number that is not whole either. */
export function addSeconds(a: Seconds, b: Seconds): Seconds {
  if (!isWhole(a) || !isWhole(b)) return Number(a) + Number(b);
  const exact = BigInt(a) + BigInt(b);
  const double = Number(exact);
  return Number.isSafeInteger(double) ? double : exact;
}
