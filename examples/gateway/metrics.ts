import { prometheus, type Telemetry } from 'cc-lb-runtime-protocol/telemetry';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the gateway counts, beside what its plugins and their host report. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'gateway_requests_total',
    help: 'answers to clients, by status',
    labelNames: ['status'],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: 'gateway_request_duration_seconds',
    help: 'the time from a request to the end of its answer',
    registers: [this.#registry],
  });
  readonly #active = new Gauge({
    name: 'gateway_requests_active',
    help: 'requests that hold their plugins',
    registers: [this.#registry],
  });
  /** Keeps what the host of plugins reports. */
  readonly telemetry: Telemetry;

  /** @param log receives log events; metrics have no place for them. */
  constructor(log: Telemetry['log']) {
    this.telemetry = { ...prometheus({ Counter, Gauge, Histogram }, this.#registry), log };
  }

  /** A request has taken its plugins. */
  began(): void {
    this.#active.inc();
  }

  /** The answer to a request has ended. */
  answered(status: number, durationMs: number): void {
    this.#requests.inc({ status: String(status) });
    this.#seconds.observe(durationMs / 1000);
  }

  /** A request has given its plugins back. */
  ended(): void {
    this.#active.dec();
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
