/**
 * What a terminal or page would act upon, or would not show where it stands: control characters,
 * characters that reorder or hide text, line and paragraph separators, halves of surrogate pairs.
 */
export const UNPRINTABLE: RegExp = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Escapes everything unprintable in a text, as `\u{1b}`. Names and messages of plugins pass
 * through here, so that they cannot drive a terminal or fake a line.
 *
 * @param shorter shorter escapes for some characters, by character.
 * @returns a text on one line.
 */
export function escapeUnprintable(text: string, shorter: Readonly<Record<string, string>> = {}): string {
  return text.replace(
    UNPRINTABLE,
    (character) => shorter[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** How many characters of a name or message are shown. */
const SHOWN = 500;

/**
 * Escapes everything unprintable in a text and cuts it if it is long. The `--json` output has the
 * full text.
 *
 * @param shown how many characters are kept; 500 by default.
 * @returns a text on one line.
 */
export function printable(text: string, shown: number = SHOWN): string {
  const cut = text.length > shown ? text.slice(0, shown) : text;
  const escaped = escapeUnprintable(cut, SHORT_ESCAPES);
  return cut === text ? escaped : `${escaped}... (${text.length - shown} more characters)`;
}
