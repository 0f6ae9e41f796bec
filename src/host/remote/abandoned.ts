import type { Telemetry } from '../../telemetry.ts';
import { PluginHostError, type RemoteNoun } from '../host-error.ts';
import type { RemoteSession } from './session.ts';

/** The target of the log events of a host. */
const LOG_TARGET = 'cc_lb_plugin.host';

/** Counts the remotes that were given up and still run, as far as anybody knows. */
export class AbandonedRemotes {
  readonly #noun: RemoteNoun;
  readonly #max: number;
  readonly #telemetry: Telemetry;
  #count = 0;

  /** @param max how many there may be before no remote is started any more. */
  constructor(noun: RemoteNoun, max: number, telemetry: Telemetry) {
    this.#noun = noun;
    this.#max = max;
    this.#telemetry = telemetry;
  }

  get count(): number {
    return this.#count;
  }

  /** @throws PluginHostError `TooManyAbandoned` if no other remote may be started. */
  check(): void {
    const failure = { kind: 'TooManyAbandoned', remote: this.#noun, max: this.#max } as const;
    if (this.#count > 0 && this.#count >= this.#max) throw new PluginHostError(failure);
  }

  /** Ends a remote that does not answer, and counts it until it is known to be gone. */
  add(session: RemoteSession): void {
    this.#count++;
    void session.ended.then(() => {
      this.#count--;
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
