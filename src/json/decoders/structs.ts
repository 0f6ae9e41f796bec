import {
  allowMissing,
  refuseLength,
  refuseMissing,
  refuseNodeType,
  refuseRepeated,
  refuseUnknownField,
  refuseVariant,
} from '../text/decode-refusal.ts';
import type { ArrayNode, JsonEntry, JsonNode, ObjectNode } from '../text/node.ts';
import { oneOf, within } from '../text/refusal.ts';
import type { Declaration, Decode, DecodeRules, Field, Variant } from '../type.ts';

/** One field of a struct or variant, as far as decoding reads it. */
interface DecodedField extends Omit<Field, 'type'> {
  readonly type: Pick<Declaration, 'kind' | 'decode'>;
}

/** A decoded struct or variant: its fields by name. */
export type Decoded = Record<string, unknown>;

/** Makes a decoder for a struct: an object, or an array of the fields in declared order. */
export function structDecoder(name: string, fields: readonly DecodedField[]): Decode {
  return (node, rules) => {
    if (node.kind === 'object') return decodeEntries({}, fields, node, node.value, rules);
    if (node.kind === 'array') return decodeElements({}, fields, node, 0, rules);
    return refuseNodeType(node, 'object', `an object (${name})`);
  };
}

/**
 * Decodes the entries of an object into the fields of a struct or variant.
 *
 * @param decoded receives the fields.
 * @param node the object, for the error of a missing field.
 * @param rules how serde reads here.
 */
function decodeEntries(
  decoded: Decoded,
  fields: readonly DecodedField[],
  node: ObjectNode,
  entries: readonly JsonEntry[],
  rules: DecodeRules,
): Decoded {
  const values = new Array<JsonNode | undefined>(fields.length);
  let next = 0;
  for (const { key, value } of entries) {
    const index = indexOfField(fields, key, next);
    if (index === -1) return refuseUnknownField(node, value, key, namesOf(fields));
    if (rules.repeats === 'refused' && values[index] !== undefined) return refuseRepeated(value, key);
    values[index] = value;
    next = index + 1;
  }
  return decodeFields(decoded, fields, values, node, rules);
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name);
}

/**
 * Finds the index of a field. Starts where it usually is.
 *
 * @returns -1 if there is no such field.
 */
function indexOfField(fields: readonly DecodedField[], name: string, expected: number): number {
  for (let index = expected; index < fields.length; index++) if (fields[index]?.name === name) return index;
  return fields.findIndex((field) => field.name === name);
}

/**
 * Decodes the elements of an array into fields in declared order.
 *
 * @param decoded receives the fields.
 * @param first the index of the element of the first field.
 * @param rules how serde reads here.
 */
function decodeElements(
  decoded: Decoded,
  fields: readonly DecodedField[],
  node: ArrayNode,
  first: number,
  rules: DecodeRules,
): Decoded {
  const length = first + fields.length;
  if (node.value.length > length) return refuseLength(node, `an array of ${length}`);
  const elements = node.value.slice(first);
  // An optional field may be missing in an object, but an array must have its element. Only a
  // default lets an array end early.
  const early = fields.findIndex(({ whenMissing }, index) => whenMissing === 'none' && elements[index] === undefined);
  if (early === -1) return decodeFields(decoded, fields, elements, node, rules);
  decodeFields(decoded, fields.slice(0, early), elements, node, rules);
  return refuseLength(node, `an array of ${length}`);
}

/** Decodes the values of fields, in the order of the fields. */
function decodeFields(
  decoded: Decoded,
  fields: readonly DecodedField[],
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
    if (fields[index - 1]?.whenMissing === 'empty') allowMissing(thrown);
    throw within(thrown, `.${name}`);
  }
  return decoded;
}

function whenMissing({ name, whenMissing, type }: DecodedField, parent: JsonNode): unknown {
  if (whenMissing === 'refused') return refuseMissing(parent, name);
  if (whenMissing === 'empty') return type.kind === 'string' ? '' : type.kind === 'map' ? {} : [];
  return null;
}

/** What the decoder of a union needs. */
interface Union {
  readonly name: string;
  readonly tag: string;
  readonly variants: readonly Variant[];
}

/** Makes a decoder for a tagged union: an object with its tag, or an array that begins with it. */
export function taggedUnionDecoder(union: Union): Decode {
  return (node, rules) => {
    if (node.kind === 'object') return decodeTaggedObject(union, node, rules);
    if (node.kind === 'array') return decodeTaggedArray(union, node, rules);
    return refuseNodeType(node, 'object', `an object (${union.name})`);
  };
}

function decodeTaggedObject(union: Union, node: ObjectNode, rules: DecodeRules): Decoded {
  const tags = node.value.filter(({ key }) => key === union.tag);
  const tag = tags.at(-1)?.value;
  if (tag === undefined) return refuseMissing(node, union.tag, undeclaredKeys(union, node), `.${union.tag}`);
  if (tags.length > 1 && rules.repeats === 'refused') return refuseRepeated(tag, union.tag);
  const { name, fields } = variantOf(union, tag, rules);
  const decoded: Decoded = { [union.tag]: name };
  if (fields === null) return decoded;
  const others = node.value.filter(({ key }) => key !== union.tag);
  return decodeEntries(decoded, fields, node, others, { ...rules, buffered: true });
}

/** Returns the keys of an object that are no fields of any variant. */
function undeclaredKeys({ variants }: Union, { value }: ObjectNode): readonly string[] {
  const declared = new Set(variants.flatMap(({ fields }) => namesOf(fields ?? [])));
  return value.map(({ key }) => key).filter((key) => !declared.has(key));
}

function decodeTaggedArray(union: Union, node: ArrayNode, rules: DecodeRules): Decoded {
  const [tag] = node.value;
  if (tag === undefined) return refuseLength(node, 'an array that begins with the name of a variant');
  const { name, fields } = variantOf(union, tag, rules);
  return decodeElements({ [union.tag]: name }, fields ?? [], node, 1, { ...rules, buffered: true });
}

function variantOf({ tag, variants }: Union, node: JsonNode, { buffered }: DecodeRules): Variant {
  const byIndex = buffered && node.kind === 'integer' && node.value >= 0;
  const variant = byIndex ? variants[Number(node.value)] : variants.find(({ name }) => name === node.value);
  if (variant !== undefined) return variant;
  const known = namesOf(variants);
  const step = `.${tag}`;
  if (byIndex || node.kind === 'string') return refuseVariant(node, node.value, known, step);
  return refuseNodeType(node, 'string', oneOf(known), step);
}
