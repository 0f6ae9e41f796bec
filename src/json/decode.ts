import { JsonDecodeError } from './text/decode-error.ts';
import type { JsonNode } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { type DecodeRefusal, Refusal } from './text/refusal.ts';
import { byteOffset } from './text/syntax-error.ts';
import { decodeUtf8 } from './text/utf8.ts';
import type { DecodeRules, WireType } from './type.ts';

/**
 * Decodes a JSON text straight into a type, as the reference does with an identity, an accept and a self-check response:
 * a repeated field is refused, and every value of a map's repeated key is checked.
 * Throws {@link JsonDecodeError} when the text is not JSON, or not of the type.
 */
export function decodeJson<T>(type: WireType<T>, text: string): T {
  return decode(type, readJson(text), 'refused');
}

/** As {@link decodeJson}, from UTF-8: bytes that are not valid UTF-8 are refused, not replaced, and so is a byte order mark. */
export function decodeJsonBytes<T>(type: WireType<T>, bytes: Uint8Array): T {
  return decodeJson(type, decodeUtf8(bytes));
}

/**
 * Reads a JSON text without a type, as the reference does with a dispatch response.
 * Throws {@link JsonDecodeError} with the path `$` when the text is not JSON.
 */
export function parseEnvelope(text: string): JsonNode {
  return readJson(text);
}

/**
 * Decodes what {@link parseEnvelope} read: as through a generic value, in which the last of repeated keys wins at every depth.
 * Throws {@link JsonDecodeError} when it is not of the type; the offset counts from the beginning of the text that was read.
 */
export function decodeNode<T>(type: WireType<T>, node: JsonNode): T {
  return decode(type, node, 'last wins');
}

function decode<T>(type: WireType<T>, node: JsonNode, repeats: DecodeRules['repeats']): T {
  try {
    // What is decoded by a declaration has the type that the declaration carries: one constructor makes both.
    return type.decode(node, { repeats, buffered: false }) as T;
  } catch (thrown) {
    // Only the decoder's own refusals come out of it.
    throw thrown instanceof Refusal ? decodeError(thrown as DecodeRefusal) : thrown;
  }
}

function decodeError({ kind, path, expected, found, place }: DecodeRefusal): JsonDecodeError {
  return new JsonDecodeError({
    kind,
    path: `$${path}`,
    offset: byteOffset(place.source, place.start),
    expected,
    found,
  });
}
