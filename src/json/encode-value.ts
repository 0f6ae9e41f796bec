import { string, stringEnum } from './declare.ts';
import { formatFloat, formatSingle } from './text/float.ts';
import { describeValue, isRecord, Refusal, refuseValue, refuseValueType, within } from './text/refusal.ts';
import { hasFastJson } from './text/strings.ts';
import { compareUtf8, sortedSet } from './text/utf8.ts';
import { JsonText } from './text/value.ts';
import { quote } from './text/write.ts';
import { writeRecord, writeString, writeValue } from './text/write-value.ts';
import type { Declaration, Field, StructDeclaration } from './type.ts';

/*
 * The encoder of a type is composed of closures when it is first used. Each knows the text that
 * precedes its value, such as `,"name":`, and a struct's knows its fields in the order of writing.
 *
 * Checking each short string for what must be escaped would take longer than everything else. So a
 * value is first written as if no string needed an escape, and all strings are checked at once. If
 * one does, or the value is refused, it is written again with each string checked in its turn.
 */

/**
 * The order in which the fields of structs are written: as declared, or by UTF-8 bytes as in a
 * sorted map.
 */
export type FieldOrder = 'declared' | 'sorted';

/**
 * Appends a value to a text, after the text that precedes it. Throws a `Refusal` if the value is
 * not of the type.
 *
 * @param unchecked receives the short strings that are written as they are; `undefined` if each
 * string must be checked.
 */
type Encode<Value = unknown> = (text: string, value: Value, unchecked: string[] | undefined) => string;

/** The encoders of whole values, and of structs whose object has begun with `_v`. */
const encoders: Readonly<Record<FieldOrder | 'versioned', WeakMap<Declaration, Encode>>> = {
  declared: new WeakMap(),
  sorted: new WeakMap(),
  versioned: new WeakMap(),
};

/** Writes one value of a declared type. Throws a `Refusal` if the value is not of the type. */
export function encodeValue(type: Declaration, value: unknown, order: FieldOrder): string {
  let encode = encoders[order].get(type);
  if (encode === undefined) {
    encode = compose(type, '', order);
    encoders[order].set(type, encode);
  }
  return write(encode, '', value);
}

/**
 * Writes a struct with sorted fields and the member `_v`, which comes first.
 *
 * @param version the value of `_v`.
 * @returns `undefined`, and reads nothing of the value, if the type is not a struct or one of its
 * fields does not sort after `_v`.
 */
export function encodeVersioned(type: Declaration, value: unknown, version: number): string | undefined {
  let encode = encoders.versioned.get(type);
  if (encode === undefined) {
    if (type.kind !== 'struct' || !type.fields.every(({ name }) => compareUtf8('_v', name) < 0)) return undefined;
    encode = structEncoder(type, undefined, 'sorted');
    encoders.versioned.set(type, encode);
  }
  return write(encode, `{"_v":${version}`, value);
}

function write(encode: Encode, text: string, value: unknown): string {
  return writeUnchecked(encode, text, value) ?? encode(text, value, undefined);
}

function writeUnchecked(encode: Encode, text: string, value: unknown): string | undefined {
  const unchecked: string[] = [];
  try {
    const written = encode(text, value, unchecked);
    return arePlain(unchecked) ? written : undefined;
  } catch (thrown) {
    // An earlier string may have to be refused.
    if (thrown instanceof Refusal) return undefined;
    throw thrown;
  }
}

/**
 * Whether strings are written as they are. An engine writes an array of strings several times as
 * fast as one by one, and each escape makes the text longer.
 */
function arePlain(strings: readonly string[]): boolean {
  let length = strings.length === 0 ? '[]'.length : '['.length;
  for (const text of strings) length += text.length + '"",'.length;
  return JSON.stringify(strings).length === length;
}

/** Longer strings are checked one by one, and not copied once more. */
const UNCHECKED_MAX = hasFastJson ? 4096 : 256;

/**
 * Composes the encoder of a declaration.
 *
 * @param before the text that precedes the value.
 */
function compose(type: Declaration, before: string, order: FieldOrder): Encode {
  // The table has the composer of this declaration's kind, which the compiler cannot follow.
  return (composers[type.kind] as Composer<Declaration>)(type, before, order);
}

type Composer<Type> = (type: Type, before: string, order: FieldOrder) => Encode;
type Composers = { readonly [Kind in Declaration['kind']]: Composer<Extract<Declaration, { kind: Kind }>> };

