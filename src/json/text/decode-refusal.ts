import type { JsonDecodeFailureKind } from './decode-error.ts';
import { formatFloat } from './float.ts';
import type { ArrayNode, JsonNode } from './node.ts';
import { Refusal } from './refusal.ts';

/** A value in a JSON text that the declaration does not allow. */
export type DecodeRefusal = Refusal<JsonDecodeFailureKind, JsonNode>;

/** Refuses a value; `step` leads from it to what is really at fault, such as a field that it lacks. */
export function refuse(kind: JsonDecodeFailureKind, node: JsonNode, expected: string, found: string, step = ''): never {
  throw new Refusal(kind, expected, found, node, step);
}

/** Refuses a value of another JSON type. */
export function refuseType(node: JsonNode, expected: string): never {
  refuse('WrongType', node, expected, describe(node));
}

/** Refuses an array with too few or too many elements. */
export function refuseLength(node: ArrayNode, expected: string): never {
  refuse('WrongLength', node, expected, `an array of ${node.value.length}`);
}

/** Names what a text holds, without the content of strings. */
export function describe(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return 'an object';
    case 'array':
      return 'an array';
    case 'string':
      return 'a string';
    case 'float':
      return formatFloat(node.value);
    default:
      return String(node.value);
  }
}

/** Names what would have been accepted, where that is one of a few names. */
export function oneOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : `one of ${names.join(', ')}`;
}
