import type { LogEvent, Telemetry } from '../../src/telemetry.ts';

/** A metric as it was reported. */
export interface ReportedMetric<Value extends number | bigint> {
  readonly name: string;
  readonly value: Value;
  readonly labels: Readonly<Record<string, string>>;
}

/** A telemetry that keeps what it gets. */
export interface RecordedTelemetry extends Telemetry {
  readonly events: LogEvent[];
  readonly counters: ReportedMetric<number | bigint>[];
  readonly measurements: ReportedMetric<number>[];
  readonly gauges: ReportedMetric<number>[];
}

/** Records into arrays. */
export function recordedTelemetry(): RecordedTelemetry {
  const recorded: Omit<RecordedTelemetry, keyof Telemetry> = { events: [], counters: [], measurements: [], gauges: [] };
  return {
    ...recorded,
    log: (event) => {
      recorded.events.push(event);
    },
    counter: (name, value, labels) => {
      recorded.counters.push({ name, value, labels });
    },
    histogram: (name, value, labels) => {
      recorded.measurements.push({ name, value, labels });
    },
    gauge: (name, value, labels) => {
      recorded.gauges.push({ name, value, labels });
    },
  };
}
