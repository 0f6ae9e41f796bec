/**
 * What a terminal or page would act upon, or not show where it stands: control characters, those that reorder or hide text, line and paragraph
 * separators, halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text on one line with everything unprintable escaped, as `\u{1b}`. Names and messages of plugins go through here, so that they cannot drive a
 * terminal or fake a line.
 *
 * @param shorter escapes for some characters that are shorter.
 */
export function escapeUnprintable(text: string, shorter: Readonly<Record<string, string>> = {}): string {
  return text.replace(
    UNPRINTABLE,
    (character) => shorter[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
