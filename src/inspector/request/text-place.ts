/** A place in a text, as people and editors count. */
export interface TextPlace {
  /** In UTF-16 code units from the beginning of the text, as a text field counts. */
  readonly index: number;
  /** From 1. Line feeds, with or without a carriage return before them, end lines. */
  readonly line: number;
  /** From 1, in characters: a character beyond U+FFFF counts once. */
  readonly column: number;
}

/** How many characters of a line are shown on each side of a place. */
const AROUND = 60;

/**
 * Converts an offset in UTF-8 bytes to a place in the text.
 *
 * @param offset in bytes. Beyond the end of the text, or within a character, it is the next place
 * that exists.
 */
export function placeOf(text: string, offset: number): TextPlace {
  let index = 0;
  let line = 1;
  let column = 1;
  for (let bytes = 0; bytes < offset && index < text.length; ) {
    const point = text.codePointAt(index) ?? 0;
    bytes += utf8Size(point);
    index += point > 0xffff ? 2 : 1;
    if (point === 0x0a) {
      line++;
      column = 1;
    } else column++;
  }
  return { index, line, column };
}

/** A part of a line, with the place that it is about. */
export interface Excerpt {
  /** What stands before the place. */
  readonly before: string;
  /** The character at the place; empty at the end of the line. */
  readonly at: string;
  readonly after: string;
}

/** Cuts the surroundings of a place out of its line: 60 code units on each side at most. */
export function excerptAt(text: string, { index }: Pick<TextPlace, 'index'>): Excerpt {
  const from = Math.max(text.lastIndexOf('\n', index - 1) + 1, index - AROUND, 0);
  const lineEnd = text.indexOf('\n', index);
  const to = Math.min(lineEnd === -1 ? text.length : lineEnd, index + AROUND);
  const at = index < to ? String.fromCodePoint(text.codePointAt(index) ?? 0) : '';
  return { before: text.slice(from, index), at, after: text.slice(Math.min(index + at.length, to), to) };
}

/** The size of a character in UTF-8; of a lone surrogate, that of its replacement. */
function utf8Size(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point > 0xffff ? 4 : 3;
}
