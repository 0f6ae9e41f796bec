import { describe, refuse, refuseType } from '../text/decode-refusal.ts';
import type { JsonNode } from '../text/node.ts';
import type { Decode } from '../type.ts';

/** Decodes a string. */
export function decodeString(node: JsonNode): string {
  return node.kind === 'string' ? node.value : refuseType(node, 'a string');
}

/** Decodes `true` or `false`. */
export function decodeBool(node: JsonNode): boolean {
  return node.kind === 'boolean' ? node.value : refuseType(node, 'true or false');
}

/** Decodes integers from `minimum` to `maximum`. */
export function integerDecoder(minimum: number | bigint, maximum: number | bigint): Decode {
  return (node) => {
    const isInteger = node.kind === 'integer';
    if (isInteger && node.value >= minimum && node.value <= maximum) return node.value;
    const kind = isInteger ? 'IntegerOutOfRange' : 'WrongType';
    return refuse(kind, node, `an integer from ${minimum} to ${maximum}`, describe(node));
  };
}

/** Decodes a number to the nearest number of single precision. */
export function decodeF32(node: JsonNode): number {
  return nearestSingle(numberOf(node));
}

/** Decodes a number to the nearest double. */
export function decodeF64(node: JsonNode): number {
  return Number(numberOf(node));
}

function numberOf(node: JsonNode): number | bigint {
  return node.kind === 'float' || node.kind === 'integer' ? node.value : refuseType(node, 'a number');
}

/** Rounds to single precision once; a `bigint` must not be rounded to a double first, so what that would drop is kept as one odd bit. */
function nearestSingle(value: number | bigint): number {
  if (typeof value === 'number') return Math.fround(value);
  const dropped = value & 0x7ffn;
  return Math.fround(Number(dropped === 0n ? value : (value - dropped) | 0x800n));
}
