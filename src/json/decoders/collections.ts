import { refuseLength, refuseNodeType, withinKey } from '../text/decode-refusal.ts';
import type { ArrayNode, JsonNode } from '../text/node.ts';
import { within } from '../text/refusal.ts';
import { sortedSet } from '../text/utf8.ts';
import { sortedEntries } from '../text/write.ts';
import type { Decodable, Decode, DecodeRules } from '../type.ts';
import { decodeString } from './scalars.ts';

/** Makes a decoder for a list of any length. */
export function listDecoder({ decode }: Decodable): Decode {
  return (node, rules) =>
    node.kind === 'array' ? decodeItems(decode, node, rules) : refuseNodeType(node, 'array', 'an array');
}

/** Makes a decoder for a list of exactly `length` elements. */
export function fixedArrayDecoder({ decode }: Decodable, length: number): Decode {
  const expected = `an array of ${length}`;
  return (node, rules) => {
    if (node.kind !== 'array') return refuseNodeType(node, 'array', expected);
    if (node.value.length !== length) return refuseLength(node, expected);
    return decodeItems(decode, node, rules);
  };
}

/**
 * Decodes a set of strings.
 *
 * @returns the strings sorted, each once.
 */
export function decodeSet(node: JsonNode, rules: DecodeRules): readonly string[] {
  return node.kind === 'array'
    ? sortedSet(decodeItems(decodeString, node, rules))
    : refuseNodeType(node, 'array', 'an array of strings');
}

function decodeItems<T>(decode: (item: JsonNode, rules: DecodeRules) => T, node: ArrayNode, rules: DecodeRules): T[] {
  const items: T[] = [];
  try {
    for (const item of node.value) items.push(decode(item, rules));
  } catch (thrown) {
    throw within(thrown, `[${items.length}]`);
  }
  return items;
}

/**
 * Makes a decoder for a map with string keys. It decodes to an object without a prototype, with
 * sorted keys.
 */
export function mapDecoder({ decode }: Decodable): Decode {
  return (node, rules) => {
    if (node.kind !== 'object') return refuseNodeType(node, 'object', 'an object');
    const sorted = sortedEntries(node);
    const values = new Map<string, unknown>();
    let latest = '';
    try {
      for (const { key, value } of rules.repeats === 'refused' ? node.value : sorted) {
        latest = key;
        values.set(key, decode(value, rules));
      }
    } catch (thrown) {
      throw withinKey(thrown, latest);
    }
    const decoded: Record<string, unknown> = Object.create(null);
    for (const { key } of sorted) decoded[key] = values.get(key);
    return decoded;
  };
}
