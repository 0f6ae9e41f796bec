import { within } from '../../json/text/refusal.ts';
import { composedOnce } from './composed.ts';
import { elementLayout, layOut, layOutVariant, layoutOf, type PlacedField, valueOffset } from './layout.ts';
import { type ArchiveReader, refuseArchive } from './reader.ts';
import type { ArchiveDeclaration, NumberName } from './type.ts';

/*
 * The decoder of a type is composed of closures when it is first used. It reads the fields in the
 * order in which they are declared, because each narrows the window of the reader.
 */

/**
 * Reads the value at a place, whose bytes are within the archive. Throws a `Refusal` if it is not
 * of the type.
 */
export type ArchiveDecode = (reader: ArchiveReader, place: number) => unknown;

/** Returns the decoder of a type. */
export const decoderOf = /* @__PURE__ */ composedOnce((type) =>
  // The table has the composer of this declaration's kind, which the compiler cannot follow.
  (composers[type.kind] as Composer<ArchiveDeclaration>)(type),
);

type Composer<Type> = (type: Type) => ArchiveDecode;
type Composers = {
  readonly [Kind in ArchiveDeclaration['kind']]: Composer<Extract<ArchiveDeclaration, { kind: Kind }>>;
};

const composers: Composers = {
  number: ({ name }) => NUMBERS[name],
  string: () => (reader, place) => reader.readText(place),
  bytes: () => (reader, place) => reader.readBytes(place),
  list: ({ of }) => listDecoder(of),
  option: ({ of }) => {
    const decode = decoderOf(of);
    const offset = valueOffset(layoutOf(of).align);
    return (reader, place) => {
      const tag = reader.view.getUint8(place);
      if (tag === 1) return decode(reader, place + offset);
      return tag === 0 ? null : refuseArchive('UnknownTag', place, 'the tag 0 or 1', `${tag}`);
    };
  },
  struct: ({ fields }) => {
    const decode = fieldsDecoder(layOut(fields).fields);
    return (reader, place) => decode(reader, place, {});
  },
  enum: ({ variants }) => {
    const decoders = variants.map(({ name, fields }) => {
      const decode = fieldsDecoder(layOutVariant(fields).fields);
      return (reader: ArchiveReader, place: number) => decode(reader, place, { kind: name });
    });
    return (reader, place) => {
      const tag = reader.view.getUint8(place);
      const decode = decoders[tag];
      if (decode !== undefined) return decode(reader, place);
      return refuseArchive('UnknownTag', place, `a tag from 0 to ${variants.length - 1}`, `${tag}`);
    };
  },
};

const NUMBERS: Readonly<Record<NumberName, ArchiveDecode>> = {
  u16: ({ view }, place) => view.getUint16(place, true),
  u32: ({ view }, place) => view.getUint32(place, true),
  u64: ({ view }, place) => {
    const upper = view.getUint32(place + 4, true);
    const value = upper * 2 ** 32 + view.getUint32(place, true);
    return Number.isSafeInteger(value) ? value : view.getBigUint64(place, true);
  },
  f64: ({ view }, place) => view.getFloat64(place, true),
};

function listDecoder(of: ArchiveDeclaration): ArchiveDecode {
  const decode = decoderOf(of);
  const { size, align } = elementLayout(of);
  return (reader, place) => {
    const count = reader.countAt(place);
    const target = reader.targetAt(place);
    const end = reader.enter(target, count * size, align, place);
    reader.takeElements(count, place);
    const items: unknown[] = [];
    try {
      while (items.length < count) items.push(decode(reader, target + items.length * size));
    } catch (thrown) {
      throw within(thrown, `[${items.length}]`);
    }
    reader.leave(target + count * size, end);
    return items;
  };
}

type FieldsDecoder = (reader: ArchiveReader, place: number, decoded: Record<string, unknown>) => unknown;

/** Composes the decoder of the fields of a struct or variant. It adds them to an object. */
function fieldsDecoder(fields: readonly PlacedField[]): FieldsDecoder {
  const members = fields.map(({ name, type, offset }) => ({ name, offset, decode: decoderOf(type) }));
  return (reader, place, decoded) => {
    let step = '';
    try {
      for (const { name, offset, decode } of members) {
        step = name;
        decoded[name] = decode(reader, place + offset);
      }
    } catch (thrown) {
      throw within(thrown, `.${step}`);
    }
    return decoded;
  };
}
