const LONG_RUN = 48;

/** Bytes under construction: appended to, never inserted into. */
export class ByteSink {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected about how many bytes will come; more are taken too. */
  constructor(expected = 64) {
    this.#bytes = new Uint8Array(expected);
  }

  /** How many bytes it holds. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what it holds. */
  clear(): void {
    this.#length = 0;
  }

  /** Appends one byte. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends an unsigned LEB128 integer of up to 32 bits. */
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Appends a signed LEB128 integer of up to 32 bits. */
  s32(value: number): void {
    let rest = value;
    for (;;) {
      const byte = rest & 0x7f;
      rest >>= 7;
      // Done when what is left only repeats the sign bit of this byte.
      if (rest === ((byte & 0x40) === 0 ? 0 : -1)) {
        this.byte(byte);
        return;
      }
      this.byte(byte | 0x80);
    }
  }

  /** Appends some bytes. */
  append(bytes: readonly number[] | Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    // Short runs, which are most, are copied faster by hand.
    if (length > LONG_RUN) this.#bytes.set(bytes, this.#length);
    else for (let index = 0; index < length; index++) this.#bytes[this.#length + index] = bytes[index] ?? 0;
    this.#length += length;
  }

  /** Appends the bytes of `source` from `start` up to `end`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length);
    if (length > LONG_RUN) this.#bytes.set(source.subarray(start, end), this.#length);
    else for (let index = 0; index < length; index++) this.#bytes[this.#length + index] = source[start + index] ?? 0;
    this.#length += length;
  }

  /** A view of what it holds. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.view());
    this.#bytes = larger;
  }
}

/** Bytes that an unsigned LEB128 integer takes in its shortest form. */
export function u32Length(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) length++;
  return length;
}
