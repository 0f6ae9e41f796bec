import type { Telemetry } from '../telemetry.ts';
import { boundedTelemetry, type TelemetryBounds } from './bounded-telemetry.ts';
import { bucketsOf, helpOf, instruments } from './instruments.ts';
import { metricOf } from './table.ts';

type Labels = Record<string, string>;

/** How a metric of `prom-client` is made. */
interface MetricConfiguration<Registry> {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
}

/** The part of the package `prom-client` that {@link prometheus} needs. */
export interface PrometheusClient<Registry> {
  readonly Counter: new (options: MetricConfiguration<Registry>) => { inc(labels: Labels, value: number): void };
  readonly Gauge: new (options: MetricConfiguration<Registry>) => { set(labels: Labels, value: number): void };
  readonly Histogram: new (
    options: MetricConfiguration<Registry> & { buckets: number[] },
  ) => { observe(labels: Labels, value: number): void };
}

/**
 * Makes a telemetry that keeps metrics for Prometheus in a registry of `prom-client`. Each metric
 * is made when it is first reported. Log events are dropped: `{ ...prometheus(client, registry),
 * log }` has a log.
 *
 * @param client the package `prom-client`.
 * @param registry where the metrics are. It has only one such telemetry: several hosts share it.
 * @param bounds how many series plugins may make; see {@link boundedTelemetry}.
 */
export function prometheus<Registry>(
  { Counter, Gauge, Histogram }: PrometheusClient<Registry>,
  registry: Registry,
  bounds?: TelemetryBounds,
): Telemetry {
  const optionsOf = (name: string, labels: Labels): MetricConfiguration<Registry> => {
    const labelNames = [...(metricOf(name)?.labels ?? Object.keys(labels))];
    return { name, help: helpOf(name), labelNames, registers: [registry] };
  };
  const counter = instruments((name, labels) => new Counter(optionsOf(name, labels)));
  const gauge = instruments((name, labels) => new Gauge(optionsOf(name, labels)));
  const histogram = instruments((name, labels) => {
    return new Histogram({ ...optionsOf(name, labels), buckets: [...bucketsOf(name)] });
  });
  const telemetry: Required<Telemetry> = {
    log: () => undefined,
    // Prometheus counts in doubles: a bigint beyond 2^53 is rounded.
    counter: (name, value, labels) => counter(name, labels).inc(labels, Number(value)),
    histogram: (name, value, labels) => histogram(name, labels).observe(labels, value),
    gauge: (name, value, labels) => gauge(name, labels).set(labels, value),
  };
  return boundedTelemetry(telemetry, bounds);
}
