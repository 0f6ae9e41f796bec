/** Shorter ASCII texts are copied in a loop: calling the engine's encoder takes longer. */
const LOOP_MAX = 48;

const utf8 = /* @__PURE__ */ new TextEncoder();

/**
 * Where the next value of an archive is written. The first pass over a value fills it: it checks
 * the value and finds all places, so that the second pass can write in one go.
 */
export class ArchivePlan {
  /** The end of what has been placed so far, in bytes from the beginning of the archive. */
  end = 0;
  /**
   * For each text its size in bytes, and for each list the end of all that its elements point to;
   * in the order in which the values are met.
   */
  readonly notes: number[] = [];
}

/** Writes an archive into a buffer of its size. Nothing outside that buffer can be written. */
export class ArchiveWriter {
  /** Where the next text, bytes or list goes, in bytes from the beginning of the archive. */
  at = 0;
  readonly view: DataView<ArrayBufferLike>;
  readonly #bytes: Uint8Array;
  readonly #notes: readonly number[];
  #next = 0;

  /** @param bytes the place of the archive, with the planned size. */
  constructor(bytes: Uint8Array, { notes }: ArchivePlan) {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#notes = notes;
  }

  /** Returns the next note of the plan. */
  takeNote(): number {
    return this.#notes[this.#next++] ?? 0;
  }

  /**
   * Writes zeros: padding, and the place of values whose unused bytes stay zero. A guest's memory
   * can hold anything before.
   */
  clear(from: number, to: number): void {
    this.#bytes.fill(0, from, to);
  }

  /** Writes an offset and count that point to a target. */
  writePointer(place: number, target: number, count: number): void {
    this.view.setInt32(place, target - place, true);
    this.view.setUint32(place + 4, count, true);
  }

  /** Writes bytes, and a pointer to them. */
  writeBytes(place: number, value: Uint8Array): void {
    this.writePointer(place, this.at, value.length);
    this.#bytes.set(value, this.at);
    this.at += value.length;
  }

  /** Writes a text in UTF-8, and a pointer to it. */
  writeText(place: number, text: string): void {
    const size = this.takeNote();
    const begin = this.at;
    this.writePointer(place, begin, size);
    this.at += size;
    const bytes = this.#bytes;
    if (size === text.length && size <= LOOP_MAX) {
      for (let index = 0; index < size; index++) bytes[begin + index] = text.charCodeAt(index);
    } else utf8.encodeInto(text, bytes.subarray(begin, this.at));
  }
}

/**
 * Returns the size of a text in UTF-8 bytes, without encoding it.
 *
 * @returns -1 if the text has a lone surrogate, which UTF-8 cannot encode.
 */
export function utf8Size(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) size += 1;
    else if (unit < 0xd800 || unit > 0xdfff) size += 2;
    else {
      // A pair is two code units and four bytes.
      const next = text.charCodeAt(++index);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return -1;
      size += 2;
    }
  }
  return size;
}
