import { writeSigned } from './leb128.ts';

/** Longer runs of bytes are copied by the engine, shorter ones (most) by a loop. */
const LONG_RUN = 64;

/** The most bytes that a LEB128 integer of 32 bits takes. */
const LEB128_MAX_BYTES = 5;

/** Bytes under construction: appended to, never inserted into. */
export class ByteSink {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected about how many bytes will be written; the sink grows if there are more. */
  constructor(expected = 64) {
    this.#bytes = new Uint8Array(expected);
  }

  /** How many bytes have been written. */
  get length(): number {
    return this.#length;
  }

  /** Removes all bytes. */
  clear(): void {
    this.#length = 0;
  }

  /** Appends one byte. */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends an unsigned LEB128 integer of up to 32 bits. */
  u32(value: number): void {
    this.#reserve(LEB128_MAX_BYTES);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Appends a signed LEB128 integer of up to 32 bits. */
  s32(value: number): void {
    this.#reserve(LEB128_MAX_BYTES);
    let rest = value;
    // Done if the rest only repeats the sign bit of the last byte.
    while (rest < -0x40 || rest >= 0x40) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.#bytes[this.#length++] = rest & 0x7f;
  }

  /** Appends a signed LEB128 integer of up to 64 bits. */
  s64(value: bigint): void {
    const bytes: number[] = [];
    writeSigned(bytes, value);
    this.bytes(bytes);
  }

  /** Appends a short array of bytes, such as a few encoded instructions. */
  bytes(bytes: readonly number[]): void {
    const { length } = bytes;
    this.#reserve(length);
    for (let index = 0; index < length; index++) this.#bytes[this.#length + index] = bytes[index] ?? 0;
    this.#length += length;
  }

  /** Appends all bytes of an array. */
  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends the bytes of another sink. */
  appendSink(other: ByteSink): void {
    this.copy(other.#bytes, 0, other.#length);
  }

  /** Appends the bytes of `source` from `start` up to `end`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length);
    if (length > LONG_RUN) this.#bytes.set(source.subarray(start, end), this.#length);
    else {
      const bytes = this.#bytes;
      let to = this.#length;
      for (let from = start; from < end; from++) bytes[to++] = source[from] ?? 0;
    }
    this.#length += length;
  }

  /**
   * The bytes written so far.
   *
   * @returns a view, which is valid until the next write.
   */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.view());
    this.#bytes = larger;
  }
}

/**
 * The length of an unsigned LEB128 integer in its shortest form.
 *
 * @param value the integer, 0 to 2^32 - 1.
 * @returns bytes, 1 to 5.
 */
export function u32Length(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) length++;
  return length;
}
