import type { LogEvent, Telemetry } from '../../src/telemetry.ts';

/** A counter as it was raised. */
export interface RaisedCounter {
  readonly name: string;
  readonly value: number | bigint;
  readonly labels: Readonly<Record<string, string>>;
}

/** A telemetry that keeps what it gets. */
export interface RecordedTelemetry extends Telemetry {
  readonly events: LogEvent[];
  readonly counters: RaisedCounter[];
}

/** Records into two arrays. */
export function recordedTelemetry(): RecordedTelemetry {
  const events: LogEvent[] = [];
  const counters: RaisedCounter[] = [];
  return {
    events,
    counters,
    log: (event) => {
      events.push(event);
    },
    counter: (name, value, labels) => {
      counters.push({ name, value, labels });
    },
  };
}
