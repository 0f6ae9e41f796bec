import type { LogLevel, Telemetry } from '../telemetry.ts';
import { boundedTelemetry, type TelemetryBounds } from './bounded-telemetry.ts';
import { bucketsOf, helpOf, instruments } from './instruments.ts';
import { type Metric, metricOf } from './table.ts';

type Attributes = Record<string, string>;

/** How an instrument is made. */
interface InstrumentOptions {
  description: string;
  unit: string;
  advice?: { explicitBucketBoundaries: number[] };
}

/** The part of a `Meter` of `@opentelemetry/api` that {@link openTelemetry} needs. */
export interface OpenTelemetryMeter {
  createCounter(name: string, options: InstrumentOptions): { add(value: number, attributes: Attributes): void };
  createHistogram(name: string, options: InstrumentOptions): { record(value: number, attributes: Attributes): void };
  createGauge(name: string, options: InstrumentOptions): { record(value: number, attributes: Attributes): void };
}

/** The part of a `Logger` of OpenTelemetry that {@link openTelemetry} needs. */
export interface OpenTelemetryLogger {
  emit(record: { severityNumber: number; severityText: string; body: string; attributes: Attributes }): void;
}

/** How to report to OpenTelemetry. Missing or `undefined` means the default. */
export interface OpenTelemetryOptions extends TelemetryBounds {
  /** Receives the log events; they are dropped by default. */
  readonly logger?: OpenTelemetryLogger | undefined;
}

/** The numbers of severities in OpenTelemetry's data model of logs. */
const severities: Readonly<Record<LogLevel, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17 };

/** The units of OpenTelemetry, which are those of UCUM. Other things are counted: `{call}`. */
const units: Partial<Record<Metric['unit'], string>> = { second: 's', byte: 'By' };

/**
 * Makes a telemetry that reports to OpenTelemetry. Labels of metrics and fields of log events
 * become attributes, and the target of an event the attribute `cc_lb.target`.
 *
 * @param meter of a `MeterProvider`, such as `provider.getMeter('cc-lb-runtime-protocol')`.
 * @param options also how many series plugins may make; see {@link boundedTelemetry}.
 * @throws TypeError if an option is unknown or malformed.
 */
export function openTelemetry(meter: OpenTelemetryMeter, options: OpenTelemetryOptions = {}): Telemetry {
  const { logger, ...bounds } = options;
  const counter = instruments((name) => meter.createCounter(name, optionsOf(name)));
  const gauge = instruments((name) => meter.createGauge(name, optionsOf(name)));
  const histogram = instruments((name) => {
    const advice = { explicitBucketBoundaries: [...bucketsOf(name)] };
    return meter.createHistogram(name, { ...optionsOf(name), advice });
  });
  const telemetry: Required<Telemetry> = {
    log: ({ level, target, message: body, fields }) => {
      const attributes = { 'cc_lb.target': target, ...fields };
      logger?.emit({ severityNumber: severities[level], severityText: level.toUpperCase(), body, attributes });
    },
    // OpenTelemetry counts in doubles: a bigint beyond 2^53 is rounded.
    counter: (name, value, labels) => counter(name, labels).add(Number(value), labels),
    histogram: (name, value, labels) => histogram(name, labels).record(value, labels),
    gauge: (name, value, labels) => gauge(name, labels).record(value, labels),
  };
  return boundedTelemetry(telemetry, bounds);
}

function optionsOf(name: string): InstrumentOptions {
  const unit = metricOf(name)?.unit ?? 'event';
  return { description: helpOf(name), unit: units[unit] ?? `{${unit}}` };
}
