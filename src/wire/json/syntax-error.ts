import { JsonDecodeError, type JsonDecodeFailureKind } from './decode-error.ts';
import { utf8Length } from './utf8.ts';

/** What is wrong with a JSON text, and where, in UTF-16 code units. */
export interface SyntaxFault {
  readonly kind: Extract<JsonDecodeFailureKind, 'InvalidUtf8' | 'Syntax' | 'TooDeep' | 'NumberOutOfRange'>;
  readonly position: number;
  readonly expected: string;
  readonly found: string;
}

/** The error for a fault in a text; only now is the place counted in bytes. */
export function syntaxError(text: string, fault: SyntaxFault): JsonDecodeError {
  const { kind, position, expected, found } = fault;
  return new JsonDecodeError({ kind, path: '$', offset: byteOffset(text, position), expected, found });
}

/** The place in a text in UTF-8 bytes. */
export function byteOffset(text: string, position: number): number {
  return utf8Length(text.slice(0, position));
}

/** What stands at a place where something else was expected; text of the document is not repeated but for one mark. */
export function foundAt(text: string, position: number): string {
  if (position >= text.length) return 'the end of the text';
  const unit = text.charCodeAt(position);
  if (unit === 0xfeff) return 'a byte order mark';
  return unit > 0x20 && unit < 0x7f && !/[A-Za-z0-9]/.test(text.charAt(position))
    ? `'${text.charAt(position)}'`
    : 'something else';
}

/** The first lone surrogate of a text that is known to have one. */
export function loneSurrogateFault(text: string): SyntaxFault {
  const position = text.search(/[\ud800-\udfff]/u);
  return { kind: 'InvalidUtf8', position, expected: 'Unicode text', found: 'a lone surrogate' };
}

/** One step through the inside of a string: an escape for a code unit, another escape, or a run of plain characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a string.
const STRING_PART = /\\u([0-9a-fA-F]{4})|\\["\\/bfnrt]|[^"\\\u0000-\u001f]+/y;

/** Why a string is refused whose inside begins at `start`, in a text that is known to have a fault there. */
export function stringFault(text: string, start: number): SyntaxFault {
  const lone = (position: number): SyntaxFault => ({
    kind: 'Syntax',
    position,
    expected: 'both halves of a surrogate pair',
    found: 'a lone surrogate escape',
  });
  let position = start;
  let high: number | undefined;
  for (;;) {
    STRING_PART.lastIndex = position;
    const part = STRING_PART.exec(text);
    const unit = Number.parseInt(part?.[1] ?? '0', 16);
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (isLow !== (high !== undefined)) return lone(high ?? position);
    if (part === null) break;
    high = unit >= 0xd800 && unit <= 0xdbff ? position : undefined;
    position += part[0].length;
  }
  const unit = text.charCodeAt(position);
  const expected =
    unit === 0x5c ? 'a valid escape' : unit < 0x20 ? 'control characters escaped' : 'a closing quotation mark';
  const found = unit === 0x5c ? 'another' : unit < 0x20 ? 'a control character' : 'the end of the text';
  return { kind: 'Syntax', position, expected, found };
}