const composers: Composers = {
  string: (_type, before) => {
    const opening = `${before}"`;
    return (text, value, unchecked) => {
      if (unchecked === undefined || typeof value !== 'string' || value.length > UNCHECKED_MAX)
        return `${text}${before}${writeString(value)}`;
      unchecked.push(value);
      return `${text}${opening}${value}"`;
    };
  },
  bool: (_type, before) => (text, value) => {
    return typeof value === 'boolean' ? `${text}${before}${value}` : refuseValueType(value, 'true or false');
  },
  integer: ({ minimum, maximum }, before) => {
    const expected = `an integer from ${minimum} to ${maximum} (a bigint if a number is not exact)`;
    return (text, value) => {
      if (typeof value !== 'number' && typeof value !== 'bigint') return refuseValueType(value, expected);
      const exact = typeof value === 'bigint' || Number.isSafeInteger(value);
      if (exact && value >= minimum && value <= maximum) return `${text}${before}${value}`;
      return refuseValue('IntegerOutOfRange', expected, describeValue(value));
    };
  },
  float: ({ name }, before, order) => {
    // A sorted map of the reference holds doubles, so it widens an f32.
    const widened = (value: number) => formatFloat(name === 'f64' ? value : Math.fround(value));
    const format = name === 'f32' && order === 'declared' ? formatSingle : widened;
    return (text, value) =>
      typeof value === 'number' ? `${text}${before}${format(value)}` : refuseValueType(value, 'a number');
  },
  stringEnum: ({ values }, before) => {
    const expected = `one of ${values.join(', ')}`;
    const written = new Map<unknown, string>(values.map((value) => [value, before + quote(value)]));
    return (text, value) => {
      const quoted = written.get(value);
      if (quoted !== undefined) return text + quoted;
      if (typeof value !== 'string') return refuseValueType(value, expected);
      return refuseValue('UnknownVariant', expected, 'another string');
    };
  },
  struct: structEncoder,
  taggedUnion: ({ name, tag, variants }, before, order) => {
    const variantEncoders = new Map<unknown, Encode<Fields>>();
    for (const { name: variant, fields } of variants) {
      const tagged: Field = { name: tag, type: stringEnum(name, [variant]), whenMissing: 'refused' };
      variantEncoders.set(variant, fieldsEncoder([tagged, ...(fields ?? [])], before, order));
    }
    return (text, value, unchecked) => {
      if (!isRecord(value)) return refuseValueType(value, `an object (${name})`);
      const encode = variantEncoders.get(value[tag]);
      if (encode !== undefined) return encode(text, value, unchecked);
      const found = typeof value[tag] === 'string' ? 'another string' : describeValue(value[tag]);
      return refuseValue('UnknownVariant', `one of ${[...variantEncoders.keys()].join(', ')}`, found, `.${tag}`);
    };
  },
  list: ({ of }, before, order) => itemsEncoder(compose(of, '', order), before, 'an array'),
  fixedArray: ({ of, length }, before, order) => {
    const encode = itemsEncoder(compose(of, '', order), before, 'an array');
    return (text, value, unchecked) => {
      if (!Array.isArray(value) || value.length === length) return encode(text, value, unchecked);
      return refuseValue('WrongLength', `an array of ${length}`, `an array of ${value.length}`);
    };
  },
  map: ({ of }, before, order) => {
    const encode = compose(of, '', order);
    return (text, value, unchecked) => {
      if (!isRecord(value)) return refuseValueType(value, 'an object');
      return text + before + writeRecord(value, (item) => encode('', item, unchecked));
    };
  },
  set: (_type, before, order) => {
    const encode = itemsEncoder(compose(string, '', order), before, 'an array of strings');
    return (text, value, unchecked) => {
      // Write the items in the given order first, so that an error names the right one.
      encode(text, value, unchecked);
      return encode(text, sortedSet(value as readonly string[]), unchecked);
    };
  },
  option: ({ of }, before, order) => {
    const encode = compose(of, before, order);
    const none = `${before}null`;
    return (text, value, unchecked) => (value === null ? text + none : encode(text, value, unchecked));
  },
  opaque: (_type, before) => (text, value) => text + before + opaqueText(value),
  opaqueObject: (_type, before) => (text, value) => {
    const written = opaqueText(value);
    if (written.startsWith('{')) return text + before + written;
    return refuseValue('WrongType', 'a JSON object', 'another JSON value');
  },
};

function structEncoder({ name, fields }: StructDeclaration, before: string | undefined, order: FieldOrder): Encode {
  const encode = fieldsEncoder(fields, before, order);
  const expected = `an object (${name})`;
  return (text, value, unchecked) => {
    return isRecord(value) ? encode(text, value, unchecked) : refuseValueType(value, expected);
  };
}

