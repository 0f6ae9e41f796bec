import type { ByteSink } from './byte-sink.ts';

/** One change to a stretch of bytes: those from `start` up to `end` give way to others. With `start` equal to `end` it is an insertion. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** What stands there instead. May still change until the edits are applied. */
  bytes: readonly number[];
}

/** The changes to a stretch of bytes, in the order of their places. */
export class EditList {
  readonly #edits: Edit[] = [];

  /** Puts bytes in before the byte at an offset. Insertions at one offset keep the order in which they were made. */
  insert(offset: number, bytes: readonly number[]): Edit {
    return this.replace(offset, offset, bytes);
  }

  /** Replaces the bytes from `start` up to `end`. Changes must be made in the order of their places. */
  replace(start: number, end: number, bytes: readonly number[]): Edit {
    const edit: Edit = { start, end, bytes };
    this.#edits.push(edit);
    return edit;
  }

  /** By how many bytes the stretch gets longer; negative when it gets shorter. */
  get growth(): number {
    let growth = 0;
    for (const edit of this.#edits) growth += edit.bytes.length - (edit.end - edit.start);
    return growth;
  }

  /** Writes the bytes from `start` up to `end`, changed. All changes must lie within. */
  apply(source: Uint8Array, start: number, end: number, sink: ByteSink): void {
    let offset = start;
    for (const edit of this.#edits) {
      sink.copy(source, offset, edit.start);
      sink.append(edit.bytes);
      offset = edit.end;
    }
    sink.copy(source, offset, end);
  }
}
