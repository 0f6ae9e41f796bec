import { escapeUnprintable } from './unprintable.ts';

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** How many characters of a name or message are shown. */
const SHOWN = 500;

/** A text with everything unprintable escaped, on one line, and cut when it is long. The full text is in the `--json` output. */
export function printable(text: string, shown: number = SHOWN): string {
  const cut = text.length > shown ? text.slice(0, shown) : text;
  const escaped = escapeUnprintable(cut, SHORT_ESCAPES);
  return cut === text ? escaped : `${escaped}... (${text.length - shown} more characters)`;
}

/** A JSON text with everything unprintable in its strings escaped: the same value in other words. */
export function printableJson(json: string): string {
  // Outside its strings a JSON text has only white space that is wanted; \p{Cc} would take its line feeds.
  return json.replace(/[\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => jsonEscape(character.charCodeAt(unit))).join(''),
  );
}

function jsonEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
