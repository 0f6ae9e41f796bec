import type { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';
import { readS33, readU32, readU64, writeSigned } from './leb128.ts';

/**
 * A value type as the text format writes it: `i32`, `v128`, `funcref`, `(ref null 3)`,
 * `(ref extern)`. Two value types of one module are the same if and only if their texts are.
 */
export type ValueType = string;

/** The type of a function (specification 2.3.9). */
export interface FunctionType {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /**
   * Set if the type differs from others of the same parameters and results: it has subtypes or a
   * supertype, or its recursive group has other types too (specification 3.2.5, "Defined Types").
   */
  readonly distinct?: true;
}

/**
 * A type that a module defines. Of a struct or array only the size is kept: `bytes` is what the
 * fields of a struct, or one element of an array, take together. `fields` counts those of a struct.
 */
export type DefinedType =
  | ({ readonly kind: 'func' } & FunctionType)
  | { readonly kind: 'struct'; readonly fields: number; readonly bytes: number }
  | { readonly kind: 'array'; readonly bytes: number };

/** Bytes of one page of memory (specification 4.2.8). */
export const PAGE_BYTES = 65_536;

/** The pages that 32-bit addresses reach. */
export const ADDRESSABLE_PAGES = 65_536;

/**
 * The size of a memory in pages of 64 KiB, or of a table in entries. `bigint` if the index type is
 * 64 bits wide.
 */
export interface Limits {
  readonly minimum: number | bigint;
  readonly maximum: number | bigint | undefined;
  readonly shared: boolean;
  readonly indexType: 'i32' | 'i64';
}

/** Is shown the type indices within value types and heap types. */
export interface HeapTypeVisitor {
  /**
   * A type index that is a heap type, so encoded as an s33 (specification 5.3.3).
   *
   * @param index the type index.
   * @param start where its bytes begin, in bytes from the start of the module.
   * @param end the offset after its last byte.
   */
  heapTypeIndex(index: number, start: number, end: number): void;
}

/**
 * Value types of one byte: numbers, vectors, and the shorthands of nullable references
 * (specification 5.3.1 to 5.3.5).
 */
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

/**
 * Abstract heap types (specification 5.3.3). The shorthand of a nullable reference to one has the
 * same byte.
 */
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

/** The byte of a text in a table; NaN if the table does not have it. */
function byteOf(table: Readonly<Record<number, string>>, text: string): number {
  return Number(Object.keys(table).find((byte) => table[Number(byte)] === text));
}

/** The first byte of a reference to a heap type, and of a nullable one (specification 5.3.4). */
export const REF = 0x64;
export const REF_NULL = 0x63;

/** The byte of `v128`. Number types have the bytes above it, references those below it. */
export const V128 = 0x7b;

/**
 * The most types, imports, exports, tables, memories and sections that a module may have. Each
 * becomes an object when it is read, so a few bytes of a stranger become hundreds in memory.
 * Engines accept at least as many (WebAssembly JavaScript API, implementation limits).
 */
export const OBJECTS_MAX = 100_000;

/**
 * Reads a vector: its length, then each element (specification 5.1.3, "Vectors").
 *
 * @param reader where its length begins.
 * @param readElement reads one element.
 * @param maximum the most elements that it may have; no limit by default.
 * @returns the elements.
 * @throws WasmFormatError `LimitExceeded` if it has more; and what `readElement` throws.
 */
export function readVector<T>(
  reader: ByteReader,
  readElement: (reader: ByteReader) => T,
  maximum: number = Number.POSITIVE_INFINITY,
): T[] {
  const offset = reader.offset;
  const length = readU32(reader);
  if (length > maximum) tooMany(offset, length, maximum);
  const elements: T[] = [];
  for (let index = 0; index < length; index++) elements.push(readElement(reader));
  return elements;
}

/**
 * Refuses a count that is over its limit.
 *
 * @throws WasmFormatError `LimitExceeded`, always.
 */
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
 * @param reader where it begins.
 * @param visitor is shown the type index in a reference.
 * @returns the type as text.
 * @throws WasmFormatError `UnknownEncoding` if the byte begins no value type.
 */
export function readValueType(reader: ByteReader, visitor?: HeapTypeVisitor): ValueType {
  const offset = reader.offset;
  const byte = reader.byte('a value type');
  const short = SHORT_TYPES[byte];
  if (short !== undefined) return short;
  if (byte !== REF && byte !== REF_NULL) throw unknownEncoding(offset, 'a value type', byte);
  const heapType = readHeapType(reader, visitor);
  if (byte === REF) return `(ref ${typeof heapType === 'number' ? heapType : heapType.name})`;
  // `(ref null func)` and `funcref` are two encodings of one type, so they get one text.
  return typeof heapType === 'number' ? `(ref null ${heapType})` : (SHORT_TYPES[heapType.byte] ?? '');
}

/** The name and the byte of an abstract heap type, or a type index. */
type HeapType = number | { readonly name: string; readonly byte: number };

/** A type index, or an abstract heap type, a negative number in one byte (specification 5.3.3). */
function readHeapType(reader: ByteReader, visitor: HeapTypeVisitor | undefined): HeapType {
  const offset = reader.offset;
  const value = readS33(reader);
  if (value >= 0) {
    visitor?.heapTypeIndex(value, offset, reader.offset);
    return value;
  }
  const byte = value & 0x7f;
  const name = abstractHeapType(value);
  if (name === undefined) throw unknownEncoding(offset, 'a heap type', byte);
  return { name, byte };
}

/**
 * The name of an abstract heap type in the text format (specification 5.3.3).
 *
 * @param value the s33 that encodes it.
 * @returns such as `func`; `undefined` if there is no such type, or it is a type index.
 */
export function abstractHeapType(value: number): string | undefined {
  return value < 0 && value >= -64 ? ABSTRACT_HEAP_TYPES[value & 0x7f] : undefined;
}

/**
 * Encodes a value type.
 *
 * @param type a text that {@link readValueType} returned.
 * @returns its shortest encoding.
 */
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
 * Reads the limits of a memory or table: 32 or 64 bits wide, shared or not (specification 5.3.13;
 * threads proposal).
 *
 * @throws WasmFormatError `UnknownEncoding` if the flags have other bits.
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

/**
 * The error for a byte that has no meaning where it stands.
 *
 * @param offset of the byte.
 * @param expected what could stand there.
 * @param found the byte.
 * @returns the error, to be thrown.
 */
export function unknownEncoding(offset: number, expected: string, found: number): WasmFormatError {
  return new WasmFormatError({ kind: 'UnknownEncoding', offset, expected, found });
}
