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
