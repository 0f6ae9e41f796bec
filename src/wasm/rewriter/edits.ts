import type { ByteSink } from './byte-sink.ts';

/** What stands in the place of a stretch of bytes: bytes, or something that writes them when all is known that they depend on. */
export type EditContent = readonly number[] | { write(sink: ByteSink): void };

/** One change to a stretch of bytes: those from `start` up to `end` give way to others. With `start` equal to `end` it is an insertion. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** What stands there instead. May still change until the edits are applied. */
  content: EditContent;
}

/** An index in LEB128 instead of another. There are so many of these that each is one object. */
class IndexEdit implements Edit {
  readonly start: number;
  readonly end: number;
  readonly #index: number;

  constructor(start: number, end: number, index: number) {
    this.start = start;
    this.end = end;
    this.#index = index;
  }

  readonly content: EditContent = this;

  write(sink: ByteSink): void {
    sink.u32(this.#index);
  }
}

/** The changes to a stretch of bytes, in the order of their places. */
export class EditList {
  readonly #edits: Edit[] = [];

  /** Puts bytes in before the byte at an offset. Insertions at one offset keep the order in which they were made. */
  insert(offset: number, content: EditContent): Edit {
    return this.add({ start: offset, end: offset, content });
  }

  /** Replaces the bytes from `start` up to `end`. Changes must be made in the order of their places. */
  replace(start: number, end: number, content: EditContent): Edit {
    return this.add({ start, end, content });
  }

  /** Replaces the bytes from `start` up to `end` by an index. */
  replaceIndex(start: number, end: number, index: number): void {
    this.#edits.push(new IndexEdit(start, end, index));
  }

  /** A change that is an object of the caller's own. */
  add<E extends Edit>(edit: E): E {
    this.#edits.push(edit);
    return edit;
  }

  /** Writes the bytes from `start` up to `end`, changed. All changes must lie within. */
  apply(source: Uint8Array, start: number, end: number, sink: ByteSink): void {
    let offset = start;
    for (const edit of this.#edits) {
      if (edit.start > offset) sink.copy(source, offset, edit.start);
      const { content } = edit;
      if ('write' in content) content.write(sink);
      else sink.append(content);
      offset = edit.end;
    }
    sink.copy(source, offset, end);
  }
}
