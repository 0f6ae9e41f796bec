import { describe, refuse, refuseLength, refuseType } from './json/decode-refusal.ts';
import type { ArrayNode, JsonEntry, JsonNode, ObjectNode } from './json/node.ts';
import { within } from './json/refusal.ts';
import { sortedSet } from './json/utf8.ts';
import { sortedEntries } from './json/write.ts';
import { OpaqueJson } from './opaque-json.ts';
import type { Declaration, Field, TaggedUnionDeclaration, Variant } from './type.ts';

/** How serde reads at one place of a text. */
export interface DecodeRules {
  /**
   * What happens to a field that an object has twice. Serde refuses it where it reads the text itself; in a generic value made from
   * the text only the last is left.
   */
  readonly repeats: 'refused' | 'last wins';
  /**
   * Whether the place is inside a tagged union. Serde buffers such a union's fields until it knows the variant, and its reader of
   * buffered values takes the index of a variant for its name in a tag, and `{}` for the null beside an enum's name.
   */
  readonly buffered: boolean;
}

type Decoder<Type> = (type: Type, node: JsonNode, rules: DecodeRules) => unknown;
type Decoders = { readonly [Kind in Declaration['kind']]: Decoder<Extract<Declaration, { kind: Kind }>> };

const decoders: Decoders = {
  string: (_type, node) => decodeString(node),
  bool: (_type, node) => (node.kind === 'boolean' ? node.value : refuseType(node, 'true or false')),
  integer: ({ minimum, maximum }, node) => {
    if (node.kind === 'integer' && node.value >= minimum && node.value <= maximum) return node.value;
    const kind = node.kind === 'integer' ? 'IntegerOutOfRange' : 'WrongType';
    return refuse(kind, node, `an integer from ${minimum} to ${maximum}`, describe(node));
  },
  float: ({ name }, node) => {
    if (node.kind !== 'float' && node.kind !== 'integer') return refuseType(node, 'a number');
    return name === 'f32' ? nearestSingle(node.value) : Number(node.value);
  },
  stringEnum: ({ values }, node, rules) => {
    const name = node.kind === 'object' ? keyOfUnit(node, values, rules) : node.value;
    if (typeof name === 'string' && values.includes(name)) return name;
    return refuse(typeof name === 'string' ? 'UnknownVariant' : 'WrongType', node, oneOf(values), describe(node));
  },
  struct: ({ name, fields }, node, rules) => {
    if (node.kind === 'object') return decodeEntries({}, fields, node, node.value, rules);
    if (node.kind === 'array') return decodeElements({}, fields, node, 0, rules);
    return refuseType(node, `an object (${name})`);
  },
  taggedUnion: (type, node, rules) => {
    if (node.kind === 'object') return decodeTaggedObject(type, node, rules);
    if (node.kind === 'array') return decodeTaggedArray(type, node, rules);
    return refuseType(node, `an object (${type.name})`);
  },
  list: ({ of }, node, rules) => {
    if (node.kind !== 'array') return refuseType(node, 'an array');
    return decodeItemsOf(of, node, rules);
  },
  fixedArray: ({ of, length }, node, rules) => {
    if (node.kind !== 'array') return refuseType(node, `an array of ${length}`);
    if (node.value.length !== length) return refuseLength(node, `an array of ${length}`);
    return decodeItemsOf(of, node, rules);
  },
  map: ({ of }, node, rules) => (node.kind === 'object' ? decodeMap(of, node, rules) : refuseType(node, 'an object')),
  set: (_type, node) =>
    node.kind === 'array' ? sortedSet(decodeItems(node, decodeString)) : refuseType(node, 'an array of strings'),
  option: ({ of }, node, rules) => (node.kind === 'null' ? null : decodeValue(of, node, rules)),
  opaque: (_type, node) => OpaqueJson.ofNode(node),
  opaqueObject: (_type, node) => (node.kind === 'object' ? OpaqueJson.ofNode(node) : refuseType(node, 'an object')),
};

/** Decodes one value of a declared type; throws a `DecodeRefusal`. */
export function decodeValue(type: Declaration, node: JsonNode, rules: DecodeRules): unknown {
  return decoderOf(type)(type, node, rules);
}

/** The decoder for a declaration, and for every other of the same kind. */
function decoderOf(type: Declaration): Decoder<Declaration> {
  // The decoder is the one for this declaration's kind, which the compiler cannot follow through the table.
  return decoders[type.kind] as Decoder<Declaration>;
}

