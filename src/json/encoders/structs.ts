import { describeValue, isRecord, refuseValue, refuseValueType, within } from '../text/refusal.ts';
import { compareUtf8 } from '../text/utf8.ts';
import { quote } from '../text/write.ts';
import type { WhenMissing } from '../type.ts';
import type { ComposeEncoder, Encodable, Encode, FieldOrder } from './encoder.ts';
import { stringEnumEncoder } from './scalars.ts';

/** One field of a struct or variant, as far as encoding reads it. */
interface EncodedField {
  readonly name: string;
  readonly type: Encodable;
  readonly whenMissing: WhenMissing;
}

/** Makes an encoder for a struct. */
export function structEncoder(name: string, fields: readonly EncodedField[]): ComposeEncoder {
  return (before, order) => {
    const encode = fieldsEncoder(fields, before, order);
    const expected = `an object (${name})`;
    return (text, value, unchecked) =>
      isRecord(value) ? encode(text, value, unchecked) : refuseValueType(value, expected);
  };
}

/** One variant of a tagged union, as far as encoding reads it. */
interface EncodedVariant {
  readonly name: string;
  readonly fields: readonly EncodedField[] | null;
}

/** Makes an encoder for a tagged union. */
export function taggedUnionEncoder(name: string, tag: string, variants: readonly EncodedVariant[]): ComposeEncoder {
  return (before, order) => {
    const variantEncoders = new Map<unknown, Encode<Fields>>();
    for (const { name: variant, fields } of variants) {
      const type = { encoder: stringEnumEncoder([variant]) };
      const tagged: EncodedField = { name: tag, type, whenMissing: 'refused' };
      variantEncoders.set(variant, fieldsEncoder([tagged, ...(fields ?? [])], before, order));
    }
    return (text, value, unchecked) => {
      if (!isRecord(value)) return refuseValueType(value, `an object (${name})`);
      const encode = variantEncoders.get(value[tag]);
      if (encode !== undefined) return encode(text, value, unchecked);
      const found = typeof value[tag] === 'string' ? 'another string' : describeValue(value[tag]);
      return refuseValue('UnknownVariant', `one of ${[...variantEncoders.keys()].join(', ')}`, found, `.${tag}`);
    };
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
function fieldsEncoder(fields: readonly EncodedField[], before: string | undefined, order: FieldOrder): Encode<Fields> {
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

function refuseUnknown(name: string, fields: readonly EncodedField[]): never {
  const names = fields.map((field) => field.name).join(', ');
  return refuseValue('UnknownField', `one of ${names}`, 'another property', `.${name}`);
}

/** Composes the encoders of fields, in the order in which they are written. */
function membersOf(fields: readonly EncodedField[], before: string | undefined, order: FieldOrder): readonly Member[] {
  const ordered = order === 'sorted' ? [...fields].sort((a, b) => compareUtf8(a.name, b.name)) : fields;
  let canBeFirst = before !== undefined;
  return ordered.map(({ name, type, whenMissing }) => {
    const isSkipped = whenMissing === 'skipped';
    const next = type.encoder(`,${quote(name)}:`, order);
    const first = canBeFirst ? type.encoder(`${before}{${quote(name)}:`, order) : next;
    canBeFirst &&= isSkipped;
    return { name, isSkipped, first, next };
  });
}

function shapeOf(keys: readonly string[], fields: readonly EncodedField[], all: readonly Member[]): Shape {
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
