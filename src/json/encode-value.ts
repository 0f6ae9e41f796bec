import { string } from './declare.ts';
import { formatFloat, formatSingle } from './text/float.ts';
import { describeValue, isRecord, refuseValue, refuseValueType, within } from './text/refusal.ts';
import { compareUtf8, sortedSet } from './text/utf8.ts';
import { JsonText } from './text/value.ts';
import { quote } from './text/write.ts';
import { writeItems, writeRecord, writeString, writeValue } from './text/write-value.ts';
import type { Declaration, Field, IntegerDeclaration, Variant } from './type.ts';

/**
 * The order in which the fields of structs are written: as declared, or by UTF-8 bytes as in a
 * sorted map.
 */
export type FieldOrder = 'declared' | 'sorted';

type Encoder<Type> = (type: Type, value: unknown, order: FieldOrder) => string;
type Encoders = { readonly [Kind in Declaration['kind']]: Encoder<Extract<Declaration, { kind: Kind }>> };

const encoders: Encoders = {
  string: (_type, value) => writeString(value),
  bool: (_type, value) => (typeof value === 'boolean' ? String(value) : refuseValueType(value, 'true or false')),
  integer: (type, value) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') return refuseValueType(value, rangeOf(type));
    const exact = typeof value === 'bigint' || Number.isSafeInteger(value);
    if (exact && value >= type.minimum && value <= type.maximum) return String(value);
    return refuseValue('IntegerOutOfRange', rangeOf(type), describeValue(value));
  },
  float: ({ name }, value, order) => {
    if (typeof value !== 'number') return refuseValueType(value, 'a number');
    if (name === 'f64') return formatFloat(value);
    // A sorted map of the reference holds doubles, so it widens an f32.
    return order === 'sorted' ? formatFloat(Math.fround(value)) : formatSingle(value);
  },
  stringEnum: ({ values }, value) => {
    const expected = `one of ${values.join(', ')}`;
    if (typeof value !== 'string') return refuseValueType(value, expected);
    return values.includes(value) ? quote(value) : refuseValue('UnknownVariant', expected, 'another string');
  },
  struct: ({ name, fields }, value, order) => {
    if (!isRecord(value)) return refuseValueType(value, `an object (${name})`);
    return encodeFields(fields, value, order);
  },
  taggedUnion: ({ name, tag, variants }, value, order) => {
    if (!isRecord(value)) return refuseValueType(value, `an object (${name})`);
    const variant = variants.find((candidate) => candidate.name === value[tag]);
    if (variant === undefined) {
      const found = typeof value[tag] === 'string' ? 'another string' : describeValue(value[tag]);
      return refuseValue('UnknownVariant', `one of ${variants.map((one) => one.name).join(', ')}`, found, `.${tag}`);
    }
    return encodeFields(fieldsWithTag(tag, variant), value, order);
  },
  list: ({ of }, value, order) => encodeArray(of, value, order),
  fixedArray: ({ of, length }, value, order) => {
    if (!Array.isArray(value) || value.length === length) return encodeArray(of, value, order);
    return refuseValue('WrongLength', `an array of ${length}`, `an array of ${value.length}`);
  },
  map: ({ of }, value, order) => {
    if (!isRecord(value)) return refuseValueType(value, 'an object');
    return writeRecord(value, (item) => encodeValue(of, item, order));
  },
  set: (_type, value) => {
    if (!Array.isArray(value)) return refuseValueType(value, 'an array of strings');
    // Write the items in the given order first, so that an error names the right one.
    writeItems(value, writeString);
    return writeItems(sortedSet(value), writeString);
  },
  option: ({ of }, value, order) => (value === null ? 'null' : encodeValue(of, value, order)),
  opaque: (_type, value) => (value instanceof JsonText ? value.text : writeValue(value)),
  opaqueObject: (_type, value) => {
    const text = value instanceof JsonText ? value.text : writeValue(value);
    return text.startsWith('{') ? text : refuseValue('WrongType', 'a JSON object', 'another JSON value');
  },
};

/** Writes one value of a declared type. Throws a `Refusal` if the value is not of the type. */
export function encodeValue(type: Declaration, value: unknown, order: FieldOrder): string {
  return encoderOf(type)(type, value, order);
}

/** Returns the encoder of a declaration; all declarations of its kind share it. */
function encoderOf(type: Declaration): Encoder<Declaration> {
  // The table has this declaration's encoder under its kind, which the compiler cannot follow.
  return encoders[type.kind] as Encoder<Declaration>;
}

