import { OpaqueJson } from '../../../json/opaque-json.ts';
import type { JsonValue } from '../../../json/text/value.ts';
import type { LogEvent, Telemetry } from '../../../telemetry.ts';
import type { End } from '../end.ts';

/** Keeps what a plugin logs and counts, until it is taken. */
export class Reports implements Telemetry {
  #logs: JsonValue[] = [];
  #counters: JsonValue[] = [];

  log({ level, message }: LogEvent): void {
    this.#logs.push([level, message]);
  }

  counter(name: string, value: number | bigint): void {
    this.#counters.push([name, value]);
  }

  /** Returns what was reported since the last time, as fields of an end. */
  take(): Pick<End, 'logs' | 'counters'> {
    const taken = { logs: OpaqueJson.from(this.#logs), counters: OpaqueJson.from(this.#counters) };
    this.#logs = [];
    this.#counters = [];
    return taken;
  }
}
