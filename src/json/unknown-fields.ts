import { COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from './text/characters.ts';
import { closing, JsonSkipper } from './text/skip.ts';
import { isWellFormed, tryDecodeUtf8 } from './text/utf8.ts';
import type { Declaration } from './type.ts';

/**
 * Receives a field that is ignored.
 *
 * @param object where its object begins, in bytes.
 */
export type OnIgnored = (object: number, key: string) => void;

/**
 * Overwrites the undeclared fields of structs with spaces, for structs of which serde ignores such
 * fields. What remains can be decoded by the declaration, and offsets in it are those of the
 * original. Within the value of such a field, serde_json checks only the grammar; its key must be
 * valid text.
 *
 * @param type of the value. Fields are overwritten in structs, also in those within maps, lists and
 * structs written as arrays; not in those within options and unions.
 * @param bytes of the text.
 * @param onIgnored is called for each field that is overwritten.
 * @returns a copy without undeclared fields; `bytes` itself if they are not JSON, so that decoding
 * finds the same fault.
 */
export function withoutUnknownFields(type: Declaration, bytes: Uint8Array, onIgnored?: OnIgnored): Uint8Array {
  const walk = new UnknownFields(new JsonSkipper(bytes.slice()), onIgnored);
  return walk.value(type) ? walk.bytes : bytes;
}

/** Each method returns false if the text is not JSON. */
class UnknownFields {
  readonly bytes: Uint8Array;
  readonly #text: JsonSkipper;
  readonly #onIgnored: OnIgnored | undefined;

  constructor(text: JsonSkipper, onIgnored: OnIgnored | undefined) {
    this.bytes = text.bytes;
    this.#text = text;
    this.#onIgnored = onIgnored;
  }

  value(type: Declaration): boolean {
    const first = this.#text.space();
    if (first === OPEN_BRACE) {
      if (type.kind === 'struct') return this.#object((key) => type.fields.find(({ name }) => name === key)?.type);
      if (type.kind === 'map') return this.#object(() => type.of);
    }
    if (first === OPEN_BRACKET) {
      if (type.kind === 'struct') return this.#array((index) => type.fields[index]?.type);
      if (type.kind === 'list') return this.#array(() => type.of);
    }
    return this.#text.value();
  }

  #object(typeOf: (key: string) => Declaration | undefined): boolean {
    const text = this.#text;
    const opening = text.at++;
    if (text.mark(closing(OPEN_BRACE))) return true;
    let kept = 0;
    let comma: number | undefined;
    do {
      const quote = text.space();
      const start = text.at;
      if (quote !== QUOTE || !text.string()) return false;
      const key = keyOf(this.bytes.subarray(start, text.at));
      if (key === undefined || !text.mark(COLON)) return false;
      const type = typeOf(key);
      if (!(type === undefined ? text.value() : this.value(type))) return false;
      if (type === undefined) {
        this.#onIgnored?.(opening, key);
        this.bytes.fill(SPACE, start, text.at);
      }
      // A comma stays between two fields that stay.
      if (comma !== undefined && (type === undefined || kept === 0)) this.bytes[comma] = SPACE;
      if (type !== undefined) kept++;
      text.space();
      comma = text.at;
    } while (text.mark(COMMA));
    return text.mark(closing(OPEN_BRACE));
  }

  #array(typeOf: (index: number) => Declaration | undefined): boolean {
    const text = this.#text;
    text.at++;
    if (text.mark(closing(OPEN_BRACKET))) return true;
    let index = 0;
    do {
      const type = typeOf(index++);
      if (!(type === undefined ? text.value() : this.value(type))) return false;
    } while (text.mark(COMMA));
    return text.mark(closing(OPEN_BRACKET));
  }
}

/**
 * Returns the text of a key.
 *
 * @param token the key in quotation marks, which follows the grammar.
 * @returns `undefined` if it is not UTF-8, or has a lone surrogate.
 */
function keyOf(token: Uint8Array): string | undefined {
  const text = tryDecodeUtf8(token);
  if (typeof text === 'number') return undefined;
  const key: unknown = JSON.parse(text);
  return typeof key === 'string' && isWellFormed(key) ? key : undefined;
}
