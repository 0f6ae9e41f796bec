import {
  BACKSLASH,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  LINE_FEED,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  SPACE,
  TAB,
  ZERO,
} from './characters.ts';
import { type JsonEntry, type JsonNode, TextNode } from './node.ts';
import { hasControl, hasFastJson } from './strings.ts';
import { foundAt, loneSurrogateError, stringError, syntaxError } from './syntax-error.ts';
import { isWellFormed } from './utf8.ts';
import { DEPTH_MAX, I64_MIN, U64_MAX } from './value.ts';

/**
 * The longest string that is read character by character. The engine's own reader takes longer
 * ones.
 */
const SHORT_STRING_MAX = 48;

/** The most digits with which every integer is safe in a double. */
const SAFE_DIGITS_MAX = 15;

/** The longest token of an integer within u64 or i64: twenty digits, or nineteen and a sign. */
const INTEGER_LENGTH_MAX = 20;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/**
 * Reads a JSON text as serde_json reads a generic value (abi/PROTOCOL.md, "JSON on the wire").
 * Keeps what a generic value loses: repeated keys, and the position of everything.
 *
 * @throws JsonDecodeError with the path `$` if the text is not JSON.
 */
export function readJson(text: string): JsonNode {
  if (!isWellFormed(text)) throw loneSurrogateError(text);
  return new Reader(text).document();
}

/** The content of an empty array or object. */
const NOTHING: readonly never[] = [];

