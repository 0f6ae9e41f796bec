import type { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';
import { readS33, readU32, readU64, writeSigned } from './leb128.ts';

/**
 * A value type as the text format writes it: `i32`, `v128`, `funcref`, `(ref null 3)`, `(ref extern)`. Two value types of one module are
 * the same exactly when their texts are.
 */
export type ValueType = string;

/** The type of a function (specification 2.3.9). */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /**
   * Set for a type that is not the same as others of the same parameters and results: one that has subtypes or a supertype, or was declared in a
   * recursive group with others (specification 3.2.5, "Defined Types").
   */
  readonly distinct?: true;
}

/**
 * A type that a module defines: a function type, or one of the aggregates of garbage collection, of which the size is kept: `bytes` is
 * what the fields of a struct, or one element of an array, take together. `fields` counts those of a struct.
 */
export type DefinedType =
  | ({ readonly kind: 'func' } & FunctionType)
  | { readonly kind: 'struct'; readonly fields: number; readonly bytes: number }
  | { readonly kind: 'array'; readonly bytes: number };

/** The size of a memory in pages of 64 KiB, or of a table in entries. `bigint` where the index type is 64 bits wide. */
export interface Limits {
  readonly minimum: number | bigint;
  readonly maximum: number | bigint | undefined;
  readonly shared: boolean;
  readonly indexType: 'i32' | 'i64';
}

/** Value types of one byte: those of numbers and vectors, and the shorthands of nullable references (specification 5.3.1 to 5.3.5). */
const SHORT_TYPES: Readonly<Record<number, string>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
  116: 'nullexnref',
  115: 'nullfuncref',
  114: 'nullexternref',
  113: 'nullref',
  112: 'funcref',
  111: 'externref',
  110: 'anyref',
  109: 'eqref',
  108: 'i31ref',
  107: 'structref',
  106: 'arrayref',
  105: 'exnref',
};

/** Abstract heap types (specification 5.3.3). The shorthand of a nullable reference to one has the same byte. */
const ABSTRACT_HEAP_TYPES: Readonly<Record<number, string>> = {
  116: 'noexn',
  115: 'nofunc',
  114: 'noextern',
  113: 'none',
  112: 'func',
  111: 'extern',
  110: 'any',
  109: 'eq',
  108: 'i31',
  107: 'struct',
  106: 'array',
  105: 'exn',
};

const PACKED_TYPES: Readonly<Record<number, string>> = { 120: 'i8', 119: 'i16' };

/** The byte that stands for a text; NaN when there is none. */
function byteOf(table: Readonly<Record<number, string>>, text: string): number {
  return Number(Object.keys(table).find((byte) => table[Number(byte)] === text));
}

/** The bytes that begin a reference to a heap type, and a nullable one (specification 5.3.4). */
export const REF = 0x64;
export const REF_NULL = 0x63;

/**
 * Of what becomes an object each when it is read (types, imports, exports, tables, memories, sections) a module may have so many: a few
 * bytes of a stranger become hundreds in memory. Engines take as many at least (WebAssembly JavaScript API, implementation limits).
 */
export const OBJECTS_MAX = 100_000;

/**
 * Reads a vector's length, then each element (specification 5.1.3, "Vectors").
 *
 * @param maximum how many elements it may have; any number by default.
 * @throws WasmFormatError `LimitExceeded` for more, and whatever reading an element throws.
 */
export function readVector<T>(
  reader: ByteReader,
  readElement: (reader: ByteReader, index: number) => T,
  maximum: number = Number.POSITIVE_INFINITY,
): T[] {
  const offset = reader.offset;
  const length = readU32(reader);
  if (length > maximum) tooMany(offset, length, maximum);
  const elements: T[] = [];
  for (let index = 0; index < length; index++) elements.push(readElement(reader, index));
  return elements;
}

/** Refuses a count that is over its limit. */
export function tooMany(offset: number, count: number, maximum: number): never {
  throw new WasmFormatError({
    kind: 'LimitExceeded',
    offset,
    reason: `a module has ${count} elements where at most ${maximum} are allowed`,
  });
}

/**
 * Reads a value type (specification 5.3.5).
 *
 * @throws WasmFormatError `UnknownEncoding` for a byte that begins none.
 */
export function readValueType(reader: ByteReader): ValueType {
  const offset = reader.offset;
  const byte = reader.byte('a value type');
  const short = SHORT_TYPES[byte];
  if (short !== undefined) return short;
  if (byte === REF) return `(ref ${readHeapType(reader)})`;
  if (byte === REF_NULL) return readNullableReference(reader);
  throw unknownEncoding(offset, 'a value type', byte);
}

/** `(ref null func)` and `funcref` are two encodings of one type, so they get one text. */
function readNullableReference(reader: ByteReader): ValueType {
  const heap = readHeapType(reader);
  return SHORT_TYPES[byteOf(ABSTRACT_HEAP_TYPES, heap)] ?? `(ref null ${heap})`;
}

