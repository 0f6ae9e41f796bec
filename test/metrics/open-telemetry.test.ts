// The adapter with the real SDKs of OpenTelemetry, of both majors. Version 3 wants Node 22, but
// what is used here works on Node 20 too.
import { SeverityNumber } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import * as sdk2 from 'otel-sdk-metrics-2';
import * as sdk3 from 'otel-sdk-metrics-3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { METRICS, type Metric, type OpenTelemetryMeter, openTelemetry } from '../../src/metrics/index.ts';
import { reportAll, U64_MAX } from './reports.ts';

/** A metric of an SDK, in the parts that both have. */
interface Exported {
  readonly descriptor: { readonly name: string; readonly description: string; readonly unit: string };
  readonly dataPoints: readonly { readonly attributes: object; readonly value: unknown }[];
}

/** What both SDKs have. */
interface Provider {
  getMeter(name: string): OpenTelemetryMeter;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

interface Exporter {
  getMetrics(): readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Exported[] }[] }[];
}

/** A meter of an SDK, and what returns its metrics as they are exported. */
function collected(provider: Provider, exporter: Exporter) {
  const collect = async (): Promise<Exported[]> => {
    await provider.forceFlush();
    const exported = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    await provider.shutdown();
    return exported.flatMap(({ metrics }) => metrics);
  };
  return { meter: provider.getMeter('cc-lb-runtime-protocol'), collect };
}

function sdkOf2() {
  const exporter = new sdk2.InMemoryMetricExporter(sdk2.AggregationTemporality.CUMULATIVE);
  const readers = [new sdk2.PeriodicExportingMetricReader({ exporter })];
  return collected(new sdk2.MeterProvider({ readers }), exporter);
}

function sdkOf3() {
  const exporter = new sdk3.InMemoryMetricExporter(sdk3.AggregationTemporality.CUMULATIVE);
  const readers = [new sdk3.PeriodicExportingMetricReader({ exporter })];
  return collected(new sdk3.MeterProvider({ readers }), exporter);
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

const logs = suite("the adapter for OpenTelemetry's log");

logs('emits each event once, with its level, target and fields', () => {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  const { log } = openTelemetry(sdkOf3().meter, { logger: provider.getLogger('cc-lb-runtime-protocol') });
  const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
  for (const level of levels) log({ level, target: 't', message: `of ${level}`, fields: { plugin: 'p' } });
  assert.equal(
    exporter.getFinishedLogRecords().map(({ severityNumber, severityText, body, attributes }) => {
      return [severityNumber, severityText, body, { ...attributes }];
    }),
    [
      [SeverityNumber.TRACE, 'TRACE', 'of trace', { 'cc_lb.target': 't', plugin: 'p' }],
      [SeverityNumber.DEBUG, 'DEBUG', 'of debug', { 'cc_lb.target': 't', plugin: 'p' }],
      [SeverityNumber.INFO, 'INFO', 'of info', { 'cc_lb.target': 't', plugin: 'p' }],
      [SeverityNumber.WARN, 'WARN', 'of warn', { 'cc_lb.target': 't', plugin: 'p' }],
      [SeverityNumber.ERROR, 'ERROR', 'of error', { 'cc_lb.target': 't', plugin: 'p' }],
    ],
  );
});

logs('drops events without a logger', () => {
  const { log } = openTelemetry(sdkOf3().meter);
  assert.is(log({ level: 'info', target: 't', message: 'm', fields: {} }), undefined);
});

logs.run();
