import { describeValue, isRecord, oneOf, Refusal, within } from '../../json/text/refusal.ts';
import { isUint8Array } from '../../realms.ts';
import { composedOnce } from './composed.ts';
import type { ArchiveEncodeFailureKind } from './encode-error.ts';
import { alignUp, elementLayout, layOut, layOutVariant, layoutOf, type PlacedField, valueOffset } from './layout.ts';
import type { ArchiveDeclaration, NumberName } from './type.ts';
import { type ArchivePlan, type ArchiveWriter, utf8Size } from './writer.ts';

/*
 * The encoder of a type is composed of closures when it is first used. It works in two passes. The
 * first checks a value and plans its archive, so a value that is refused has written nothing. The
 * second writes straight to where the archive is needed, such as a guest's memory.
 */

/** The encoder of a type. */
export interface ArchiveEncoder<Value = unknown> {
  /**
   * Checks a value, and plans all that it points to. Throws a `Refusal` if the value is not of the
   * type.
   */
  readonly plan: (value: unknown, plan: ArchivePlan) => void;
  /**
   * Writes a value that was planned: what it points to, and then itself at `place`, where all bytes
   * are zero.
   */
  readonly write: (value: Value, writer: ArchiveWriter, place: number) => void;
}

/** Returns the encoder of a type. */
export const encoderOf = /* @__PURE__ */ composedOnce((type) =>
  // The table has the composer of this declaration's kind, which the compiler cannot follow. The
  // encoder's `write` only gets values that its `plan` has checked.
  (composers[type.kind] as Composer<ArchiveDeclaration, unknown>)(type),
);

type Composer<Type, Value> = (type: Type) => ArchiveEncoder<Value>;
type Composers = {
  readonly [Kind in ArchiveDeclaration['kind']]: Composer<Extract<ArchiveDeclaration, { kind: Kind }>, never>;
};

function refuse(kind: ArchiveEncodeFailureKind, expected: string, found: string, step = ''): never {
  throw new Refusal(kind, expected, found, undefined, step);
}

const composers: Composers = {
  number: ({ name }) => (name === 'f64' ? float : integerEncoder(name)),
  string: (): ArchiveEncoder<string> => ({
    plan: (value, plan) => {
      if (typeof value !== 'string') return refuse('WrongType', 'a string', describeValue(value));
      const size = utf8Size(value);
      if (size < 0) return refuse('LoneSurrogate', 'Unicode text', 'a lone surrogate');
      plan.notes.push(size);
      plan.end += size;
    },
    write: (value, writer, place) => writer.writeText(place, value),
  }),
  bytes: (): ArchiveEncoder<Uint8Array> => ({
    plan: (value, plan) => {
      if (!isUint8Array(value)) {
        const expected =
          typeof value === 'string' ? 'a Uint8Array (TextEncoder makes one of a string)' : 'a Uint8Array';
        return refuse('WrongType', expected, describeValue(value));
      }
      plan.end += value.length;
    },
    write: (value, writer, place) => writer.writeBytes(place, value),
  }),
  list: ({ of }) => listEncoder(of),
  option: ({ of }): ArchiveEncoder => {
    const { plan, write } = encoderOf(of);
    const offset = valueOffset(layoutOf(of).align);
    return {
      plan: (value, planned) => {
        if (value !== null) plan(value, planned);
      },
      write: (value, writer, place) => {
        if (value === null) return;
        writer.view.setUint8(place, 1);
        write(value, writer, place + offset);
      },
    };
  },
  struct: ({ name, fields }) => {
    const expected = `an object (${name})`;
    const { plan, write } = fieldsEncoder(layOut(fields).fields);
    return {
      plan: (value, planned) =>
        isRecord(value) ? plan(value, planned) : refuse('WrongType', expected, describeValue(value)),
      write,
    };
  },
  enum: ({ name, variants }): ArchiveEncoder<Fields> => {
    const expected = `an object (${name})`;
    const encoders = new Map<unknown, FieldsEncoder>();
    for (const [tag, variant] of variants.entries()) {
      const { plan, write } = fieldsEncoder(layOutVariant(variant.fields).fields, ['kind']);
      encoders.set(variant.name, {
        plan,
        write: (value, writer, place) => {
          writer.view.setUint8(place, tag);
          write(value, writer, place);
        },
      });
    }
    return {
      plan: (value, plan) => {
        if (!isRecord(value)) return refuse('WrongType', expected, describeValue(value));
        const { kind } = value;
        const variant = encoders.get(kind);
        if (variant !== undefined) return variant.plan(value, plan);
        const found = typeof kind === 'string' ? 'another string' : describeValue(kind);
        return refuse('UnknownVariant', oneOf(variants.map((each) => each.name)), found, '.kind');
      },
      write: (value, writer, place) => encoders.get(value.kind)?.write(value, writer, place),
    };
  },
};

