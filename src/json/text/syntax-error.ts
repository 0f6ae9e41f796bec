import { JsonDecodeError, type JsonDecodeFailureKind } from './decode-error.ts';
import { utf8Length } from './utf8.ts';

/** The kinds of failures of a text that is not JSON, or that exceeds what is accepted. */
type SyntaxFailureKind = Extract<JsonDecodeFailureKind, 'InvalidUtf8' | 'Syntax' | 'TooDeep' | 'NumberOutOfRange'>;

/**
 * Makes the error for a fault in a text.
 *
 * @param position of the fault, in UTF-16 code units. It is converted to bytes only here.
 */
export function syntaxError(
  kind: SyntaxFailureKind,
  text: string,
  position: number,
  expected: string,
  found: string,
): JsonDecodeError {
  return new JsonDecodeError({ kind, path: '$', offset: byteOffset(text, position), expected, found });
}

/** Converts a position in a text from UTF-16 code units to UTF-8 bytes. */
export function byteOffset(text: string, position: number): number {
  return utf8Length(text.slice(0, position));
}

/**
 * Describes what is at the position of a fault. It repeats at most one punctuation mark of the
 * text.
 */
export function foundAt(text: string, position: number): string {
  if (position >= text.length) return 'the end of the text';
  if (text.charCodeAt(position) === 0xfeff) return 'a byte order mark';
  const character = text.charAt(position);
  return /[!-~]/.test(character) && !/[A-Za-z0-9]/.test(character) ? `'${character}'` : 'something else';
}

/** Makes the error for the first lone surrogate of a text that has one. */
export function loneSurrogateError(text: string): JsonDecodeError {
  return syntaxError('InvalidUtf8', text, text.search(/[\ud800-\udfff]/u), 'Unicode text', 'a lone surrogate');
}

/**
 * Matches a part of a string: an escape of a code unit, another escape, or a run of plain
 * characters.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a string.
const STRING_PART = /\\u([0-9a-fA-F]{4})|\\["\\/bfnrt]|[^"\\\u0000-\u001f]+/y;

/**
 * Makes the error for an invalid string.
 *
 * @param start where its content begins, in UTF-16 code units.
 */
export function stringError(text: string, start: number): JsonDecodeError {
  let position = start;
  let high: number | undefined;
  for (;;) {
    STRING_PART.lastIndex = position;
    const part = STRING_PART.exec(text);
    const unit = Number.parseInt(part?.[1] ?? '0', 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (isLow !== (high !== undefined)) {
      return syntaxError(
        'Syntax',
        text,
        high ?? position,
        'both halves of a surrogate pair',
        'a lone surrogate escape',
      );
    }
    if (part === null) break;
    high = unit >= 0xd800 && unit <= 0xdbff ? position : undefined;
    position += part[0].length;
  }
  const unit = text.charCodeAt(position);
  const [expected, found] =
    unit === 0x5c
      ? ['a valid escape', 'an invalid escape']
      : unit < 0x20
        ? ['an escaped control character', 'a control character']
        : ['a closing quotation mark', 'the end of the text'];
  return syntaxError('Syntax', text, position, expected, found);
}
