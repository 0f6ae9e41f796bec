import { ByteSink } from '../encoding/byte-sink.ts';

/**
 * Writes the bytes of an edit. It is called when the whole function has been seen.
 *
 * @param sink where to write.
 * @param operand the number that the edit was made with.
 */
export type EditWriter = (sink: ByteSink, operand: number) => void;

/** An edit that was made: the bytes from `start` up to `end` became `length` others. */
export interface WrittenEdit {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/**
 * The edits of a range of bytes, by ascending offset. Each replaces the bytes from one offset up to
 * another with what a writer writes.
 *
 * There are as many edits as calls and branches in a module, so an edit is not an object but a row
 * in several columns.
 */
export class EditList {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #writers: EditWriter[] = [];
  readonly #operands: number[] = [];
  #count = 0;
  #texts: (readonly number[])[] = [];
  readonly #writeText: EditWriter = (sink, text) => sink.bytes(this.#texts[text] ?? []);

  /** Inserts before the byte at an offset. Several insertions at one offset keep their order. */
  insert(offset: number, write: EditWriter, operand = 0): void {
    const at = this.#count++;
    this.#starts[at] = offset;
    this.#ends[at] = offset;
    this.#writers[at] = write;
    this.#operands[at] = operand;
  }

  /**
   * Replaces the bytes from `start` up to `end`. Edits must be made by ascending offset.
   *
   * @param write writes the new bytes.
   * @param operand is passed to `write`.
   */
  replace(start: number, end: number, write: EditWriter, operand = 0): void {
    const at = this.#count++;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#writers[at] = write;
    this.#operands[at] = operand;
  }

  /** Inserts bytes before the byte at an offset. */
  insertBytes(offset: number, bytes: readonly number[]): void {
    this.replaceByBytes(offset, offset, bytes);
  }

  /** Replaces the bytes from `start` up to `end` with others. */
  replaceByBytes(start: number, end: number, bytes: readonly number[]): void {
    this.replace(start, end, this.#writeText, this.#texts.push(bytes) - 1);
  }

  /** Replaces the bytes from `start` up to `end` with an index. */
  replaceByIndex(start: number, end: number, index: number): void {
    this.replace(start, end, writeIndex, index);
  }

  /** Removes all edits. */
  clear(): void {
    this.#count = 0;
    if (this.#texts.length > 0) this.#texts = [];
  }

  /**
   * Says what {@link apply} does.
   *
   * @returns the edits by ascending offset, without those that write nothing where nothing was.
   */
  written(): WrittenEdit[] {
    const sink = new ByteSink();
    const found: WrittenEdit[] = [];
    for (let at = 0; at < this.#count; at++) {
      const [start = 0, end = start] = [this.#starts[at], this.#ends[at]];
      sink.clear();
      this.#writers[at]?.(sink, this.#operands[at] ?? 0);
      if (sink.length > 0 || end > start) found.push({ start, end, length: sink.length });
    }
    return found;
  }

  /**
   * Writes the edited bytes.
   *
   * @param source the bytes of the module.
   * @param start where to begin. All edits must be between `start` and `end`.
   * @param end the offset after the last byte.
   * @param sink where to write.
   */
  apply(source: Uint8Array, start: number, end: number, sink: ByteSink): void {
    const starts = this.#starts;
    const ends = this.#ends;
    const operands = this.#operands;
    const writers = this.#writers;
    const count = this.#count;
    let offset = start;
    for (let at = 0; at < count; at++) {
      const from = starts[at] ?? end;
      if (from > offset) sink.copy(source, offset, from);
      const write = writers[at] ?? writeIndex;
      write(sink, operands[at] ?? 0);
      offset = ends[at] ?? end;
    }
    sink.copy(source, offset, end);
  }
}

const writeIndex: EditWriter = (sink, index) => sink.u32(index);
