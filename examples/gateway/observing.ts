import { observedResponse, type PluginLease } from 'cc-lb-runtime-protocol/host';
import type { Telemetry } from 'cc-lb-runtime-protocol/telemetry';
import { type ObserveEventWire, type WireInput, wire } from 'cc-lb-runtime-protocol/wire';

type Events = readonly WireInput<ObserveEventWire>[];

/**
 * Tells observers what happens to one request. They are called one after the other, and no answer
 * waits for them. If one fails, it misses the events: that is the fallback of `observe`.
 */
export class Observation {
  readonly #observers: readonly PluginLease[];
  readonly #startedAt: number;
  readonly #telemetry: Telemetry;
  /** Settled when the observers know all that was told. */
  #told: Promise<void> = Promise.resolve();
  #isWatching = false;
  #finish: () => void = () => undefined;
  readonly #finished = new Promise<void>((resolve) => {
    this.#finish = resolve;
  });

  /**
   * @param startedAt when the request came: milliseconds, as `performance.now` counts them.
   * @param telemetry receives a warning if an observer cannot be called.
   */
  constructor(observers: readonly PluginLease[], startedAt: number, telemetry: Telemetry) {
    this.#observers = observers;
    this.#startedAt = startedAt;
    this.#telemetry = telemetry;
  }

  /** Tells all observers of events. */
  tell(events: Events): void {
    this.#told = this.#told.then(() => this.#tellAll(events));
  }

  /** Tells them of the answer of the upstream, and of its end. */
  watch(response: Response): Response {
    this.#isWatching = true;
    const report = async ({ events }: { readonly events: Events }): Promise<void> => {
      this.tell(events);
      await this.#told;
    };
    return observedResponse(response, report, { startedAt: this.#startedAt });
  }

  /**
   * Waits until all observers know of the end. If no upstream answered, it tells them.
   *
   * @param status of the gateway's own answer.
   */
  async ended(status: number): Promise<void> {
    const duration_ms = Math.round(performance.now() - this.#startedAt);
    if (!this.#isWatching) this.tell([{ kind: 'request_finished', status, ...unknownTokens, duration_ms }]);
    await this.#finished;
  }

  async #tellAll(events: Events): Promise<void> {
    const calls = this.#observers.map((observer) => observer.dispatch(wire.v1.observe, { events }));
    for (const call of await Promise.allSettled(calls)) {
      if (call.status === 'fulfilled') continue;
      const fields = { error: String(call.reason) };
      this.#telemetry.log({ level: 'warn', target: 'gateway', message: 'an observer cannot be called', fields });
    }
    if (events.some(({ kind }) => kind === 'request_finished')) this.#finish();
  }
}

const unknownTokens = {
  input_tokens: null,
  output_tokens: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
};
