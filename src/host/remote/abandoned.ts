import type { Telemetry } from '../../telemetry.ts';
import { LOG_TARGET } from '../contained-telemetry.ts';
import { PluginHostError, type RemoteNoun } from '../host-error.ts';
import type { HostMetrics } from '../host-metrics.ts';
import type { RemoteSession } from './session.ts';

/** Counts the remotes that were given up and still run, as far as anybody knows. */
export class AbandonedRemotes {
  readonly #noun: RemoteNoun;
  readonly #max: number;
  readonly #telemetry: Telemetry;
  readonly #metrics: HostMetrics;
  #count = 0;

  /** @param max how many there may be before no remote is started any more. */
  constructor(noun: RemoteNoun, max: number, telemetry: Telemetry, metrics: HostMetrics) {
    this.#noun = noun;
    this.#max = max;
    this.#telemetry = telemetry;
    this.#metrics = metrics;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws PluginHostError `Saturated` if no other remote may be started. */
  check(): void {
    const failure = { kind: 'Saturated', full: 'abandoned', max: this.#max } as const;
    if (this.#count > 0 && this.#count >= this.#max) throw new PluginHostError(failure);
  }

  /** Ends a remote that does not answer, and counts it until it is known to be gone. */
  add(session: RemoteSession): void {
    this.#count++;
    this.#metrics.replaced(this.#noun);
    this.#metrics.abandoned(this.#noun, 1);
    void session.ended.then(() => {
      this.#count--;
      this.#metrics.abandoned(this.#noun, -1);
    });
    session.end();
  }

  /** Logs that a remote was given up. Exceptions from the telemetry propagate. */
  report(reason: string): void {
    const message = `a ${this.#noun} was given up in the middle of a call`;
    const fields = { reason, abandoned: String(this.#count) };
    this.#telemetry.log({ level: 'warn', target: LOG_TARGET, message, fields });
  }
}
