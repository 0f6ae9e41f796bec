import type { MeteringError } from '../error.ts';

/**
 * Runs that wait for a promise, and end before it settles when a budget is used up: what is trapped
 * may never settle it.
 */
export class PendingRuns {
  readonly #ends = new Set<(error: MeteringError) => void>();

  /** Whether there are any. */
  get any(): boolean {
    return this.#ends.size > 0;
  }

  /**
   * Waits for a promise.
   *
   * @returns what it is fulfilled with.
   * @throws what it is rejected with, or what {@link end} is given before.
   */
  async settled<T>(promise: PromiseLike<T>): Promise<T> {
    let end: (error: MeteringError) => void = () => undefined;
    const ended = new Promise<{ readonly error: MeteringError }>((resolve) => {
      end = (error) => resolve({ error });
    });
    this.#ends.add(end);
    try {
      const first = await Promise.race([Promise.resolve(promise).then((value) => ({ value })), ended]);
      if ('error' in first) throw first.error;
      return first.value;
    } finally {
      this.#ends.delete(end);
    }
  }

  /** Ends all that wait now. */
  end(error: MeteringError): void {
    for (const end of this.#ends) end(error);
  }
}
