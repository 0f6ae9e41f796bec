import { UNPRINTABLE } from '../printable.ts';

/**
 * Escapes what a page would not show, or would act upon, as `\u{1b}`. Line feeds stay: for a text
 * that is shown with its lines.
 */
export function visibleLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