function decodeString(node: JsonNode): string {
  return node.kind === 'string' ? node.value : refuseType(node, 'a string');
}

/** Rounds to single precision once; a `bigint` must not be rounded to a double first, so what that would drop is kept as one odd bit. */
function nearestSingle(value: number | bigint): number {
  if (typeof value === 'number') return Math.fround(value);
  const dropped = value & 0x7ffn;
  return Math.fround(Number(dropped === 0n ? value : (value - dropped) | 0x800n));
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

function decodeItems<T>(node: ArrayNode, decodeItem: (item: JsonNode) => T): T[] {
  const items: T[] = [];
  try {
    for (const item of node.value) items.push(decodeItem(item));
  } catch (thrown) {
    throw within(thrown, `[${items.length}]`);
  }
  return items;
}

function decodeItemsOf(of: Declaration, node: ArrayNode, rules: DecodeRules): unknown[] {
  const decode = decoderOf(of);
  return decodeItems(node, (item) => decode(of, item, rules));
}

function decodeMap(of: Declaration, node: ObjectNode, rules: DecodeRules): Record<string, unknown> {
  const decode = decoderOf(of);
  const sorted = sortedEntries(node);
  const values = new Map<string, unknown>();
  let index = 0;
  try {
    for (const { key, value } of rules.repeats === 'refused' ? node.value : sorted) {
      values.set(key, decode(of, value, rules));
      index++;
    }
  } catch (thrown) {
    throw within(thrown, `[${index}]`);
  }
  const decoded: Record<string, unknown> = Object.create(null);
  for (const { key } of sorted) decoded[key] = values.get(key);
  return decoded;
}

type Decoded = Record<string, unknown>;

/** A field and its decoder. */
interface Slot {
  readonly field: Field;
  readonly decode: Decoder<Declaration>;
}

/** The slots of each struct and variant; worked out once for each declaration. */
const slotTables = new WeakMap<readonly Field[], readonly Slot[]>();

function slotsOf(fields: readonly Field[]): readonly Slot[] {
  let slots = slotTables.get(fields);
  if (slots === undefined) {
    slots = fields.map((field) => ({ field, decode: decoderOf(field.type) }));
    slotTables.set(fields, slots);
  }
  return slots;
}

/** Decodes the entries of an object into the fields of a struct or variant. */
function decodeEntries(
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
  for (let index = 0; index < expected; index++) if (fields[index]?.name === name) return index;
  return -1;
}

/** Decodes the elements of an array from `first` on, one for each field in declared order. */
function decodeElements(
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
    for (const { field, decode } of slotsOf(fields)) {
      name = field.name;
      const value = values[index++];
      decoded[name] = value === undefined ? whenMissing(field, parent) : decode(field.type, value, rules);
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

function decodeTaggedObject(type: TaggedUnionDeclaration, node: ObjectNode, rules: DecodeRules): Decoded {
  const tags = node.value.filter(({ key }) => key === type.tag);
  const step = `.${type.tag}`;
  const tag = tags.at(-1)?.value;
  if (tag === undefined) return refuse('MissingField', node, 'it', 'nothing', step);
  if (tags.length > 1 && rules.repeats === 'refused') return refuse('RepeatedField', tag, 'it once', 'it again', step);
  const { name, fields } = variantOf(type, tag, rules);
  const decoded: Decoded = { [type.tag]: name };
  if (fields === null) return decoded;
  const others = node.value.filter(({ key }) => key !== type.tag);
  return decodeEntries(decoded, fields, node, others, { ...rules, buffered: true });
}

function decodeTaggedArray(type: TaggedUnionDeclaration, node: ArrayNode, rules: DecodeRules): Decoded {
  const [tag] = node.value;
  if (tag === undefined) return refuseLength(node, 'an array that begins with a name');
  const { name, fields } = variantOf(type, tag, rules);
  return decodeElements({ [type.tag]: name }, fields ?? [], node, 1, { ...rules, buffered: true });
}

function variantOf({ tag, variants }: TaggedUnionDeclaration, node: JsonNode, { buffered }: DecodeRules): Variant {
  const byIndex = buffered && node.kind === 'integer' && node.value >= 0;
  const variant = byIndex ? variants[Number(node.value)] : variants.find(({ name }) => name === node.value);
  if (variant !== undefined) return variant;
  const kind = byIndex || node.kind === 'string' ? 'UnknownVariant' : 'WrongType';
  return refuse(kind, node, oneOf(variants.map(({ name }) => name)), describe(node), `.${tag}`);
}

function oneOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : `one of ${names.join(', ')}`;
}
