import {
  BACKSLASH,
  CARRIAGE_RETURN,
  COLON,
  COMMA,
  LINE_FEED,
  LOWER_A,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  LOWER_U,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  PLUS,
  POINT,
  QUOTE,
  SPACE,
  TAB,
  UPPER_E,
  ZERO,
} from './characters.ts';

const encoder = /* @__PURE__ */ new TextEncoder();

/** The literals, each by its first byte. */
const LITERALS: ReadonlyMap<number | undefined, Uint8Array> = /* @__PURE__ */ new Map([
  [LOWER_T, /* @__PURE__ */ encoder.encode('true')],
  [LOWER_F, /* @__PURE__ */ encoder.encode('false')],
  [LOWER_N, /* @__PURE__ */ encoder.encode('null')],
]);

/** What can follow a backslash, besides `u`. */
const ESCAPES: ReadonlySet<number | undefined> = /* @__PURE__ */ new Set(encoder.encode('"\\/bfnrt'));

/** Returns the bracket that closes an opening one. */
export function closing(opening: number): number {
  return opening + 2;
}

/**
 * Skips JSON values as serde_json ignores them: only the grammar is checked. A string may have
 * bytes that are not UTF-8 and lone surrogates, a number may be of any size, and arrays and objects
 * of any depth. Each method returns false if the grammar is violated.
 */
export class JsonSkipper {
  /** The offset of the next byte. */
  at = 0;
  readonly bytes: Uint8Array;

  /** @param bytes of a JSON text. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Skips white space. Returns the byte after it, which is not skipped; `undefined` at the end. */
  space(): number | undefined {
    const { bytes } = this;
    let byte = bytes[this.at];
    while (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB) byte = bytes[++this.at];
    return byte;
  }

  /** Skips white space, and a mark that must come next. */
  mark(mark: number): boolean {
    const isThere = this.space() === mark;
    if (isThere) this.at++;
    return isThere;
  }

  /** Skips a key and the colon after it. */
  key(): boolean {
    return this.space() === QUOTE && this.string() && this.mark(COLON);
  }

  /** Skips a value, without recursion. */
  value(): boolean {
    const open = new OpenBrackets();
    do {
      const first = this.space();
      if (first === OPEN_BRACE || first === OPEN_BRACKET) {
        this.at++;
        if (this.space() !== closing(first)) {
          open.push(first);
          if (first === OPEN_BRACE && !this.key()) return false;
          continue;
        }
        this.at++;
      } else if (!this.#scalar(first)) return false;
      if (!this.#ends(open)) return false;
    } while (open.depth > 0);
    return true;
  }

  /**
   * Skips what follows a value: closing brackets, and then a comma and key of the innermost array
   * or object that is still open.
   */
  #ends(open: OpenBrackets): boolean {
    for (;;) {
      const frame = open.innermost;
      if (frame === undefined) return true;
      if (this.mark(COMMA)) return frame === OPEN_BRACKET || this.key();
      if (!this.mark(closing(frame))) return false;
      open.pop();
    }
  }

  /** Skips a string whose opening quotation mark comes next. */
  string(): boolean {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[++this.at];
      if (byte === undefined || byte < SPACE) return false;
      if (byte === QUOTE) {
        this.at++;
        return true;
      }
      if (byte === BACKSLASH && !this.#escape()) return false;
    }
  }

  /** Skips the rest of an escape but its last byte. */
  #escape(): boolean {
    const letter = this.bytes[++this.at];
    if (letter !== LOWER_U) return ESCAPES.has(letter);
    for (let digits = 0; digits < 4; digits++) if (!isHexDigit(this.bytes[++this.at])) return false;
    return true;
  }

  #scalar(first: number | undefined): boolean {
    if (first === QUOTE) return this.string();
    const literal = LITERALS.get(first);
    return literal === undefined ? this.#number() : literal.every((byte) => this.bytes[this.at++] === byte);
  }

  /** Skips a number. If it goes on, as in `01`, the mark that must come next is missing. */
  #number(): boolean {
    const { bytes } = this;
    if (bytes[this.at] === MINUS) this.at++;
    if (bytes[this.at] === ZERO) this.at++;
    else if (!this.#digits()) return false;
    if (bytes[this.at] === POINT) {
      this.at++;
      if (!this.#digits()) return false;
    }
    if (bytes[this.at] !== LOWER_E && bytes[this.at] !== UPPER_E) return true;
    this.at++;
    if (bytes[this.at] === PLUS || bytes[this.at] === MINUS) this.at++;
    return this.#digits();
  }

  /** Skips one or more digits. */
  #digits(): boolean {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at++;
    return this.at > start;
  }
}

function isDigit(byte = 0): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function isHexDigit(byte = 0): boolean {
  // The bit makes a capital letter a small one.
  const small = byte | 0x20;
  return isDigit(byte) || (small >= LOWER_A && small <= LOWER_F);
}

/** The arrays and objects that are open, a bit for each: a text can be nothing but brackets. */
class OpenBrackets {
  depth = 0;
  /** 32 brackets each, the outer ones first; a bit is set for an object. */
  readonly #words: number[] = [];

  /** The bracket that opened the innermost one. */
  get innermost(): typeof OPEN_BRACE | typeof OPEN_BRACKET | undefined {
    if (this.depth === 0) return undefined;
    const last = this.depth - 1;
    return (((this.#words[last >> 5] ?? 0) >> (last & 31)) & 1) === 1 ? OPEN_BRACE : OPEN_BRACKET;
  }

  push(bracket: typeof OPEN_BRACE | typeof OPEN_BRACKET): void {
    const word = this.depth >> 5;
    const bit = 1 << (this.depth++ & 31);
    const before = this.#words[word] ?? 0;
    this.#words[word] = bracket === OPEN_BRACE ? before | bit : before & ~bit;
  }

  pop(): void {
    this.depth--;
  }
}
