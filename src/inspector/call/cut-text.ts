import type { CutText } from './report.ts';

/** Cuts a text after a number of UTF-16 code units, but not within a character. */
export function cutText(text: string, characters: number): CutText {
  if (text.length <= characters) return { text, more: 0 };
  const end = /[\ud800-\udbff]/.test(text.charAt(characters - 1)) ? characters - 1 : characters;
  return { text: text.slice(0, end), more: text.length - end };
}
