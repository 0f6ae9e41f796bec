import { describe, oneOf, refuse, refuseType } from '../text/decode-refusal.ts';
import type { ObjectNode } from '../text/node.ts';
import { sortedEntries } from '../text/write.ts';
import type { Decode, DecodeRules } from '../type.ts';

/** Decodes one of the strings given. */
export function stringEnumDecoder(values: readonly string[]): Decode {
  return (node, rules) => {
    const name = node.kind === 'object' ? keyOfUnit(node, values, rules) : node.value;
    if (typeof name === 'string' && values.includes(name)) return name;
    return refuse(typeof name === 'string' ? 'UnknownVariant' : 'WrongType', node, oneOf(values), describe(node));
  };
}

/** The key of an object that stands for an enum's value: `{"success":null}`. */
function keyOfUnit(node: ObjectNode, values: readonly string[], { repeats, buffered }: DecodeRules): string {
  const entries = repeats === 'refused' ? node.value : sortedEntries(node);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    return refuse('WrongLength', node, oneOf(values), 'an object without one key');
  const { value } = entry;
  const isUnit = value.kind === 'null' || (buffered && value.kind === 'object' && value.value.length === 0);
  return isUnit ? entry.key : refuseType(value, 'null');
}
