import type { ByteReader } from '../encoding/byte-reader.ts';
import {
  type DefinedType,
  OBJECTS_MAX,
  readMutability,
  readValueType,
  readVector,
  tooMany,
  unknownEncoding,
  type ValueType,
} from '../encoding/types.ts';
import { type IndexVisitor, readIndex } from './indices.ts';

/*
 * The types that a module defines (specification 5.3.9 to 5.3.12). Every function here shows the
 * type indices that it reads to a visitor, if it has one.
 */

/** The byte that begins a recursive group of several types. */
const REC = 0x4e;

/** The bytes that begin a type with supertypes: it may have subtypes, or may not. */
const SUB = 0x50;
const SUB_FINAL = 0x4f;

/** The bytes that begin a function, struct and array type. */
export const FUNC = 0x60;
const STRUCT = 0x5f;
const ARRAY = 0x5e;

/** Storage types that are not value types (specification 5.3.8). */
const PACKED_TYPES: Readonly<Record<number, string>> = { 120: 'i8', 119: 'i16' };

/** Bytes of a field of a number, vector or packed type. A reference takes 8. */
const FIELD_BYTES: Readonly<Record<string, number>> = { i8: 1, i16: 2, i32: 4, f32: 4, v128: 16 };

/**
 * Reads the contents of a type section.
 *
 * @returns the types of all recursive groups: the index in the result is the type index.
 * @throws WasmFormatError `LimitExceeded` if there are too many; and for malformed types.
 */
export function readTypes(reader: ByteReader): DefinedType[] {
  const { offset } = reader;
  let count = 0;
  const group = (): DefinedType[] => {
    const types = readRecursiveType(reader);
    count += types.length;
    if (count > OBJECTS_MAX) tooMany(offset, count, OBJECTS_MAX);
    return types;
  };
  return readVector(reader, group, OBJECTS_MAX).flat();
}

/**
 * Reads an element of the type section: a recursive group of types, or one type.
 *
 * @returns the types of the group.
 * @throws WasmFormatError for malformed types.
 */
export function readRecursiveType(reader: ByteReader, visitor?: IndexVisitor): DefinedType[] {
  if (reader.peek() !== REC) return [readSubType(reader, visitor)];
  reader.byte('rec');
  const types = readVector(reader, () => readSubType(reader, visitor), OBJECTS_MAX);
  return types.length === 1 ? types : types.map(distinct);
}

function readSubType(reader: ByteReader, visitor: IndexVisitor | undefined): DefinedType {
  const byte = reader.peek();
  if (byte !== SUB && byte !== SUB_FINAL) return readCompositeType(reader, visitor);
  reader.byte('sub');
  const supertypes = readVector(reader, () => readIndex(reader, 'type', visitor));
  const type = readCompositeType(reader, visitor);
  return byte === SUB || supertypes.length > 0 ? distinct(type) : type;
}

function distinct(type: DefinedType): DefinedType {
  return type.kind === 'func' ? { ...type, distinct: true } : type;
}

function readCompositeType(reader: ByteReader, visitor: IndexVisitor | undefined): DefinedType {
  const offset = reader.offset;
  const byte = reader.byte('a type');
  if (byte === FUNC) {
    const read = (): ValueType => readValueType(reader, visitor);
    return { kind: 'func', params: readVector(reader, read), results: readVector(reader, read) };
  }
  if (byte === STRUCT) {
    const fields = readVector(reader, () => readFieldBytes(reader, visitor));
    return { kind: 'struct', fields: fields.length, bytes: fields.reduce((sum, bytes) => sum + bytes, 0) };
  }
  if (byte === ARRAY) return { kind: 'array', bytes: readFieldBytes(reader, visitor) };
  throw unknownEncoding(offset, 'a function, struct or array type', byte);
}

/** Reads a field type. Returns the bytes that a field of it takes. */
function readFieldBytes(reader: ByteReader, visitor: IndexVisitor | undefined): number {
  const packed = PACKED_TYPES[reader.peek() ?? -1];
  if (packed !== undefined) reader.byte('a packed type');
  const type = packed ?? readValueType(reader, visitor);
  readMutability(reader);
  return FIELD_BYTES[type] ?? 8;
}
