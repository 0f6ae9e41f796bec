import { observedResponse, type PluginLease } from 'cc-lb-runtime-protocol/host';
import { type ObserveEventWire, wire } from 'cc-lb-runtime-protocol/wire';

/**
 * Tells observers what happens to one request. They are called one after the other, and no answer
 * waits for them. If one fails, it misses the events: that is the fallback of `observe`.
 */
export class Observation {
  readonly #observers: readonly PluginLease[];
  readonly #startedAt: number;
  #told: Promise<void> = Promise.resolve();
  #isWatching = false;
  #finished: (() => void) | undefined;
  readonly #whenFinished = new Promise<void>((resolve) => {
    this.#finished = resolve;
  });

  /** @param startedAt when the request came: milliseconds, as `performance.now` counts them. */
  constructor(observers: readonly PluginLease[], startedAt: number) {
    this.#observers = observers;
    this.#startedAt = startedAt;
  }

  /** Tells all observers of events. @returns a promise that is settled when they know. */
  tell(events: ObserveEventWire[]): Promise<void> {
    for (const observer of this.#observers)
      this.#told = this.#told
        .then(() => observer.dispatch(wire.v1.observe, { events }))
        .then(undefined, (error: unknown) => console.error(error));
    if (events.some(({ kind }) => kind === 'request_finished')) this.#told.then(this.#finished);
    return this.#told;
  }

  /** Tells them of the answer of the upstream, and of its end. */
  watch(response: Response): Response {
    this.#isWatching = true;
    return observedResponse(response, ({ events }) => this.tell(events), { startedAt: this.#startedAt });
  }

  /**
   * Waits until all observers know of the end. If there was no answer of an upstream, it tells them.
   *
   * @param status of the gateway's own answer.
   */
  async ended(status: number): Promise<void> {
    const duration_ms = Math.round(performance.now() - this.#startedAt);
    if (!this.#isWatching) this.tell([{ kind: 'request_finished', status, ...unknownTokens, duration_ms }]);
    await this.#whenFinished;
  }
}

const unknownTokens = {
  input_tokens: null,
  output_tokens: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
};
