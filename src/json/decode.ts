import { JsonDecodeError } from './text/decode-error.ts';
import { DecodeRefusal } from './text/decode-refusal.ts';
import type { JsonNode } from './text/node.ts';
import { readJson } from './text/reader.ts';
import { byteOffset } from './text/syntax-error.ts';
import { decodeUtf8 } from './text/utf8.ts';
import type { DecodeRules, ReadableType } from './type.ts';

/**
 * Decodes a JSON text straight into a type, as the reference does for an identity, an accept and a
 * self-check response. Refuses a repeated field, and checks every value of a repeated map key.
 *
 * @throws JsonDecodeError if the text is not JSON, or not of the type.
 */
export function decodeJson<T>(type: ReadableType<T>, text: string): T {
  return decode(type, readJson(text), 'refused');
}

/**
 * {@link decodeJson} for UTF-8 bytes. Refuses invalid UTF-8 and a byte order mark.
 *
 * @throws JsonDecodeError if the bytes are not UTF-8, not JSON, or not of the type.
 */
export function decodeJsonBytes<T>(type: ReadableType<T>, bytes: Uint8Array): T {
  return decodeJson(type, decodeUtf8(bytes));
}

/**
 * Reads a JSON text without a type, as the reference does for a dispatch response.
 *
 * @throws JsonDecodeError with the path `$` if the text is not JSON.
 */
export function parseEnvelope(text: string): JsonNode {
  return readJson(text);
}

/**
 * Decodes what {@link parseEnvelope} returned.
 *
 * @param repeats what happens to a repeated field. By default the last wins at every depth, as in a
 * generic value. `refused`: as {@link decodeJson}.
 * @throws JsonDecodeError if the node is not of the type. Its offset counts from the beginning of
 * the text.
 */
export function decodeNode<T>(type: ReadableType<T>, node: JsonNode, repeats: DecodeRules['repeats'] = 'last wins'): T {
  return decode(type, node, repeats);
}

function decode<T>(type: ReadableType<T>, node: JsonNode, repeats: DecodeRules['repeats']): T {
  try {
    // One constructor makes the declaration's decoder and its type, so the decoded value has that
    // type.
    return type.decode(node, { repeats, buffered: false }) as T;
  } catch (thrown) {
    throw thrown instanceof DecodeRefusal ? decodeError(thrown) : thrown;
  }
}

function decodeError({ fault, path, hasKey, place }: DecodeRefusal): JsonDecodeError {
  const offset = byteOffset(place.source, place.start);
  return new JsonDecodeError({ ...fault, path: `$${path}`, ...(hasKey && { hasKey }), offset });
}
