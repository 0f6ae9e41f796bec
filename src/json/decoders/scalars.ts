import { OpaqueJson } from '../opaque-json.ts';
import { refuseInteger, refuseNode, refuseNodeType, refuseVariant } from '../text/decode-refusal.ts';
import type { JsonNode, ObjectNode } from '../text/node.ts';
import { oneOf } from '../text/refusal.ts';
import { sortedEntries } from '../text/write.ts';
import type { Decode, DecodeRules } from '../type.ts';

/** Decodes a string. */
export function decodeString(node: JsonNode): string {
  return node.kind === 'string' ? node.value : refuseNodeType(node, 'string', 'a string');
}

/** Decodes `true` or `false`. */
export function decodeBool(node: JsonNode): boolean {
  return node.kind === 'boolean' ? node.value : refuseNodeType(node, 'boolean', 'true or false');
}

/** Makes a decoder for integers from `minimum` to `maximum`. */
export function integerDecoder(minimum: number | bigint, maximum: number | bigint): Decode {
  return (node) => {
    if (node.kind === 'integer' && node.value >= minimum && node.value <= maximum) return node.value;
    return refuseInteger(node, minimum, maximum);
  };
}

/** Decodes a number to the nearest single-precision number. */
export function decodeF32(node: JsonNode): number {
  return nearestSingle(numberOf(node));
}

/** Decodes a number to the nearest double. */
export function decodeF64(node: JsonNode): number {
  return Number(numberOf(node));
}

function numberOf(node: JsonNode): number | bigint {
  return node.kind === 'float' || node.kind === 'integer' ? node.value : refuseNodeType(node, 'float', 'a number');
}

/**
 * Rounds to single precision. Rounding a `bigint` to a double first would round twice, so this
 * folds the bits that a double drops into one odd bit.
 */
function nearestSingle(value: number | bigint): number {
  if (typeof value === 'number') return Math.fround(value);
  const dropped = value & 0x7ffn;
  return Math.fround(Number(dropped === 0n ? value : (value - dropped) | 0x800n));
}

/** Makes a decoder for one of several strings. */
export function stringEnumDecoder(values: readonly string[]): Decode {
  return (node, rules) => {
    const name = node.kind === 'object' ? keyOfUnit(node, values, rules) : node.value;
    if (typeof name === 'string' && values.includes(name)) return name;
    return typeof name === 'string' ? refuseVariant(node, name, values) : refuseNodeType(node, 'string', oneOf(values));
  };
}

/** Returns the key of an object that stands for an enum's value: `{"success":null}`. */
function keyOfUnit(node: ObjectNode, values: readonly string[], { repeats, buffered }: DecodeRules): string {
  const entries = repeats === 'refused' ? node.value : sortedEntries(node);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    return refuseNode(node, {
      kind: 'WrongLength',
      expected: oneOf(values),
      found: `an object with ${entries.length} keys`,
    });
  const { value } = entry;
  const isUnit = value.kind === 'null' || (buffered && value.kind === 'object' && value.value.length === 0);
  return isUnit ? entry.key : refuseNodeType(value, 'null', 'null');
}

/** Decodes any value and keeps it as text. */
export function decodeOpaque(node: JsonNode): OpaqueJson {
  return OpaqueJson.ofNode(node);
}

/** {@link decodeOpaque}, for objects only. */
export function decodeOpaqueObject(node: JsonNode): OpaqueJson {
  return node.kind === 'object' ? OpaqueJson.ofNode(node) : refuseNodeType(node, 'object', 'an object');
}
