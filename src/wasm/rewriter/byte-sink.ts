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

  /** Appends some bytes. */
  append(bytes: readonly number[] | Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends the bytes of `source` from `start` up to `end`. */
  copy(source: Uint8Array, start: number, end: number): void {
    if (end - start > 32) this.append(source.subarray(start, end));
    else {
      this.#reserve(end - start);
      for (let offset = start; offset < end; offset++) this.#bytes[this.#length++] = source[offset] ?? 0;
    }
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
