import type { Telemetry } from 'cc-lb-runtime-protocol/telemetry';
import { Counter, Histogram, Registry } from 'prom-client';

/** What the gateway counts, and what its plugins report. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'gateway_requests_total',
    help: 'Answers to clients, by status.',
    labelNames: ['status'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    registers: [this.#registry],
  });
  /** Receives what the host and its plugins report. */
  readonly telemetry: Telemetry = { log: () => undefined, counter: () => undefined };

  /** Counts a request whose answer has ended. */
  ended(status: number, durationMs: number): void {
    this.#requests.inc({ status: String(status) });
    this.#seconds.observe(durationMs / 1000);
  }

  /** Writes everything as Prometheus reads it. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** The media type of {@link text}. */
  get contentType(): string {
    return this.#registry.contentType;
  }
}
