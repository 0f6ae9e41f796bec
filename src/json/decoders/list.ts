import { refuseLength, refuseType } from '../text/decode-refusal.ts';
import type { ArrayNode, JsonNode } from '../text/node.ts';
import { within } from '../text/refusal.ts';
import { sortedSet } from '../text/utf8.ts';
import type { Declaration, Decode, DecodeRules } from '../type.ts';
import { decodeString } from './scalar.ts';

/** Decodes a list of any length. */
export function listDecoder({ decode }: Declaration): Decode {
  return (node, rules) => (node.kind === 'array' ? decodeItems(decode, node, rules) : refuseType(node, 'an array'));
}

/** Decodes a list of exactly `length` elements. */
export function fixedArrayDecoder({ decode }: Declaration, length: number): Decode {
  const expected = `an array of ${length}`;
  return (node, rules) => {
    if (node.kind !== 'array') return refuseType(node, expected);
    if (node.value.length !== length) return refuseLength(node, expected);
    return decodeItems(decode, node, rules);
  };
}

/** Decodes a set of strings: sorted, each once. */
export function decodeSet(node: JsonNode, rules: DecodeRules): readonly string[] {
  return node.kind === 'array'
    ? sortedSet(decodeItems(decodeString, node, rules))
    : refuseType(node, 'an array of strings');
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
