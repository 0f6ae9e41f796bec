// The numbers of a source map: base64 digits of five bits, the lowest first.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BITS = 5;
/** The sixth bit of a digit says that more follow. */
const MORE = 1 << BITS;

/**
 * Reads a number.
 *
 * @param segment a segment of a source map.
 * @param at where in it the number begins.
 * @returns the number, and where it ends.
 * @throws {Error} if no number is there.
 */
export function readNumber(segment: string, at: number): readonly [value: number, end: number] {
  let [bits, shift, end, digit] = [0, 0, at, MORE];
  for (; (digit & MORE) !== 0; end++, shift += BITS) {
    digit = end < segment.length ? DIGITS.indexOf(segment.charAt(end)) : -1;
    if (digit < 0) throw new Error(`a source map has a segment ${JSON.stringify(segment)}, not in base64 VLQ`);
    bits += (digit & (MORE - 1)) << shift;
  }
  // The lowest bit is the sign.
  return [(bits & 1) === 0 ? bits >>> 1 : -(bits >>> 1), end];
}

/** Writes a number, which is 0 or more. */
export function writeNumber(value: number): string {
  let [bits, text] = [value << 1, ''];
  for (; bits >= MORE; bits >>>= BITS) text += DIGITS.charAt((bits & (MORE - 1)) | MORE);
  return text + DIGITS.charAt(bits);
}
