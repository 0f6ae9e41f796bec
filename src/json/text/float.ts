/**
 * Writes a double as serde_json does (abi/PROTOCOL.md, "JSON on the wire"): the shortest digits
 * that read back as the same double. An integral value ends in `.0`. For 1e-5 ≤ |x| < 1e16 the
 * notation is fixed, else it has an exponent with its sign: `1e+16`, `1.5e-7`. A value that is not
 * finite is written `null`.
 */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size >= 1e21 || (size < 1e-6 && size > 0)) return String(value);
  if (size >= 1e16 || (size < 1e-5 && size > 0)) return value.toExponential();
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** The most digits in the shortest text of a single-precision number. */
const SINGLE_DIGITS_MAX = 9;

/**
 * Rounds a number to single precision and writes it as serde_json writes an f32 that does not pass
 * through a generic value: the shortest digits that read back as the same single-precision number.
 * For 1e-6 ≤ |x| < 1e13 the notation is fixed, else as in {@link formatFloat}.
 */
export function formatSingle(value: number): string {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) return formatFloat(single);
  const shortest = shortestSingle(single);
  const size = Math.abs(shortest);
  if (size >= 1e13 || size < 1e-6) return shortest.toExponential();
  return Number.isInteger(shortest) ? `${shortest}.0` : String(shortest);
}

/**
 * Finds the double with the fewest decimal digits that rounds to a single-precision number. If
 * there are several, returns the nearest; if two are equally near, the even one.
 */
function shortestSingle(single: number): number {
  for (let digits = 1; digits < SINGLE_DIGITS_MAX; digits++) {
    const near = nearest(single, digits);
    if (Math.fround(near) === single) return near;
    // Above a power of two, numbers lie twice as far apart as below it. The second nearest text may
    // round to the power where the nearest does not.
    const [mantissa = '', exponent = ''] = single.toExponential(digits - 1).split('e');
    const away = Number(`${Number(mantissa) + Math.sign(single) * 10 ** (1 - digits)}e${exponent}`);
    const next = Number(away.toPrecision(digits));
    if (Math.fround(next) === single) return next;
  }
  return nearest(single, SINGLE_DIGITS_MAX);
}

/**
 * Rounds to a number of digits. Halfway between two, it takes the one with an even last digit;
 * `toPrecision` takes the larger.
 */
function nearest(single: number, digits: number): number {
  const further = single.toExponential(digits);
  const isHalfway = Number(further) === single && /[02468]\.?5e/.test(further);
  if (isHalfway) return Number(further.replace(/\.?5e/, 'e'));
  return Number(single.toPrecision(digits));
}
