import type { ByteSink } from '../encoding/byte-sink.ts';

/**
 * Writes what stands in the place of a stretch of bytes, when all is known that it depends on.
 *
 * @param operand the number that the edit was made with.
 */
export type EditWriter = (sink: ByteSink, operand: number) => void;

/**
 * The changes to a stretch of bytes, in the order of their places: bytes from one offset up to another give way to what a writer writes.
 *
 * There are as many of them as calls and branches in a module, so none is an object: each is a row in some columns.
 */
export class EditList {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #writers: EditWriter[] = [];
  readonly #operands: number[] = [];
  #count = 0;
  #texts: (readonly number[])[] = [];
  readonly #writeText: EditWriter = (sink, text) => sink.bytes(this.#texts[text] ?? []);

  /** Puts something in before the byte at an offset. What is put in at one offset keeps the order in which it came. */
  insert(offset: number, write: EditWriter, operand = 0): void {
    this.replace(offset, offset, write, operand);
  }

  /** Replaces the bytes from `start` up to `end`. Changes must be made in the order of their places. */
  replace(start: number, end: number, write: EditWriter, operand = 0): void {
    const at = this.#count++;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#writers[at] = write;
    this.#operands[at] = operand;
  }

  /** Puts bytes in before the byte at an offset. */
  insertBytes(offset: number, bytes: readonly number[]): void {
    this.replaceByBytes(offset, offset, bytes);
  }

  /** Replaces the bytes from `start` up to `end` by others. */
  replaceByBytes(start: number, end: number, bytes: readonly number[]): void {
    this.replace(start, end, this.#writeText, this.#texts.push(bytes) - 1);
  }

  /** Replaces the bytes from `start` up to `end` by an index. */
  replaceByIndex(start: number, end: number, index: number): void {
    this.replace(start, end, writeIndex, index);
  }

  /** Forgets all changes. */
  clear(): void {
    this.#count = 0;
    if (this.#texts.length > 0) this.#texts = [];
  }

  /** Writes the bytes from `start` up to `end`, changed. All changes must lie within. */
  apply(source: Uint8Array, start: number, end: number, sink: ByteSink): void {
    let offset = start;
    for (let at = 0; at < this.#count; at++) {
      const from = this.#starts[at] ?? end;
      if (from > offset) sink.copy(source, offset, from);
      this.#writers[at]?.(sink, this.#operands[at] ?? 0);
      offset = this.#ends[at] ?? end;
    }
    sink.copy(source, offset, end);
  }
}

const writeIndex: EditWriter = (sink, index) => sink.u32(index);