function opaqueText(value: unknown): string {
  return value instanceof JsonText ? value.text : writeValue(value);
}

function itemsEncoder(encode: Encode, before: string, expected: string): Encode {
  const opening = `${before}[`;
  return (text, value, unchecked) => {
    if (!Array.isArray(value)) return refuseValueType(value, expected);
    let written = text + opening;
    let index = 0;
    try {
      for (; index < value.length; index++)
        written = encode(index === 0 ? written : `${written},`, value[index], unchecked);
    } catch (thrown) {
      throw within(thrown, `[${index}]`);
    }
    return `${written}]`;
  };
}

/** An object whose properties are encoded. */
type Fields = Readonly<Record<string, unknown>>;

/** A field, and its encoders as the first and as another member of its object. */
interface Member {
  readonly name: string;
  readonly isSkipped: boolean;
  readonly first: Encode;
  readonly next: Encode;
}

/** What follows from the names of an object's properties. */
interface Shape {
  readonly keys: readonly string[];
  /** The members to write, up to the first that is missing. */
  readonly members: readonly Member[];
  readonly missing: string | undefined;
  /** A property that is not declared, and probably misspelt. */
  readonly unknown: string | undefined;
}

/**
 * Composes the encoder of the fields of a struct or variant. It composes those of the fields when
 * it is first used.
 *
 * A host makes the objects of a type in one place, so they have the same properties in the same
 * order. The encoder keeps the shape of the latest object: comparing the names of two objects takes
 * less time than looking for each field.
 *
 * @param before the text that precedes the object; `undefined` if the object has begun with another
 * member.
 */
function fieldsEncoder(fields: readonly Field[], before: string | undefined, order: FieldOrder): Encode<Fields> {
  let all: readonly Member[] | undefined;
  let shape: Shape | undefined;
  return (text, value, unchecked) => {
    const keys = Object.keys(value);
    if (shape === undefined || !areSame(keys, shape.keys)) {
      all ??= membersOf(fields, before, order);
      shape = shapeOf(keys, fields, all);
    }
    const { members, unknown } = shape;
    let { missing } = shape;
    let written = text;
    let isFirst = before !== undefined;
    let step = '';
    try {
      for (const { name, isSkipped, first, next } of members) {
        const item = value[name];
        if (isSkipped && (item === null || item === undefined)) continue;
        if (item === undefined) {
          missing = name;
          break;
        }
        step = name;
        written = isFirst ? first(written, item, unchecked) : next(written, item, unchecked);
        isFirst = false;
      }
    } catch (thrown) {
      throw within(thrown, `.${step}`);
    }
    if (unknown !== undefined) refuseUnknown(unknown, fields);
    if (missing !== undefined) refuseValue('MissingField', 'a value', 'undefined', `.${missing}`);
    return isFirst ? `${written}${before}{}` : `${written}}`;
  };
}

function refuseUnknown(name: string, fields: readonly Field[]): never {
  const names = fields.map((field) => field.name).join(', ');
  return refuseValue('UnknownField', `one of ${names}`, 'another property', `.${name}`);
}

/** Composes the encoders of fields, in the order in which they are written. */
function membersOf(fields: readonly Field[], before: string | undefined, order: FieldOrder): readonly Member[] {
  const ordered = order === 'sorted' ? [...fields].sort((a, b) => compareUtf8(a.name, b.name)) : fields;
  let canBeFirst = before !== undefined;
  return ordered.map(({ name, type, whenMissing }) => {
    const isSkipped = whenMissing === 'skipped';
    const next = compose(type, `,${quote(name)}:`, order);
    const first = canBeFirst ? compose(type, `${before}{${quote(name)}:`, order) : next;
    canBeFirst &&= isSkipped;
    return { name, isSkipped, first, next };
  });
}

function shapeOf(keys: readonly string[], fields: readonly Field[], all: readonly Member[]): Shape {
  const missing = all.findIndex(({ name, isSkipped }) => !isSkipped && !keys.includes(name));
  const members = missing === -1 ? all : all.slice(0, missing);
  return {
    keys,
    members: members.filter(({ name }) => keys.includes(name)),
    missing: all[missing]?.name,
    unknown: keys.find((key) => fields.every(({ name }) => name !== key)),
  };
}

function areSame(keys: readonly string[], others: readonly string[]): boolean {
  if (keys.length !== others.length) return false;
  for (let index = 0; index < keys.length; index++) if (keys[index] !== others[index]) return false;
  return true;
}