/** The bytes of a value type that {@link readValueType} read: the shortest ones where it has several encodings. */
export function encodeValueType(type: ValueType): number[] {
  const short = byteOf(SHORT_TYPES, type);
  if (short) return [short];
  const [, nullable, heap = ''] = /^\(ref (null )?(\w+)\)$/.exec(type) ?? [];
  const bytes = [nullable === undefined ? REF : REF_NULL];
  const abstract = byteOf(ABSTRACT_HEAP_TYPES, heap);
  if (abstract) bytes.push(abstract);
  else writeSigned(bytes, BigInt(heap));
  return bytes;
}

/** A type index, or an abstract heap type as a negative number in one byte (specification 5.3.3). */
function readHeapType(reader: ByteReader): string {
  const offset = reader.offset;
  const value = readS33(reader);
  if (value >= 0) return String(value);
  const byte = value & 0x7f;
  const abstract = value >= -64 ? ABSTRACT_HEAP_TYPES[byte] : undefined;
  if (abstract !== undefined) return abstract;
  throw unknownEncoding(offset, 'a heap type', byte);
}

/**
 * Reads the recursive type groups of a type section, flattened: the index in the result is the type index (specification 5.3.9 to 5.3.12).
 *
 * @throws WasmFormatError
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

/** The bytes that begin a type with supertypes: one that may have subtypes, and one that may not (specification 5.3.11). */
const SUB = 0x50;
const SUB_FINAL = 0x4f;

function readRecursiveType(reader: ByteReader): DefinedType[] {
  if (reader.peek() !== 0x4e) return [readSubType(reader)];
  reader.byte('rec');
  const types = readVector(reader, readSubType, OBJECTS_MAX);
  return types.length === 1 ? types : types.map(distinct);
}

function readSubType(reader: ByteReader): DefinedType {
  const byte = reader.peek();
  if (byte !== SUB && byte !== SUB_FINAL) return readCompositeType(reader);
  reader.byte('sub');
  const supertypes = readVector(reader, readU32);
  const type = readCompositeType(reader);
  return byte === SUB || supertypes.length > 0 ? distinct(type) : type;
}

function distinct(type: DefinedType): DefinedType {
  return type.kind === 'func' ? { ...type, distinct: true } : type;
}

function readCompositeType(reader: ByteReader): DefinedType {
  const offset = reader.offset;
  const byte = reader.byte('a type');
  if (byte === 0x60) {
    return { kind: 'func', params: readVector(reader, readValueType), results: readVector(reader, readValueType) };
  }
  if (byte === 0x5f) {
    const fields = readVector(reader, readFieldBytes);
    return { kind: 'struct', fields: fields.length, bytes: fields.reduce((sum, bytes) => sum + bytes, 0) };
  }
  if (byte === 0x5e) return { kind: 'array', bytes: readFieldBytes(reader) };
  throw unknownEncoding(offset, 'a function, struct or array type', byte);
}

/** Bytes of a field of a number, vector or packed type; a reference takes 8. */
const FIELD_BYTES: Readonly<Record<string, number>> = { i8: 1, i16: 2, i32: 4, f32: 4, v128: 16 };

function readFieldBytes(reader: ByteReader): number {
  const packed = PACKED_TYPES[reader.peek() ?? -1];
  if (packed !== undefined) reader.byte('a packed type');
  const type = packed ?? readValueType(reader);
  readMutability(reader);
  return FIELD_BYTES[type] ?? 8;
}

/**
 * Reads a mutability: 0 for a constant, 1 for a variable (specification 5.3.14).
 *
 * @returns whether it is a variable.
 * @throws WasmFormatError `UnknownEncoding` for any other byte.
 */
export function readMutability(reader: ByteReader): boolean {
  const offset = reader.offset;
  const byte = reader.byte('a mutability');
  if (byte > 1) throw unknownEncoding(offset, 'a mutability', byte);
  return byte === 1;
}

const LIMITS_HAS_MAXIMUM = 0x01;
const LIMITS_SHARED = 0x02;
const LIMITS_64_BIT = 0x04;

/**
 * Reads the limits of a memory or table: 32 and 64 bits wide, and shared ones (specification 5.3.13; threads proposal).
 *
 * @throws WasmFormatError `UnknownEncoding` for flags beyond these.
 */
export function readLimits(reader: ByteReader): Limits {
  const offset = reader.offset;
  const flags = reader.byte('limits');
  if (flags > 0x07) throw unknownEncoding(offset, 'limits', flags);
  const wide = (flags & LIMITS_64_BIT) !== 0;
  const read = wide ? readU64 : readU32;
  const minimum = read(reader);
  const maximum = (flags & LIMITS_HAS_MAXIMUM) !== 0 ? read(reader) : undefined;
  return { minimum, maximum, shared: (flags & LIMITS_SHARED) !== 0, indexType: wide ? 'i64' : 'i32' };
}

function unknownEncoding(offset: number, expected: string, found: number): WasmFormatError {
  return new WasmFormatError({ kind: 'UnknownEncoding', offset, expected, found });
}
