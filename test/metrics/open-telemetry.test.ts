// The adapter with the real SDKs of OpenTelemetry, of both majors. Version 3 wants Node 22, but
// what is used here works on Node 20 too.
import * as sdk2 from 'otel-sdk-metrics-2';
import * as sdk3 from 'otel-sdk-metrics-3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { METRICS, type Metric, type OpenTelemetryMeter, openTelemetry } from '../../src/metrics/index.ts';
import { reportAll, U64_MAX } from './reports.ts';

/** What a test needs of an SDK. */
interface Sdk {
  readonly meter: OpenTelemetryMeter;
  /** Returns the metrics of the meter, as they would be exported. */
  collect(): Promise<readonly Exported[]>;
}

/** A metric of an SDK, in the parts that both have. */
interface Exported {
  readonly descriptor: { readonly name: string; readonly description: string; readonly unit: string };
  readonly dataPoints: readonly { readonly attributes: object; readonly value: unknown }[];
}

function sdkOf2(): Sdk {
  const exporter = new sdk2.InMemoryMetricExporter(sdk2.AggregationTemporality.CUMULATIVE);
  const reader = new sdk2.PeriodicExportingMetricReader({ exporter });
  const provider = new sdk2.MeterProvider({ readers: [reader] });
  const collect = async (): Promise<readonly Exported[]> => {
    await provider.forceFlush();
    const exported = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    await provider.shutdown();
    return exported;
  };
  return { meter: provider.getMeter('cc-lb-runtime-protocol'), collect };
}

function sdkOf3(): Sdk {
  const exporter = new sdk3.InMemoryMetricExporter(sdk3.AggregationTemporality.CUMULATIVE);
  const reader = new sdk3.PeriodicExportingMetricReader({ exporter });
  const provider = new sdk3.MeterProvider({ readers: [reader] });
  const collect = async (): Promise<readonly Exported[]> => {
    await provider.forceFlush();
    const exported = exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    await provider.shutdown();
    return exported;
  };
  return { meter: provider.getMeter('cc-lb-runtime-protocol'), collect };
}

for (const [version, sdkOf] of Object.entries({ 2: sdkOf2, 3: sdkOf3 })) {
  const adapter = suite(`the adapter for OpenTelemetry's SDK ${version}`);

  adapter('exports each metric of the package, with its help, unit and labels', async () => {
    const { meter, collect } = sdkOf();
    reportAll(openTelemetry(meter));
    const exported = await collect();
    assert.equal(exported.map(({ descriptor: { name } }) => name).sort(), Object.keys(METRICS).sort());
    const table: Readonly<Record<string, Metric>> = METRICS;
    for (const { descriptor, dataPoints } of exported) {
      const { help, labels } = table[descriptor.name] ?? {};
      assert.is(descriptor.description, help);
      assert.equal(
        dataPoints.map(({ attributes }) => Object.keys(attributes)),
        [labels],
        descriptor.name,
      );
    }
    const unitOf = (name: string) => exported.find(({ descriptor }) => descriptor.name === name)?.descriptor.unit;
    assert.is(unitOf('cc_lb_plugin_dispatch_duration_seconds'), 's');
    assert.is(unitOf('cc_lb_plugin_request_bytes'), 'By');
    assert.is(unitOf('cc_lb_plugin_calls_total'), '{call}');
  });

  adapter('adds counters up, keeps the last value of gauges, and sorts measurements into buckets', async () => {
    const { meter, collect } = sdkOf();
    const { counter, gauge, histogram } = openTelemetry(meter);
    counter('cc_lb_plugin_handshake_total', 1, {});
    counter('cc_lb_plugin_handshake_total', 2, {});
    counter('chosen', U64_MAX, { plugin: 'p' });
    gauge?.('cc_lb_plugin_served', 3, {});
    gauge?.('cc_lb_plugin_served', 2, {});
    for (const seconds of [0.0003, 0.3, 30]) {
      histogram?.('cc_lb_plugin_dispatch_duration_seconds', seconds, { plugin: 'p', function: 'filter' });
    }
    const exported = await collect();
    const reported = (name: string) =>
      exported.find(({ descriptor }) => descriptor.name === name)?.dataPoints[0]?.value;
    assert.is(reported('cc_lb_plugin_handshake_total'), 3);
    assert.is(reported('cc_lb_plugin_custom_chosen'), 2 ** 64);
    assert.is(reported('cc_lb_plugin_served'), 2);
    const histogramValue = reported('cc_lb_plugin_dispatch_duration_seconds');
    // The cast: the value of a histogram.
    const { buckets, count } = histogramValue as { buckets: { boundaries: number[]; counts: number[] }; count: number };
    assert.is(count, 3);
    assert.equal(
      buckets.counts.flatMap((hits, index) => (hits > 0 ? [buckets.boundaries[index] ?? 'more'] : [])),
      [0.0005, 0.5, 'more'],
    );
  });

  adapter('bounds what plugins choose', async () => {
    const { meter, collect } = sdkOf();
    const { counter } = openTelemetry(meter, { namesMax: 2 });
    for (let index = 0; index < 1_000; index++) counter(`name.${index}`, 1n, { plugin: 'p' });
    const exported = await collect();
    assert.equal(exported.map(({ descriptor: { name } }) => name).sort(), [
      'cc_lb_plugin_counter_overflow_total',
      'cc_lb_plugin_custom_name_0',
      'cc_lb_plugin_custom_name_1',
    ]);
  });

  adapter.run();
}
