import { oneOf, refuse, refuseLength, refuseType } from '../text/decode-refusal.ts';
import type { ArrayNode, JsonEntry, JsonNode, ObjectNode } from '../text/node.ts';
import { within } from '../text/refusal.ts';
import type { Decode, DecodeRules, Field } from '../type.ts';

/** What a struct or a variant is decoded to: its fields by their names. */
export type Decoded = Record<string, unknown>;

/** Decodes a struct: an object, or an array of its fields in declared order. */
export function structDecoder(name: string, fields: readonly Field[]): Decode {
  return (node, rules) => {
    if (node.kind === 'object') return decodeEntries({}, fields, node, node.value, rules);
    if (node.kind === 'array') return decodeElements({}, fields, node, 0, rules);
    return refuseType(node, `an object (${name})`);
  };
}

/** Decodes the entries of an object into the fields of a struct or variant. */
export function decodeEntries(
  decoded: Decoded,
  fields: readonly Field[],
  node: ObjectNode,
  entries: readonly JsonEntry[],
  rules: DecodeRules,
): Decoded {
  const values = new Array<JsonNode | undefined>(fields.length);
  let next = 0;
  for (const { key, value } of entries) {
    const index = indexOfField(fields, key, next);
    if (index === -1) return refuse('UnknownField', value, oneOf(fields.map((field) => field.name)), 'another field');
    if (rules.repeats === 'refused' && values[index] !== undefined) {
      return refuse('RepeatedField', value, 'it once', 'it again', `.${key}`);
    }
    values[index] = value;
    next = index + 1;
  }
  return decodeFields(decoded, fields, values, node, rules);
}

/** Where the field of a name stands, looked for from where it mostly does; -1 when there is none. */
function indexOfField(fields: readonly Field[], name: string, expected: number): number {
  for (let index = expected; index < fields.length; index++) if (fields[index]?.name === name) return index;
  return fields.findIndex((field) => field.name === name);
}

/** Decodes the elements of an array from `first` on, one for each field in declared order. */
export function decodeElements(
  decoded: Decoded,
  fields: readonly Field[],
  node: ArrayNode,
  first: number,
  rules: DecodeRules,
): Decoded {
  const length = first + fields.length;
  if (node.value.length > length) return refuseLength(node, `an array of ${length}`);
  const elements = node.value.slice(first);
  // A field that is none when an object lacks it must still have its element; only a default lets an array end early.
  const early = fields.findIndex(({ whenMissing }, index) => whenMissing === 'none' && elements[index] === undefined);
  if (early === -1) return decodeFields(decoded, fields, elements, node, rules);
  decodeFields(decoded, fields.slice(0, early), elements, node, rules);
  return refuseLength(node, `an array of ${length}`);
}

/** Decodes the values found for fields, in the order of the fields. */
function decodeFields(
  decoded: Decoded,
  fields: readonly Field[],
  values: readonly (JsonNode | undefined)[],
  parent: JsonNode,
  rules: DecodeRules,
): Decoded {
  let index = 0;
  let name = '';
  try {
    for (const field of fields) {
      name = field.name;
      const value = values[index++];
      decoded[name] = value === undefined ? whenMissing(field, parent) : field.type.decode(value, rules);
    }
  } catch (thrown) {
    throw within(thrown, `.${name}`);
  }
  return decoded;
}

function whenMissing({ whenMissing, type }: Field, parent: JsonNode): unknown {
  if (whenMissing === 'refused') return refuse('MissingField', parent, 'it', 'nothing');
  if (whenMissing === 'empty') return type.kind === 'string' ? '' : [];
  return null;
}
