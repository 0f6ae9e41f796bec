import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boundedTelemetry, METRICS, type Metric, type TelemetryBounds } from '../../src/metrics/index.ts';
import { buildPlugin } from '../../src/plugin/index.ts';
import { HostState, hostFunctions } from '../../src/protocol/host-functions.ts';
import { fixture } from '../support/fixture.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const bounded = suite('bounded telemetry');

const OVERFLOW = 'cc_lb_plugin_counter_overflow_total';

/** Counts under names, as `cc_lb_metric_incr` does, and returns what came through. */
function counted(names: readonly string[], bounds?: TelemetryBounds, plugin = 'p') {
  const telemetry = recordedTelemetry();
  const { counter } = boundedTelemetry(telemetry, bounds);
  for (const name of names) counter(name, 2n, { plugin });
  return telemetry.counters;
}

bounded('gives the counters of plugins a prefix and a name that every back end takes', () => {
  const names = ['calls_total', 'a.b-c/d:e', '0', 'größe', 'with\n"newline"', 'cc_lb_plugin_custom_calls_total'];
  assert.equal(
    counted(names).map(({ name, value, labels }) => [name, value, labels]),
    [
      ['cc_lb_plugin_custom_calls_total', 2n, { plugin: 'p' }],
      ['cc_lb_plugin_custom_a_b_c_d_e', 2n, { plugin: 'p' }],
      ['cc_lb_plugin_custom_0', 2n, { plugin: 'p' }],
      ['cc_lb_plugin_custom_gr__e', 2n, { plugin: 'p' }],
      ['cc_lb_plugin_custom_with__newline_', 2n, { plugin: 'p' }],
      ['cc_lb_plugin_custom_calls_total', 2n, { plugin: 'p' }],
    ],
  );
});

bounded('keeps plugins out of the metrics of the package', () => {
  const names = Object.keys(METRICS);
  for (const { name } of counted(names)) assert.match(name, /^cc_lb_plugin_custom_cc_lb_/);
  for (const [name, { kind, labels }] of Object.entries<Metric>(METRICS)) {
    assert.ok(kind !== 'counter' || labels.join() !== 'plugin', `${name} has the labels of a counter of plugins`);
  }
});

bounded('passes each metric of the package as it is', () => {
  const telemetry = recordedTelemetry();
  const { counter, histogram, gauge } = boundedTelemetry(telemetry);
  const report = { counter, histogram, gauge };
  for (const [name, { kind, labels }] of Object.entries<Metric>(METRICS)) {
    report[kind]?.(name, 1, Object.fromEntries(labels.map((label) => [label, 'x'])));
  }
  const reported = [...telemetry.counters, ...telemetry.measurements, ...telemetry.gauges];
  assert.equal(reported.map(({ name }) => name).sort(), Object.keys(METRICS).sort());
  for (const { name, labels } of reported) {
    assert.equal(new Set(Object.values(labels)), new Set(Object.keys(labels).length > 0 ? ['x'] : []), name);
  }
});

bounded('drops names that are empty or too long, and counts them', () => {
  assert.equal(
    counted(['', 'x'.repeat(101), 'x'.repeat(100)]).map(({ name, value, labels }) => [name, value, labels]),
    [
      [OVERFLOW, 1, { plugin: 'p', reason: 'length' }],
      [OVERFLOW, 1, { plugin: 'p', reason: 'length' }],
      [`cc_lb_plugin_custom_${'x'.repeat(100)}`, 2n, { plugin: 'p' }],
    ],
  );
});

bounded('drops names beyond namesMax, and goes on with the others', () => {
  const names = ['a', 'b', 'c', 'a', 'd', 'b'];
  assert.equal(
    counted(names, { namesMax: 2 }).map(({ name, labels: { reason } }) => reason ?? name.slice(-1)),
    ['a', 'b', 'names', 'a', 'names', 'b'],
  );
  const many = counted(Array.from({ length: 10_000 }, (_, index) => `n${index}`));
  assert.is(new Set(many.map(({ name }) => name)).size, 51);
  assert.is(many.filter(({ name }) => name === OVERFLOW).length, 9_950);
});

bounded('gives plugins beyond pluginsMax one label, in every metric', () => {
  const telemetry = recordedTelemetry();
  const { counter, histogram } = boundedTelemetry(telemetry, { pluginsMax: 2, namesMax: 1 });
  for (const plugin of ['a', 'x'.repeat(101), 'b', 'c', 'd', 'a']) {
    histogram?.('cc_lb_plugin_call_fuel', 1, { plugin, function: 'f' });
    counter(`of_${plugin}`, 1n, { plugin });
  }
  const others = ['a', '(other)', 'b', '(other)', '(other)', 'a'];
  assert.equal(
    telemetry.measurements.map(({ labels }) => labels),
    others.map((plugin) => ({ plugin, function: 'f' })),
  );
  assert.equal(
    telemetry.counters.map(({ name, labels: { plugin, reason } }) => [name === OVERFLOW, plugin, reason]),
    [
      [false, 'a', undefined],
      // The others share the one name that a plugin may have here.
      [true, '(other)', 'length'],
      [false, 'b', undefined],
      [false, '(other)', undefined],
      [true, '(other)', 'names'],
      [false, 'a', undefined],
    ],
  );
});

bounded('holds for what a plugin counts through its host function', async () => {
  const telemetry = recordedTelemetry();
  const functions = hostFunctions({
    pluginName: 'counting',
    storageQuotaBytes: 0,
    state: new HostState(),
    telemetry: boundedTelemetry(telemetry, { namesMax: 3 }),
  });
  const plugin = buildPlugin(await fixture('host-calls/host-calls.wasm'), { functions });
  const count = (name: string) => plugin.call('metric_incr', JSON.stringify({ name, value: 7 }));
  for (let index = 0; index < 20; index++) count(`random.${index}`);
  count('cc_lb_plugin_handshake_total');
  const custom = telemetry.counters.filter(({ name }) => name.startsWith('cc_lb_plugin_custom_random_'));
  assert.is(custom.length, 3);
  assert.is(telemetry.counters.filter(({ name }) => name === OVERFLOW).length, 18);
});

bounded('passes log events, and has no histogram and no gauge if the telemetry has none', () => {
  const { log, counter, events } = recordedTelemetry();
  const telemetry = boundedTelemetry({ log, counter });
  telemetry.log({ level: 'info', target: 't', message: 'm', fields: {} });
  assert.is(events.length, 1);
  assert.equal(Object.keys(telemetry).sort(), ['counter', 'log']);
});

bounded('refuses malformed bounds', () => {
  // The cast: what a caller without a type checker can pass.
  const bounds = { namesMax: 'many' } as unknown as TelemetryBounds;
  assert.throws(() => boundedTelemetry(recordedTelemetry(), bounds), /bounds\.namesMax must be/);
});

bounded.run();
