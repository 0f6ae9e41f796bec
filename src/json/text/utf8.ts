import { JsonDecodeError } from './decode-error.ts';

/**
 * Compares two strings by their UTF-8 bytes, as Rust does. JavaScript compares UTF-16, which puts
 * U+10000 before U+E000.
 *
 * @returns a negative number, 0 or a positive number.
 */
export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/**
 * Ranks a UTF-16 code unit in UTF-8 order. Surrogates encode the code points above U+FFFF, so they
 * come last.
 */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}

/** Returns the strings sorted by their UTF-8 bytes, each once. */
export function sortedSet(strings: readonly string[]): readonly string[] {
  return isAscending(strings) ? strings : [...new Set(strings)].sort(compareUtf8);
}

/** Whether strings are sorted by their UTF-8 bytes without repeats. */
function isAscending(strings: readonly string[]): boolean {
  for (let index = 1; index < strings.length; index++) {
    if (compareUtf8(strings[index - 1] ?? '', strings[index] ?? '') >= 0) return false;
  }
  return true;
}

/** Returns the length of a string in UTF-8 bytes. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

// The method is part of ES2024. The compiler's ES2023 library and older browsers do not have it.
const native: unknown = Reflect.get(String.prototype, 'isWellFormed');

/** Whether a string has no lone surrogate. Rust strings have none, and UTF-8 cannot encode one. */
export function isWellFormed(text: string): boolean {
  return typeof native === 'function' ? native.call(text) === true : !/[\ud800-\udfff]/u.test(text);
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** A lenient decoder's replacement for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Decodes UTF-8 and keeps a byte order mark.
 *
 * @throws JsonDecodeError with the path `$` if the bytes are not valid UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = tryDecodeUtf8(bytes);
  if (typeof text === 'string') return text;
  const found = `byte 0x${bytes[text]?.toString(16)}`;
  throw new JsonDecodeError({ kind: 'InvalidUtf8', path: '$', offset: text, expected: 'UTF-8', found });
}

/**
 * Decodes UTF-8 and keeps a byte order mark.
 *
 * @returns the text; the offset of the first invalid sequence if the bytes are not valid UTF-8.
 */
export function tryDecodeUtf8(bytes: Uint8Array): string | number {
  // Some engines validate much more slowly than they decode. A text without U+FFFD was valid; a
  // text with one may still be.
  const text = utf8.decode(bytes);
  const offset = text.includes(REPLACEMENT) ? faultOffset(bytes, text) : -1;
  return offset < 0 ? text : offset;
}

/**
 * Returns the offset of the first invalid sequence: where the text, encoded again, differs from the
 * bytes; -1 if nowhere.
 */
function faultOffset(bytes: Uint8Array, text: string): number {
  const encoded = new TextEncoder().encode(text);
  let offset = 0;
  while (offset < encoded.length && encoded[offset] === bytes[offset]) offset++;
  if (offset === encoded.length) return -1;
  // An invalid sequence can begin with bytes of the replacement. Go back to the beginning of the
  // character.
  while (((encoded[offset] ?? 0) & 0xc0) === 0x80) offset--;
  return offset;
}
