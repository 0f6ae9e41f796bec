/*
 * Constants of the text format (specification 6.3, "Values"): each reads back as the same bits.
 */

/** How many digits a float of 32 bits needs at most. */
const F32_DIGITS = 9;

/** The sign bit, the payload of a canonical NaN, and all bits of a payload. */
const F32 = { sign: 0x8000_0000n, canonical: 0x40_0000n, payload: 0x7f_ffffn };
const F64 = { sign: 1n << 63n, canonical: 1n << 51n, payload: (1n << 52n) - 1n };

/**
 * Writes the immediate of `f32.const`.
 *
 * @param view over its four bytes.
 * @returns its shortest decimal form, or `inf`, `nan` or `nan:0x...`.
 */
export function f32Text(view: DataView): string {
  const value = view.getFloat32(0, true);
  return Number.isFinite(value)
    ? finiteText(value, shortestF32)
    : specialText(value, BigInt(view.getUint32(0, true)), F32);
}

/**
 * Writes the immediate of `f64.const`.
 *
 * @param view over its eight bytes.
 * @returns its shortest decimal form, or `inf`, `nan` or `nan:0x...`.
 */
export function f64Text(view: DataView): string {
  const value = view.getFloat64(0, true);
  return Number.isFinite(value) ? finiteText(value, String) : specialText(value, view.getBigUint64(0, true), F64);
}

/**
 * Writes the immediate of `v128.const`.
 *
 * @param view over its 16 bytes.
 * @returns four lanes of 32 bits in hexadecimal.
 */
export function v128Text(view: DataView): string {
  const lanes = [0, 4, 8, 12].map((at) => `0x${view.getUint32(at, true).toString(16).padStart(8, '0')}`);
  return `i32x4 ${lanes.join(' ')}`;
}

function finiteText(value: number, shortest: (value: number) => string): string {
  return Object.is(value, -0) ? '-0' : shortest(value);
}

function shortestF32(value: number): string {
  for (let digits = 1; digits < F32_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(F32_DIGITS)));
}

function specialText(value: number, bits: bigint, { sign, canonical, payload }: typeof F32): string {
  const minus = (bits & sign) === 0n ? '' : '-';
  if (!Number.isNaN(value)) return `${minus}inf`;
  const found = bits & payload;
  return found === canonical ? `${minus}nan` : `${minus}nan:0x${found.toString(16)}`;
}
