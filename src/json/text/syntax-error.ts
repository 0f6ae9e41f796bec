import { JsonDecodeError, type JsonDecodeFailureKind } from './decode-error.ts';
import { utf8Length } from './utf8.ts';

/** What is wrong with a text that is not JSON, or not JSON that is taken. */
type SyntaxFailureKind = Extract<JsonDecodeFailureKind, 'InvalidUtf8' | 'Syntax' | 'TooDeep' | 'NumberOutOfRange'>;

/** The error for a fault in a text, at a place in UTF-16 code units; only now is the place counted in bytes. */
export function syntaxError(
  kind: SyntaxFailureKind,
  text: string,
  position: number,
  expected: string,
  found: string,
): JsonDecodeError {
  return new JsonDecodeError({ kind, path: '$', offset: byteOffset(text, position), expected, found });
}

/** The place in a text in UTF-8 bytes. */
export function byteOffset(text: string, position: number): number {
  return utf8Length(text.slice(0, position));
}

/** What stands at a place where something else was expected; text of the document is not repeated but for one mark. */
export function foundAt(text: string, position: number): string {
  if (position >= text.length) return 'the end of the text';
  if (text.charCodeAt(position) === 0xfeff) return 'a byte order mark';
  const character = text.charAt(position);
  return /[!-~]/.test(character) && !/[A-Za-z0-9]/.test(character) ? `'${character}'` : 'something else';
}

/** The error for the first lone surrogate of a text that is known to have one. */
export function loneSurrogateError(text: string): JsonDecodeError {
  return syntaxError('InvalidUtf8', text, text.search(/[\ud800-\udfff]/u), 'Unicode text', 'a lone surrogate');
}

/** One step through the inside of a string: an escape for a code unit, another escape, or a run of plain characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a string.
const STRING_PART = /\\u([0-9a-fA-F]{4})|\\["\\/bfnrt]|[^"\\\u0000-\u001f]+/y;

/** Why a string is refused whose inside begins at `start`, in a text that is known to have a fault there. */
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
      ? ['a valid escape', 'another']
      : unit < 0x20
        ? ['control characters escaped', 'a control character']
        : ['a closing quotation mark', 'the end of the text'];
  return syntaxError('Syntax', text, position, expected, found);
}
