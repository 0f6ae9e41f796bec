import { writeSigned } from './leb128.ts';

/** Longer runs of bytes are copied by the engine, shorter ones (most) by a loop. */
const LONG_RUN = 16;

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
    let to = this.#length;
    if (to + LEB128_MAX_BYTES > this.#bytes.length) this.#grow(to + LEB128_MAX_BYTES);
    const bytes = this.#bytes;
    let rest = value >>> 0;
    while (rest >= 0x80) {
      bytes[to++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[to++] = rest;
    this.#length = to;
  }

  /** Appends a signed LEB128 integer of up to 32 bits. */
  s32(value: number): void {
    let to = this.#length;
    if (to + LEB128_MAX_BYTES > this.#bytes.length) this.#grow(to + LEB128_MAX_BYTES);
    const bytes = this.#bytes;
    let rest = value;
    // Done if the rest only repeats the sign bit of the last byte.
    while (rest < -0x40 || rest >= 0x40) {
      bytes[to++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    bytes[to++] = rest & 0x7f;
    this.#length = to;
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
    let to = this.#length;
    this.#length = to + length;
    if (this.#length > this.#bytes.length) this.#grow(this.#length);
    const written = this.#bytes;
    for (let index = 0; index < length; index++) written[to++] = bytes[index] ?? 0;
  }

  /**
   * Appends the characters of a text from `start` up to `end`, each as one byte.
   *
   * @param less is taken off each character code.
   */
  characters(text: string, start: number, end: number, less: number): void {
    let to = this.#length;
    this.#length = to + end - start;
    if (this.#length > this.#bytes.length) this.#grow(this.#length);
    const bytes = this.#bytes;
    for (let at = start; at < end; at++) bytes[to++] = text.charCodeAt(at) - less;
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
    let to = this.#length;
    this.#length = to + length;
    if (this.#length > this.#bytes.length) this.#grow(this.#length);
    const bytes = this.#bytes;
    if (length > LONG_RUN) bytes.set(source.subarray(start, end), to);
    else for (let from = start; from < end; from++) bytes[to++] = source[from] ?? 0;
  }

  /**
   * Begins a part that its length is to stand before.
   *
   * @param expected about how long it will be, in bytes: then it need not be moved.
   * @returns where the part begins, for {@link endSized}.
   */
  beginSized(expected: number): number {
    const room = u32Length(expected);
    this.#reserve(room);
    this.#length += room;
    return this.#length;
  }

  /**
   * Ends a part, and writes its length before it, as a u32 in LEB128.
   *
   * @param start where the part begins.
   * @param expected what {@link beginSized} was given.
   * @returns the length in bytes.
   */
  endSized(start: number, expected: number): number {
    const size = this.#length - start;
    const room = u32Length(expected);
    const needed = u32Length(size);
    if (needed !== room) {
      this.#reserve(needed);
      this.#bytes.copyWithin(start + needed - room, start, this.#length);
    }
    this.#length = start - room;
    this.u32(size);
    this.#length += size;
    return size;
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
    larger.set(this.#bytes);
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
