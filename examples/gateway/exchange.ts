import type { ReceivedRequest } from 'cc-lb-runtime-protocol/host';
import type { Client } from './clients.ts';
import { Observation } from './observing.ts';
import type { RequestPlugins } from './request-plugins.ts';

/** One request of a client, from its arrival to the end of its answer. */
export class Exchange {
  /** Names the request in what plugins see, and in the header `x-request-id` of its answer. */
  readonly id: string = crypto.randomUUID();
  readonly startedAt: number = performance.now();
  readonly client: Client;
  readonly received: ReceivedRequest;
  readonly plugins: RequestPlugins;
  readonly observation: Observation;
  readonly #endings: ((status: number) => void)[] = [];

  constructor(client: Client, received: ReceivedRequest, plugins: RequestPlugins) {
    this.client = client;
    this.received = received;
    this.plugins = plugins;
    this.observation = new Observation(plugins.observers, this.startedAt);
  }

  /** Calls a function with the status of the answer when the exchange has ended. */
  atEnd(ending: (status: number) => void): void {
    this.#endings.push(ending);
  }

  /**
   * Ends the exchange. Its plugins are given back when the observers know of the end.
   *
   * @param status of the answer.
   */
  async end(status: number): Promise<void> {
    for (const ending of this.#endings) ending(status);
    await this.observation.ended(status);
    await this.plugins.release();
  }

  /** The field `model` of the body; empty if there is none. */
  get model(): string {
    try {
      const { model } = JSON.parse(new TextDecoder().decode(this.received.body));
      return typeof model === 'string' ? model : '';
    } catch {
      return ''; // Not JSON, or null: it is for the upstream to say whether that is wrong.
    }
  }
}