class Reader {
  private readonly text: string;
  private position = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): JsonNode {
    const node = this.value();
    this.afterSpace();
    if (this.position < this.text.length) this.expected('the end of the text');
    return node;
  }

  private value(): JsonNode {
    const { text } = this;
    const first = this.afterSpace();
    const start = this.position;
    switch (first) {
      case QUOTE:
        return new TextNode('string', this.string(), text, start);
      case OPEN_BRACE:
        return this.object(start);
      case OPEN_BRACKET:
        return this.array(start);
      case LOWER_T:
        return this.literal('true', new TextNode('boolean', true, text, start));
      case LOWER_F:
        return this.literal('false', new TextNode('boolean', false, text, start));
      case LOWER_N:
        return this.literal('null', new TextNode('null', null, text, start));
      default:
        return this.shortInteger(start) ?? this.number(start);
    }
  }

  private literal(word: string, node: JsonNode): JsonNode {
    if (!this.text.startsWith(word, this.position)) this.expected('a value');
    this.position += word.length;
    return node;
  }

  private array(start: number): JsonNode {
    this.enter();
    const items = this.accepts(CLOSE_BRACKET) ? NOTHING : this.items();
    this.depth--;
    return new TextNode('array', items, this.text, start);
  }

  private object(start: number): JsonNode {
    this.enter();
    const entries = this.accepts(CLOSE_BRACE) ? NOTHING : this.entries();
    this.depth--;
    return new TextNode('object', entries, this.text, start);
  }

  /**
   * Reads the items of an array that is not empty. Engines allocate less for a list that begins
   * with its first item than for an empty one, which reserves seventeen places.
   */
  private items(): readonly JsonNode[] {
    const items = [this.value()];
    while (this.accepts(COMMA)) items.push(this.value());
    if (!this.accepts(CLOSE_BRACKET)) this.expected("',' or ']'");
    return items;
  }

  /** Reads the entries of an object that is not empty, as `items` does. */
  private entries(): readonly JsonEntry[] {
    const entries = [this.entry()];
    while (this.accepts(COMMA)) entries.push(this.entry());
    if (!this.accepts(CLOSE_BRACE)) this.expected("',' or '}'");
    return entries;
  }

  private entry(): JsonEntry {
    if (this.afterSpace() !== QUOTE) this.expected('a key in quotation marks');
    const key = this.string();
    if (!this.accepts(COLON)) this.expected("':'");
    return { key, value: this.value() };
  }

  /** Steps over an opening bracket. */
  private enter(): void {
    if (this.depth === DEPTH_MAX) {
      const expected = `at most ${DEPTH_MAX} nested arrays and objects`;
      throw syntaxError('TooDeep', this.text, this.position, expected, `${DEPTH_MAX + 1}`);
    }
    this.depth++;
    this.position++;
  }

  /** Steps over white space, and over the mark if it comes next. */
  private accepts(mark: number): boolean {
    if (this.afterSpace() !== mark) return false;
    this.position++;
    return true;
  }

  /**
   * Steps over white space, which is rare.
   *
   * @returns the code unit after it; NaN at the end of the text.
   */
  private afterSpace(): number {
    const { text } = this;
    let unit = text.charCodeAt(this.position);
    while (unit <= SPACE && (unit === SPACE || unit === LINE_FEED || unit === CARRIAGE_RETURN || unit === TAB)) {
      unit = text.charCodeAt(++this.position);
    }
    return unit;
  }

  /** Reads the string whose opening quotation mark is at the current position. */
  private string(): string {
    const { text } = this;
    const start = this.position + 1;
    const shortEnd = Math.min(start + SHORT_STRING_MAX, text.length);
    for (let end = start; end < shortEnd; end++) {
      const unit = text.charCodeAt(end);
      if (unit === QUOTE) {
        this.position = end + 1;
        return text.slice(start, end);
      }
      if (unit < SPACE || unit === BACKSLASH) break;
    }
    return this.longString(start);
  }

  /** Reads a string that is long or has escapes. */
  private longString(start: number): string {
    const { text } = this;
    let end = text.indexOf('"', start);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    const value = end === -1 ? undefined : unquote(text.slice(start - 1, end + 1));
    if (value === undefined) throw stringError(text, start);
    this.position = end + 1;
    return value;
  }

  /**
   * Reads an integer token of few digits, as most numbers are. For any other number it reads
   * nothing and returns `undefined`.
   */
  private shortInteger(start: number): JsonNode | undefined {
    const { text } = this;
    const negative = text.charCodeAt(start) === MINUS;
    const first = negative ? start + 1 : start;
    let size = 0;
    let end = first;
    let unit = text.charCodeAt(end);
    for (; unit >= ZERO && unit <= ZERO + 9; unit = text.charCodeAt(++end)) size = size * 10 + unit - ZERO;
    if (end === first || end > first + SAFE_DIGITS_MAX || unit === POINT || (unit | SPACE) === LOWER_E)
      return undefined;
    if (text.charCodeAt(first) === ZERO && (negative || end > first + 1)) return undefined;
    this.position = end;
    return new TextNode('integer', negative ? -size : size, text, start);
  }

  private number(start: number): JsonNode {
    const { text } = this;
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(text);
    if (match === null) this.expected('a value');
    const [token, fraction, exponent] = match;
    this.position = start + token.length;
    if (fraction === undefined && exponent === undefined && token !== '-0' && token.length <= INTEGER_LENGTH_MAX) {
      const exact = BigInt(token);
      if (exact >= I64_MIN && exact <= U64_MAX) {
        const near = Number(exact);
        return new TextNode('integer', Number.isSafeInteger(near) ? near : exact, text, start);
      }
    }
    const value = Number(token);
    if (!Number.isFinite(value)) {
      throw syntaxError('NumberOutOfRange', text, start, 'a number that a double can hold', 'a larger number');
    }
    return new TextNode('float', value, text, start);
  }

  private expected(expected: string): never {
    const found = foundAt(this.text, this.position);
    throw syntaxError('Syntax', this.text, this.position, expected, found);
  }
}

/** Whether an odd number of backslashes precedes the character at `index`. */
function isEscaped(text: string, index: number): boolean {
  let before = index;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (index - before) % 2 === 1;
}

/** Returns the content of a string token; `undefined` if the token is invalid. */
function unquote(token: string): string | undefined {
  if (!hasFastJson) {
    const content = token.slice(1, -1);
    if (!content.includes('\\') && !hasControl(content)) return content;
  }
  try {
    const value: unknown = JSON.parse(token);
    // The text is well-formed, so a lone surrogate here comes from an escape. serde_json refuses
    // it; JSON.parse does not.
    return typeof value === 'string' && isWellFormed(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
