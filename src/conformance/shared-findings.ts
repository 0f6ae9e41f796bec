/** What several checks ask about, each found once. */
export class SharedFindings {
  readonly #found = new Map<object, unknown>();

  /**
   * Returns what `find` returns. It runs only for the first check that asks with the same key.
   *
   * @param key identifies the result. Always used with the same `find`.
   */
  once<T>(key: object, find: () => T): T {
    // The cast: a key is always used with the same `find`, so the kept value is a T.
    if (this.#found.has(key)) return this.#found.get(key) as T;
    const found = find();
    this.#found.set(key, found);
    return found;
  }
}
