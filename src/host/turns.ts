/**
 * Lets a number of pieces of work run at once. The others wait, and begin in the order of the
 * calls.
 */
export class Turns {
  readonly #atOnceMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param atOnceMax how many pieces of work may run at once: 1 or more. */
  constructor(atOnceMax: number) {
    this.#atOnceMax = atOnceMax;
  }

  /**
   * Runs work when it is its turn.
   *
   * @returns a promise of what the work returns. It rejects with the error of the work.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    // Work that ends hands its turn on, so that nothing can come between.
    if (this.#running >= this.#atOnceMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/** Runs pieces of work that have the same key one after the other, in the order of the calls. */
export class Sequences {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns a promise of what the work returns. It rejects with the error of the work. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(work);
    // What waits for this work waits for its end, not for its success.
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(key, ended);
    return result.finally(() => {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    });
  }
}
