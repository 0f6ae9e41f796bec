import type { Subscription } from './store.ts';

/** The changes after a revision. */
export interface Changes {
  /** The number of the last one. */
  readonly revision: number;
  /** The records that were written or deleted, in the order of their last changes. */
  readonly ids: readonly string[];
}

/** How a feed learns of changes. */
export interface ChangeSource {
  /** Reads the changes after a revision. */
  readonly read: (since: number) => Promise<Changes>;
  /** How often it is asked, in milliseconds, if nobody calls {@link ChangeFeed.wake}. */
  readonly everyMs: number;
  readonly onError: (error: Error) => void;
  /** Gives back what the source holds, after the last read. */
  readonly close: () => Promise<void>;
}

/**
 * Tells a listener of the changes of a store. It reads them by their numbers, when it is woken and
 * every few milliseconds: so a notification that was lost costs time, and no change.
 */
export class ChangeFeed implements Subscription {
  readonly #source: ChangeSource;
  readonly #listener: (ids: readonly string[]) => void;
  readonly #ended: Promise<void>;
  #revision: number;
  #checkedAt = performance.now();
  #isClosed = false;
  #isAwake = false;
  #rouse = (): void => undefined;

  /** @param revision the number of the last change before the subscription. */
  constructor(source: ChangeSource, revision: number, listener: (ids: readonly string[]) => void) {
    this.#source = source;
    this.#revision = revision;
    this.#listener = listener;
    this.#ended = this.#run().then(() => source.close());
  }

  get revision(): number {
    return this.#revision;
  }

  get behindMs(): number {
    return performance.now() - this.#checkedAt;
  }

  /** Reads the changes now, or again if it reads already. */
  wake(): void {
    this.#isAwake = true;
    this.#rouse();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await this.#sleep();
      if (this.#isClosed) return;
      this.#isAwake = false;
      const askedAt = performance.now();
      try {
        const { revision, ids } = await this.#source.read(this.#revision);
        if (this.#isClosed) return;
        this.#checkedAt = askedAt;
        this.#revision = revision;
        if (ids.length > 0) this.#listener(ids);
      } catch (error) {
        if (!this.#isClosed) this.#source.onError(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  async #sleep(): Promise<void> {
    if (this.#isAwake) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#source.everyMs);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
