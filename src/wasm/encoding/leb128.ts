import type { ByteReader } from './byte-reader.ts';
import { WasmFormatError } from './error.ts';

/*
 * Integers in LEB128, the encoding of every number in a module (specification 5.2.2, "Integers").
 *
 * An N-bit integer takes at most ceil(N / 7) bytes. Padding within that length is valid: `80 00` is
 * 0. A longer encoding is refused. So are bits of the last byte beyond N that are not a sign
 * extension. Every error gives the offset of the first byte of the integer, except `UnexpectedEnd`,
 * which gives the offset of the missing byte.
 */

/**
 * Reads an unsigned 32-bit integer.
 *
 * @returns 0 to 2^32 - 1.
 * @throws WasmFormatError `UnexpectedEnd`; `IntegerTooLong` if it has more than 5 bytes;
 * `IntegerTooLarge` if it is 2^32 or more.
 */
export function readU32(reader: ByteReader): number {
  const { bytes, offset } = reader;
  // Most integers take one or two bytes. `readAnyU32` reads all others, and reports the faults.
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
  const { bytes, offset: start } = reader;
  let value = 0;
  for (let index = 0; ; index++) {
    const byte = start + index < reader.end ? (bytes[start + index] ?? 0) : endsWithin(reader, start + index);
    if (index === 4) {
      if (byte > 0x0f) refuse(byte >= 0x80 ? 'IntegerTooLong' : 'IntegerTooLarge', start, 'a u32');
      reader.offset = start + 5;
      // A shift by 28 would make a negative number.
      return value + byte * 2 ** 28;
    }
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) {
      reader.offset = start + index + 1;
      return value;
    }
  }
}

/** @throws WasmFormatError `UnexpectedEnd`, always: the bytes end at an offset. */
function endsWithin(reader: ByteReader, offset: number): number {
  reader.offset = offset;
  return reader.byte('a u32');
}

/**
 * Reads a signed 32-bit integer, such as the immediate of `i32.const`.
 *
 * @returns -2^31 to 2^31 - 1.
 * @throws WasmFormatError as {@link readU32}.
 */
export function readS32(reader: ByteReader): number {
  return readNarrowSigned(reader, 32);
}

/**
 * Reads a signed 33-bit integer: a block type or a heap type.
 *
 * @returns -2^32 to 2^32 - 1.
 * @throws WasmFormatError as {@link readU32}.
 */
export function readS33(reader: ByteReader): number {
  return readNarrowSigned(reader, 33);
}

/**
 * Reads an unsigned 64-bit integer, such as a limit of a 64-bit memory.
 *
 * @returns 0 to 2^64 - 1.
 * @throws WasmFormatError `UnexpectedEnd`; `IntegerTooLong` if it has more than 10 bytes;
 * `IntegerTooLarge` if it is 2^64 or more.
 */
export function readU64(reader: ByteReader): bigint {
  return readWide(reader, 'a u64', 0x01);
}

/**
 * Reads a signed 64-bit integer: the immediate of `i64.const`.
 *
 * @returns -2^63 to 2^63 - 1.
 * @throws WasmFormatError as {@link readU64}.
 */
export function readS64(reader: ByteReader): bigint {
  return BigInt.asIntN(64, readWide(reader, 'an s64', 0x7f));
}

/**
 * Appends an unsigned integer in its shortest form.
 *
 * @param out the bytes to append to.
 * @param value the integer, below 2^53.
 */
export function writeUnsigned(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  out.push(rest);
}

/**
 * Encodes an unsigned integer.
 *
 * @param value the integer, below 2^53.
 * @returns its shortest form.
 */
export function encodeUnsigned(value: number): number[] {
  const out: number[] = [];
  writeUnsigned(out, value);
  return out;
}

/**
 * Appends a signed integer in its shortest form.
 *
 * @param out the bytes to append to.
 * @param value the integer, of up to 64 bits.
 */
export function writeSigned(out: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    // Done if the rest only repeats the sign bit of this byte.
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

/**
 * @param fullLastByte the only tenth byte, apart from 0, that a 64-bit integer may have: bit 64, or
 * its sign extension.
 */
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
