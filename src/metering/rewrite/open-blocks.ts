/**
 * What is kept of each open block of a function, from the outermost to the innermost.
 *
 * There is an entry for every block of a module, so an entry that is not needed any more is used
 * again, as it is: who opens a block sets all that it reads.
 */
export class OpenBlocks<Entry> {
  readonly #make: () => Entry;
  readonly #entries: Entry[] = [];
  #depth = 0;

  constructor(make: () => Entry) {
    this.#make = make;
  }

  /** How many blocks are open. */
  get depth(): number {
    return this.#depth;
  }

  /** A function begins: no block is open. */
  clear(): void {
    this.#depth = 0;
  }

  /** A block opens. Gives its entry, which holds what another block left in it. */
  open(): Entry {
    const depth = this.#depth++;
    // Reading past the end of an array takes an engine much longer than a comparison.
    if (depth < this.#entries.length) return this.#entries[depth] ?? this.#make();
    const entry = this.#make();
    this.#entries.push(entry);
    return entry;
  }

  /** The innermost block closes. Gives its entry, which is good until another opens. */
  close(): Entry | undefined {
    return this.#depth > 0 ? this.#entries[--this.#depth] : undefined;
  }

  /** The innermost block; `undefined` when none is open. */
  get innermost(): Entry | undefined {
    return this.#depth > 0 ? this.#entries[this.#depth - 1] : undefined;
  }

  /** The block of a label, counted from the innermost, 0. */
  ofLabel(label: number): Entry | undefined {
    return label < this.#depth ? this.#entries[this.#depth - 1 - label] : undefined;
  }
}
