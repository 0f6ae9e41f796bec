/*
 * Bytes in hexadecimal digits, as vectors write them.
 */

/** A byte. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Bytes. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join('');
}

/** An integer, little-endian. Of a negative integer, its two's complement. */
export function littleEndian(value: number | bigint, size: 1 | 2 | 4 | 8): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return hexOf(bytes.subarray(0, size));
}

/** An unsigned integer below 2^14 as LEB128. */
export function leb128(value: number): string {
  return value < 0x80 ? hexByte(value) : hexByte((value & 0x7f) | 0x80) + hexByte(value >> 7);
}
