import type { ReceivedRequest } from 'cc-lb-runtime-protocol/host';
import type { Telemetry } from 'cc-lb-runtime-protocol/telemetry';
import type { Client } from './clients.ts';
import { Observation } from './observing.ts';
import type { RequestPlugins } from './request-plugins.ts';

/** Which ids of clients are kept: what fits into a header, a log and the memory of a plugin. */
const REQUEST_ID = /^[\w-]{1,64}$/;

/** One request of a client, from its arrival to the end of its answer. */
export class Exchange {
  /**
   * Names the request in what plugins see, and in the header `x-request-id` of its answer: the
   * client's own, if it sends one.
   */
  readonly id: string;
  readonly startedAt: number = performance.now();
  readonly client: Client;
  readonly received: ReceivedRequest;
  readonly plugins: RequestPlugins;
  readonly observation: Observation;
  /** Receives the failures of its plugins. */
  readonly telemetry: Telemetry;

  constructor(client: Client, received: ReceivedRequest, plugins: RequestPlugins, telemetry: Telemetry) {
    const id = received.request.headers.get('x-request-id') ?? '';
    this.id = REQUEST_ID.test(id) ? id : crypto.randomUUID();
    this.client = client;
    this.received = received;
    this.plugins = plugins;
    this.telemetry = telemetry;
    this.observation = new Observation(plugins.observers, this.startedAt, telemetry);
  }

  /**
   * Ends the exchange. Its plugins are given back when the observers know of the end.
   *
   * @param status of the answer.
   */
  async end(status: number): Promise<void> {
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
