import { WasmFormatError } from './error.ts';

/**
 * A position in the bytes of a module, and how far reading may go.
 *
 * Offsets count from the start of the module, also in a reader of a part of it. So every error
 * names an offset that a hex dump shows.
 */
export class ByteReader {
  /** The whole module. */
  readonly bytes: Uint8Array;
  /** Where the next read begins. */
  offset: number;
  /** The offset after the last byte that may be read. */
  readonly end: number;

  /**
   * @param bytes the whole module.
   * @param offset the first byte to read; 0 by default.
   * @param end the offset after the last byte to read; the end of `bytes` by default.
   */
  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  /** Whether all bytes have been read. */
  get done(): boolean {
    return this.offset >= this.end;
  }

  /**
   * Reads the next byte.
   *
   * @param expected what the byte is part of, for the error.
   * @returns the byte, 0 to 255.
   * @throws WasmFormatError `UnexpectedEnd` if no byte is left.
   */
  byte(expected: string): number {
    const byte = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (byte === undefined) throw new WasmFormatError({ kind: 'UnexpectedEnd', offset: this.offset, expected });
    this.offset += 1;
    return byte;
  }

  /**
   * Looks at the next byte without reading it.
   *
   * @returns the byte; `undefined` at the end.
   */
  peek(): number | undefined {
    return this.offset < this.end ? this.bytes[this.offset] : undefined;
  }

  /**
   * Reads the next bytes as a part of their own.
   *
   * @param length how many bytes.
   * @param expected what they are, for the error.
   * @returns a reader over them. This reader moves past them.
   * @throws WasmFormatError `UnexpectedEnd` if fewer bytes are left.
   */
  part(length: number, expected: string): ByteReader {
    if (length > this.end - this.offset) {
      throw new WasmFormatError({
        kind: 'UnexpectedEnd',
        offset: this.end,
        expected: `${length} bytes of ${expected}`,
      });
    }
    const part = new ByteReader(this.bytes, this.offset, this.offset + length);
    this.offset += length;
    return part;
  }

  /**
   * The bytes that have not been read.
   *
   * @returns a view, not a copy.
   */
  rest(): Uint8Array {
    return this.bytes.subarray(this.offset, this.end);
  }
}