function rangeOf({ minimum, maximum }: IntegerDeclaration): string {
  return `an integer from ${minimum} to ${maximum} (a bigint if a number is not exact)`;
}

function encodeArray(of: Declaration, value: unknown, order: FieldOrder): string {
  if (!Array.isArray(value)) return refuseValueType(value, 'an array');
  const encode = encoderOf(of);
  return writeItems(value, (item) => encode(of, item, order));
}

/**
 * A field and how it is written: `first` is its quoted name and the colon, `next` the same after a
 * comma.
 */
interface Member {
  readonly field: Field;
  readonly first: string;
  readonly next: string;
  readonly encode: Encoder<Declaration>;
}

/** The fields of each struct and variant in the order in which they are written, computed once. */
const plans: Readonly<Record<FieldOrder, WeakMap<readonly Field[], readonly Member[]>>> = {
  declared: new WeakMap(),
  sorted: new WeakMap(),
};

function planOf(fields: readonly Field[], order: FieldOrder): readonly Member[] {
  let plan = plans[order].get(fields);
  if (plan === undefined) {
    const ordered = order === 'sorted' ? [...fields].sort((a, b) => compareUtf8(a.name, b.name)) : fields;
    plan = ordered.map((field) => {
      const first = `${quote(field.name)}:`;
      return { field, first, next: `,${first}`, encode: encoderOf(field.type) };
    });
    plans[order].set(fields, plan);
  }
  return plan;
}

/**
 * Writes a struct with sorted fields after one member that is already written.
 *
 * @param key the key of that member.
 * @param member that member as text.
 * @returns `undefined`, and reads nothing of the value, if the type is not a struct or one of its
 * fields does not sort after `key`.
 */
export function encodeStructAfter(type: Declaration, value: unknown, key: string, member: string): string | undefined {
  if (type.kind !== 'struct' || !isRecord(value)) return undefined;
  const first = planOf(type.fields, 'sorted')[0];
  if (first !== undefined && compareUtf8(key, first.field.name) >= 0) return undefined;
  return encodeFields(type.fields, value, 'sorted', member);
}

/**
 * Writes an object with the fields of a struct or variant, after members that are already written.
 */
function encodeFields(
  fields: readonly Field[],
  value: Readonly<Record<string, unknown>>,
  order: FieldOrder,
  before = '',
): string {
  let text = `{${before}`;
  let isFirst = before === '';
  let present = 0;
  for (const member of planOf(fields, order)) {
    const { field } = member;
    const has = Object.hasOwn(value, field.name);
    if (has) present++;
    const item = has ? value[field.name] : undefined;
    if (field.whenMissing === 'skipped' && (item === null || item === undefined)) continue;
    if (item === undefined) {
      refuseUnknownProperty(fields, value);
      refuseValue('MissingField', 'a value', 'undefined', `.${field.name}`);
    }
    // One template: engines build a text faster from fewer pieces.
    text = `${text}${isFirst ? member.first : member.next}${encodeMember(member, item, order)}`;
    isFirst = false;
  }
  if (present < Object.keys(value).length) refuseUnknownProperty(fields, value);
  return `${text}}`;
}

/** Refuses an object that has an undeclared property, which is probably misspelt. */
function refuseUnknownProperty(fields: readonly Field[], value: Readonly<Record<string, unknown>>): void {
  const names = fields.map(({ name }) => name);
  const unknown = Object.keys(value).find((key) => !names.includes(key));
  if (unknown !== undefined)
    refuseValue('UnknownField', `one of ${names.join(', ')}`, 'another property', `.${unknown}`);
}

function encodeMember({ field, encode }: Member, item: unknown, order: FieldOrder): string {
  try {
    return encode(field.type, item, order);
  } catch (thrown) {
    throw within(thrown, `.${field.name}`);
  }
}

const taggedFields = new WeakMap<Variant, readonly Field[]>();

/** Returns the fields of a variant after its tag, computed once. */
function fieldsWithTag(tag: string, variant: Variant): readonly Field[] {
  let fields = taggedFields.get(variant);
  if (fields === undefined) {
    fields = [{ name: tag, type: string, whenMissing: 'refused' }, ...(variant.fields ?? [])];
    taggedFields.set(variant, fields);
  }
  return fields;
}
