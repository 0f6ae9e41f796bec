import { WasmFormatError } from './error.ts';

/**
 * A place in the bytes of a module, and how far reading may go. Offsets count from the start of the module, in a reader for a part of
 * it too, so that every error names a place that a hex dump shows.
 */
export class ByteReader {
  /** The whole module. */
  readonly bytes: Uint8Array;
  /** Where the next read begins. */
  offset: number;
  /** The offset past the last byte that may be read. */
  readonly end: number;

  /** @param offset first byte to read, 0 by default. @param end offset past the last one, the end of `bytes` by default. */
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
   * The next byte.
   *
   * @param expected what the byte is part of, for the error.
   * @throws WasmFormatError `UnexpectedEnd` when there is none.
   */
  byte(expected: string): number {
    const byte = this.offset < this.end ? this.bytes[this.offset] : undefined;
    if (byte === undefined) throw new WasmFormatError({ kind: 'UnexpectedEnd', offset: this.offset, expected });
    this.offset += 1;
    return byte;
  }

  /** The next byte, without moving past it; `undefined` at the end. */
  peek(): number | undefined {
    return this.offset < this.end ? this.bytes[this.offset] : undefined;
  }

  /**
   * The next `length` bytes as a reader of their own; this one moves past them.
   *
   * @throws WasmFormatError `UnexpectedEnd` when fewer are left.
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

  /** A view of the bytes not yet read. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.offset, this.end);
  }
}
