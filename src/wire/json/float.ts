/**
 * Writes a double as serde_json does (abi/PROTOCOL.md, "JSON on the wire"): the shortest digits that read back as the same double,
 * `.0` when it is integral, fixed notation for 1e-5 ≤ |x| < 1e16, else an exponent with its sign: `1e+16`, `1.5e-7`.
 * What is not finite is `null`.
 */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size >= 1e21 || (size < 1e-6 && size > 0)) return String(value);
  if (size >= 1e16 || (size < 1e-5 && size > 0)) return value.toExponential();
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
