import type { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';

/*
 * Integers in LEB128, the encoding of every number in a module (specification 5.2.2, "Integers").
 *
 * An N-bit integer takes at most ceil(N / 7) bytes. Within that length padding is valid (`80 00` is 0). A longer encoding, and bits of
 * the last byte that lie beyond N without being a sign extension, are refused. Every error gives the offset of the integer's first byte,
 * but for `UnexpectedEnd`, which gives the place of the missing byte.
 */

/**
 * Reads an unsigned 32-bit integer.
 *
 * @throws WasmFormatError `UnexpectedEnd`; `IntegerTooLong` over 5 bytes; `IntegerTooLarge` from 2^32 up.
 */
export function readU32(reader: ByteReader): number {
  const { bytes, offset } = reader;
  // Most integers take one or two bytes; the general way reads the others, and finds the faults.
  if (offset + 1 < reader.end) {
    const first = bytes[offset] ?? 0;
    if (first < 0x80) {
      reader.offset = offset + 1;
      return first;
    }
    const second = bytes[offset + 1] ?? 0;
    if (second < 0x80) {
      reader.offset = offset + 2;
      return (first & 0x7f) | (second << 7);
    }
  }
  return readAnyU32(reader);
}

function readAnyU32(reader: ByteReader): number {
  const start = reader.offset;
  let value = 0;
  for (let index = 0; ; index++) {
    const byte = reader.byte('a u32');
    if (index === 4 && byte > 0x0f) refuse(byte >= 0x80 ? 'IntegerTooLong' : 'IntegerTooLarge', start, 'a u32');
    // Multiplication, since a shift by 28 would turn the upper bits into a sign.
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return value;
  }
}

/** Reads a signed 32-bit integer, as `i32.const` has it. Errors as {@link readU32}. */
export function readS32(reader: ByteReader): number {
  return readNarrowSigned(reader, 32);
}

/** Reads a signed 33-bit integer, as block types and heap types have it. Errors as {@link readU32}. */
export function readS33(reader: ByteReader): number {
  return readNarrowSigned(reader, 33);
}

/**
 * Reads an unsigned 64-bit integer, as the limits and offsets of a 64-bit memory have it.
 *
 * @throws WasmFormatError `UnexpectedEnd`; `IntegerTooLong` over 10 bytes; `IntegerTooLarge` from 2^64 up.
 */
export function readU64(reader: ByteReader): bigint {
  return readWide(reader, 'a u64', 0x01);
}

/** Reads a signed 64-bit integer, as `i64.const` has it. Errors as {@link readU64}. */
export function readS64(reader: ByteReader): bigint {
  return BigInt.asIntN(64, readWide(reader, 'an s64', 0x7f));
}

/** Appends an unsigned integer below 2^53 in its shortest form. */
export function writeUnsigned(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/** An unsigned integer below 2^53 in its shortest form. */
export function encodeUnsigned(value: number): number[] {
  const out: number[] = [];
  writeUnsigned(out, value);
  return out;
}

/** Appends a signed integer of up to 64 bits in its shortest form. */
export function writeSigned(out: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    // Done when what is left only repeats the sign bit of this byte.
    if (rest === (byte & 0x40 ? -1n : 0n)) {
      out.push(byte);
      return;
    }
    out.push(byte | 0x80);
  }
}

function readNarrowSigned(reader: ByteReader, width: 32 | 33): number {
  const start = reader.offset;
  let value = 0;
  for (let index = 0; ; index++) {
    const byte = reader.byte(`an s${width}`);
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (index === 4) {
      // In the last byte the sign bit and all above it must be equal.
      const sign = byte >> (width - 29);
      const negative = 0x7f >> (width - 29);
      if (sign !== 0 && sign !== negative)
        refuse(byte >= 0x80 ? 'IntegerTooLong' : 'IntegerTooLarge', start, `an s${width}`);
    }
    if (byte < 0x80) return byte & 0x40 ? value - 2 ** (7 * (index + 1)) : value;
  }
}

/** @param fullLastByte the one tenth byte, beside 0, that a 64-bit integer may have: its 64th bit, or the sign extension of it. */
function readWide(reader: ByteReader, type: string, fullLastByte: 0x01 | 0x7f): bigint {
  const start = reader.offset;
  let value = 0n;
  for (let index = 0; ; index++) {
    const byte = reader.byte(type);
    if (index === 9 && byte !== 0 && byte !== fullLastByte) {
      refuse(byte >= 0x80 ? 'IntegerTooLong' : 'IntegerTooLarge', start, type);
    }
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) {
      const negative = fullLastByte === 0x7f && (byte & 0x40) !== 0;
      return negative ? value - (1n << BigInt(7 * (index + 1))) : value;
    }
  }
}

function refuse(kind: 'IntegerTooLong' | 'IntegerTooLarge', offset: number, type: string): never {
  throw new WasmFormatError({ kind, offset, type });
}