const INTEGERS = {
  u16: { maximum: 0xffff, write: writeU16 },
  u32: { maximum: 0xffff_ffff, write: writeU32 },
  u64: { maximum: 0xffff_ffff_ffff_ffffn, write: writeU64 },
} as const;

type WriteInteger = (value: number | bigint, writer: ArchiveWriter, place: number) => void;

function writeU16(value: number | bigint, { view }: ArchiveWriter, place: number): void {
  view.setUint16(place, Number(value), true);
}

function writeU32(value: number | bigint, { view }: ArchiveWriter, place: number): void {
  view.setUint32(place, Number(value), true);
}

function writeU64(value: number | bigint, { view }: ArchiveWriter, place: number): void {
  if (typeof value === 'bigint') view.setBigUint64(place, value, true);
  else {
    // Two halves take less time than a conversion to bigint.
    view.setUint32(place, value % 2 ** 32, true);
    view.setUint32(place + 4, Math.floor(value / 2 ** 32), true);
  }
}

function integerEncoder(name: Exclude<NumberName, 'f64'>): ArchiveEncoder<number | bigint> {
  const { maximum, write }: { readonly maximum: number | bigint; readonly write: WriteInteger } = INTEGERS[name];
  const advice = maximum > Number.MAX_SAFE_INTEGER ? ' (a bigint if a number is not exact)' : '';
  const expected = `an integer from 0 to ${maximum}${advice}`;
  return {
    plan: (value) => {
      if (typeof value !== 'number' && typeof value !== 'bigint')
        return refuse('WrongType', expected, describeValue(value));
      const isExact = typeof value === 'bigint' || Number.isSafeInteger(value);
      if (!isExact || value < 0 || value > maximum) refuse('IntegerOutOfRange', expected, describeValue(value));
    },
    write,
  };
}

const float: ArchiveEncoder<number> = {
  plan: (value) => {
    if (typeof value !== 'number') refuse('WrongType', 'a number', describeValue(value));
  },
  // The bits of NaN are up to the engine, so each is replaced by the constant.
  write: (value, { view }, place) => view.setFloat64(place, Number.isNaN(value) ? Number.NaN : value, true),
};

function listEncoder(of: ArchiveDeclaration): ArchiveEncoder<readonly unknown[]> {
  const { plan: planElement, write: writeElement } = encoderOf(of);
  const { size, align } = elementLayout(of);
  return {
    plan: (value, plan) => {
      if (!Array.isArray(value)) return refuse('WrongType', 'an array', describeValue(value));
      const note = plan.notes.push(0) - 1;
      let index = 0;
      try {
        for (; index < value.length; index++) planElement(value[index], plan);
      } catch (thrown) {
        throw within(thrown, `[${index}]`);
      }
      plan.notes[note] = plan.end;
      plan.end = alignUp(plan.end, align) + value.length * size;
    },
    write: (value, writer, place) => {
      const end = writer.takeNote();
      const elements = alignUp(end, align);
      const after = elements + value.length * size;
      writer.clear(end, after);
      for (let index = 0; index < value.length; index++) writeElement(value[index], writer, elements + index * size);
      writer.writePointer(place, elements, value.length);
      writer.at = after;
    },
  };
}

/** An object whose properties are encoded. */
type Fields = Readonly<Record<string, unknown>>;

interface FieldsEncoder {
  readonly plan: (value: Fields, plan: ArchivePlan) => void;
  readonly write: (value: Fields, writer: ArchiveWriter, place: number) => void;
}

/**
 * Composes the encoder of the fields of a struct or variant.
 *
 * @param others the names of properties that are not fields.
 */
function fieldsEncoder(fields: readonly PlacedField[], others: readonly string[] = []): FieldsEncoder {
  const members = fields.map(({ name, type, offset }) => {
    const needed = type.kind === 'option' ? 'a value, or null if there is none' : 'a value';
    return { name, offset, needed, ...encoderOf(type) };
  });
  const names = [...others, ...members.map(({ name }) => name)];
  return {
    plan: (value, planned) => {
      let step = '';
      try {
        for (const { name, needed, plan } of members) {
          step = name;
          const item = value[name];
          if (item === undefined) refuse('MissingField', needed, 'undefined');
          plan(item, planned);
        }
      } catch (thrown) {
        throw within(thrown, `.${step}`);
      }
      const keys = Object.keys(value);
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index] ?? '';
        // Most objects have their properties in the declared order.
        if (key !== names[index] && !names.includes(key))
          refuse('UnknownField', oneOf(names), 'another property', `.${key}`);
      }
    },
    write: (value, writer, place) => {
      for (const { name, offset, write } of members) write(value[name], writer, place + offset);
    },
  };
}
