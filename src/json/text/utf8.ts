import { JsonDecodeError } from './decode-error.ts';

/** Orders two strings by their UTF-8 bytes, as Rust does; JavaScript's own order is that of UTF-16, which puts U+10000 before U+E000. */
export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** The place of a UTF-16 code unit in the order of UTF-8: surrogates stand for the code points beyond U+FFFF, so they come last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}

/** The strings, each once, sorted by their UTF-8 bytes. */
export function sortedSet(strings: readonly string[]): readonly string[] {
  return isAscending(strings) ? strings : [...new Set(strings)].sort(compareUtf8);
}

/** Whether strings are sorted by their UTF-8 bytes already, each once. */
export function isAscending(strings: readonly string[]): boolean {
  for (let index = 1; index < strings.length; index++) {
    if (compareUtf8(strings[index - 1] ?? '', strings[index] ?? '') >= 0) return false;
  }
  return true;
}

/** The length of a string in UTF-8 bytes. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

// The method is part of ES2024; the compiler's library for ES2023 does not know it, and older browsers do not have it.
const native: unknown = Reflect.get(String.prototype, 'isWellFormed');

/** Whether a string holds no lone surrogate: a Rust string cannot, and UTF-8 has no bytes for one. */
export function isWellFormed(text: string): boolean {
  return typeof native === 'function' ? native.call(text) === true : !/[\ud800-\udfff]/u.test(text);
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** What a lenient decoder puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** The text of UTF-8 bytes, a byte order mark included. Throws `JsonDecodeError` with the path `$` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  // Some engines check much more slowly than they decode. A text without replacements was valid; where one is, it may be the writer's own.
  const text = utf8.decode(bytes);
  const offset = text.includes(REPLACEMENT) ? faultOffset(bytes, text) : -1;
  if (offset < 0) return text;
  const found = `byte 0x${bytes[offset]?.toString(16)}`;
  throw new JsonDecodeError({ kind: 'InvalidUtf8', path: '$', offset, expected: 'UTF-8', found });
}

/** Where the first invalid sequence begins: where the text, in bytes again, has others; -1 when it has the same. */
function faultOffset(bytes: Uint8Array, text: string): number {
  const encoded = new TextEncoder().encode(text);
  let offset = 0;
  while (offset < encoded.length && encoded[offset] === bytes[offset]) offset++;
  if (offset === encoded.length) return -1;
  // The two may part in the middle of a character: an invalid sequence can begin as the replacement does.
  while (((encoded[offset] ?? 0) & 0xc0) === 0x80) offset--;
  return offset;
}
