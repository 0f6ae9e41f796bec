import type { Telemetry } from '../telemetry.ts';
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

/** The units of OpenTelemetry, which are those of UCUM. Other things are counted: `{call}`. */
const units: Partial<Record<Metric['unit'], string>> = { second: 's', byte: 'By' };

/**
 * Makes a telemetry that reports metrics to OpenTelemetry. Labels become attributes. Log events are
 * dropped: `{ ...openTelemetry(meter), log }` has a log.
 *
 * @param meter of a `MeterProvider`, such as `provider.getMeter('cc-lb-runtime-protocol')`.
 * @param bounds how many series plugins may make; see {@link boundedTelemetry}.
 */
export function openTelemetry(meter: OpenTelemetryMeter, bounds?: TelemetryBounds): Telemetry {
  const counter = instruments((name) => meter.createCounter(name, optionsOf(name)));
  const gauge = instruments((name) => meter.createGauge(name, optionsOf(name)));
  const histogram = instruments((name) => {
    const advice = { explicitBucketBoundaries: [...bucketsOf(name)] };
    return meter.createHistogram(name, { ...optionsOf(name), advice });
  });
  const telemetry: Required<Telemetry> = {
    log: () => undefined,
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
