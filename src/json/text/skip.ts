import {
  BACKSLASH,
  CARRIAGE_RETURN,
  COLON,
  COMMA,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
  TAB,
} from './characters.ts';

/** A number, or one of the other values without quotation marks and brackets. */
const TOKEN = /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)$/;
/** What can follow a backslash, besides `u`. */
const ESCAPES = '"\\/bfnrt';

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
    const open: number[] = [];
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
      } else if (!(first === QUOTE ? this.string() : this.token())) return false;
      if (!this.#ends(open)) return false;
    } while (open.length > 0);
    return true;
  }

  /**
   * Skips what follows a value: closing brackets, and then a comma and key of the innermost array
   * or object that is still open.
   */
  #ends(open: number[]): boolean {
    for (;;) {
      const frame = open.at(-1);
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
    const letter = String.fromCharCode(this.bytes[++this.at] ?? 0);
    if (letter !== 'u') return ESCAPES.includes(letter);
    const digits = String.fromCharCode(...this.bytes.subarray(this.at + 1, this.at + 5));
    this.at += 4;
    return /^[0-9a-fA-F]{4}$/.test(digits);
  }

  /** Skips a number or literal: all bytes up to a mark or white space. */
  token(): boolean {
    const start = this.at;
    while (/[-+.0-9A-Za-z]/.test(String.fromCharCode(this.bytes[this.at] ?? 0))) this.at++;
    return TOKEN.test(new TextDecoder().decode(this.bytes.subarray(start, this.at)));
  }
}
