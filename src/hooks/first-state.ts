const WORD_BYTES = 8;

/**
 * The state in which the engine made an instance: the contents of its memory, and its globals.
 * Nothing may have run in the instance yet.
 */
export class FirstState {
  /** What is in the memory between the first byte that is not zero and the last. */
  readonly #contents: Uint8Array<ArrayBuffer>;
  readonly #contentsStart: number;
  readonly #globals: readonly (readonly [global: WebAssembly.Global, value: unknown])[];

  /**
   * @param globals names of exports: the globals that can change, all of them integers.
   */
  constructor(exports: WebAssembly.Exports, memory: WebAssembly.Memory, globals: readonly string[]) {
    const [start, end] = usedPart(memory);
    this.#contentsStart = start;
    this.#contents = new Uint8Array(memory.buffer).slice(start, end);
    this.#globals = globals.map((name) => {
      // The cast: the module was made to export these globals.
      const global = exports[name] as WebAssembly.Global;
      return [global, global.value];
    });
  }

  /** Puts the instance back. @param bytes its memory, which is filled with zeros. */
  putBack(bytes: Uint8Array<ArrayBuffer>): void {
    bytes.set(this.#contents, this.#contentsStart);
    for (const [global, value] of this.#globals) global.value = value;
  }
}

/** Returns where the part of a memory begins and ends beyond which there are only zeros. */
function usedPart({ buffer }: WebAssembly.Memory): readonly [start: number, end: number] {
  const words = new BigUint64Array(buffer);
  let [first, end] = [0, words.length];
  while (end > 0 && words[end - 1] === 0n) end--;
  while (first < end && words[first] === 0n) first++;
  return [first * WORD_BYTES, end * WORD_BYTES];
}
