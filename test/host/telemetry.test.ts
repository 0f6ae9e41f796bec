import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../src/hooks/index.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import {
  DirectEngine,
  type DirectRunner,
  type EngineContext,
  MemoryBytes,
  MemoryRecords,
  type PluginEngine,
  PluginHost,
  PluginHostError,
  type PluginHostOptions,
} from '../../src/host/index.ts';
import { METRICS, type Metric, type Telemetry } from '../../src/metrics/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { name, section } from '../support/bytes.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';
import { type RecordedTelemetry, recordedTelemetry } from '../support/recorded-telemetry.ts';
import { chunkAndEnd, filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');
const observer = await fixture('rust/metrics/metrics.wasm');
const rejected = await fixture('behaviour/self-check-failure.wasm');
const { filter } = wire.v3;
const { observe } = wire.v1;

/** A router with a second identity, which is not one. */
const twoIdentities = Uint8Array.from([...routerOf('1.0.0'), ...section(0, ...name('cc_lb.plugin.v1'))]);

/** Makes a host that reports to a recorded telemetry, and what it has reported since. */
function reportingHost(options: PluginHostOptions = {}) {
  const telemetry = recordedTelemetry();
  return { telemetry, host: hostOf({ telemetry, ...options }) };
}

/** The values of a counter, added up for each set of labels: `{ 'ok,a': 2 }`. */
function countsOf({ counters }: RecordedTelemetry, name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name: found, value, labels } of counters) {
    const key = Object.values(labels).join();
    if (found === name) counts[key] = (counts[key] ?? 0) + Number(value);
  }
  return counts;
}

const measuredOf = ({ measurements }: RecordedTelemetry, wanted: string) =>
  measurements.filter(({ name }) => name === wanted).map(({ value, labels }) => ({ value, labels }));

const gaugeOf = ({ gauges }: RecordedTelemetry, wanted: string): number[] =>
  gauges.filter(({ name }) => name === wanted).map(({ value }) => value);

const counting = suite('a host counts');

counting('registrations and admissions, with the layer that rejected', async () => {
  const { host, telemetry } = reportingHost();
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  await host.register({ name: 'a' }, routerOf('2.0.0'));
  await host.register({ name: 'h' }, hooksFilter);
  await host.register({ name: 'a' }, rejected);
  await host.register({ name: 'a' }, twoIdentities);
  await refusalOf(host.register({ name: 'b' }, new Uint8Array()));
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_registrations_total'), {
    registered: 2,
    unchanged: 1,
    swapped: 1,
    rejected: 2,
    failed: 1,
  });
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_admissions_total'), {
    '1,none,admitted': 2,
    '2,none,admitted': 1,
    '1,self_check,rejected': 1,
    '1,identity,rejected': 1,
  });
  const durations = measuredOf(telemetry, 'cc_lb_plugin_admission_duration_seconds');
  assert.equal(
    durations.map(({ labels }) => labels.generation),
    ['1', '1', '2', '1', '1'],
  );
  assert.ok(durations.every(({ value }) => value >= 0 && value < 60));
  assert.equal(gaugeOf(telemetry, 'cc_lb_plugin_served'), [1, 1, 2]);
  assert.is(gaugeOf(telemetry, 'cc_lb_plugin_registrations_pending').at(-1), 0);
});

counting('no registration with a malformed key: that is a mistake of the caller', async () => {
  const { host, telemetry } = reportingHost();
  const mistake = await host.register({ name: '' }, routerOf('1.0.0')).catch((error: unknown) => error);
  assert.instance(mistake, TypeError);
  assert.equal(gaugeOf(telemetry, 'cc_lb_plugin_registrations_pending'), []);
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_registrations_total'), {});
});

counting('registrations that are refused because others wait', async () => {
  const { host, telemetry } = reportingHost({ admissionsMax: 1, waitingAdmissionsMax: 1 });
  const bytes = routerOf('1.0.0');
  await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => host.register({ name }, bytes)));
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_saturated_total'), { admissions: 2 });
  assert.is(Math.max(...gaugeOf(telemetry, 'cc_lb_plugin_registrations_pending')), 4);
});

counting('what was removed, and what serves', async () => {
  const { host, telemetry } = reportingHost();
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  await host.register({ name: 'b' }, routerOf('1.0.0'));
  await host.remove({ name: 'a' });
  await host.remove({ name: 'a' });
  await host.close();
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_removed_total'), { '': 1 });
  assert.equal(gaugeOf(telemetry, 'cc_lb_plugin_served'), [1, 2, 1, 0]);
});

counting('what a start restores', async () => {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  const before = hostOf(stores);
  await before.register({ name: 'a' }, routerOf('1.0.0'));
  await before.register({ name: 'b' }, hooksFilter);
  await stores.records.put('["__global__","c"]', 'cut');
  const { host, telemetry } = reportingHost(stores);
  await host.restore();
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_restored_total'), { restored: 2, failed: 1 });
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_admissions_total'), {});
  assert.equal(gaugeOf(telemetry, 'cc_lb_plugin_served'), [1, 2]);
  const other = reportingHost({ ...stores, hostCapabilities: ['storage'] });
  await other.host.restore();
  assert.equal(countsOf(other.telemetry, 'cc_lb_plugin_restored_total'), { admitted: 1, restored: 1, failed: 1 });
});

counting('and measures calls of both generations, in both ways to make them', async () => {
  const { host, telemetry } = reportingHost();
  await host.register({ name: 'router' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks', principal: 'acme' }, hooksFilter);
  const hooks = { name: 'hooks', principal: 'acme' };
  telemetry.measurements.length = 0;
  const used = [
    (await host.dispatch({ name: 'router' }, filter, filterRequest)).used,
    host.dispatchSync({ name: 'router' }, filter, filterRequest).used,
    (await host.dispatch(hooks, filterHook, filterSample())).used,
    host.dispatchSync(hooks, filterHook, filterSample()).used,
  ];
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_calls_total'), { 'router,filter,ok': 2, 'hooks,filter,ok': 2 });
  const labels = ['router', 'router', 'hooks', 'hooks'].map((plugin) => ({ plugin, function: 'filter' }));
  for (const [name, values] of [
    ['cc_lb_plugin_call_fuel', used.map((each) => each?.fuel)],
    ['cc_lb_plugin_request_bytes', used.map((each) => each?.requestBytes)],
    ['cc_lb_plugin_response_bytes', used.map((each) => each?.responseBytes)],
  ] as const) {
    const measured = measuredOf(telemetry, name);
    assert.equal(
      measured.map((each) => each.labels),
      labels,
      name,
    );
    assert.equal(
      measured.map(({ value }) => value),
      values,
      name,
    );
    assert.ok(
      measured.every(({ value }) => value > 0),
      name,
    );
  }
  const seconds = measuredOf(telemetry, 'cc_lb_plugin_dispatch_duration_seconds');
  assert.equal(
    seconds.map((each) => each.labels),
    labels,
  );
  assert.ok(seconds.every(({ value }) => value >= 0 && value < 60));
  assert.equal(gaugeOf(telemetry, 'cc_lb_plugin_calls_pending'), [1, 0, 1, 0, 1, 0, 1, 0]);
});

counting('calls that fail, and measures them', async () => {
  const { host, telemetry } = reportingHost({
    calls: { fuel: 50_000 },
    hooks: { probe: { wallMs: 1e6 }, call: { fuel: 10 } },
  });
  await host.register({ name: 'router' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks' }, hooksFilter);
  assert.is((await host.dispatch({ name: 'router' }, filter, filterRequest)).kind, 'fallback');
  assert.is((await host.dispatch({ name: 'router' }, observe, observe.dryRunRequest())).kind, 'fallback');
  assert.is((await host.dispatch({ name: 'hooks' }, filterHook, filterSample())).kind, 'error');
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_calls_total'), {
    'router,filter,failed': 1,
    'router,observe,failed': 1,
    'hooks,filter,failed': 1,
  });
  // The router has no function `observe`, so that call reached no plugin.
  assert.equal(
    measuredOf(telemetry, 'cc_lb_plugin_call_fuel').map(({ value }) => value),
    [50_000, 10],
  );
  assert.is(measuredOf(telemetry, 'cc_lb_plugin_dispatch_duration_seconds').length, 3);
});

/** A host whose calls and queues behave as told. */
function hostWith(telemetry: Telemetry, engine: (context: EngineContext) => PluginEngine<DirectRunner>) {
  return new PluginHost({ ...unhurried, telemetry }, engine);
}

counting('calls that the host refuses, and mistakes of callers as nothing', async () => {
  const telemetry = recordedTelemetry();
  const host = hostWith(telemetry, (context) => {
    const engine = new DirectEngine(context);
    const start: PluginEngine<DirectRunner>['start'] = async (...args) => {
      const runner = await engine.start(...args);
      runner.dispatch = () => Promise.reject(new PluginHostError({ kind: 'Saturated', full: 'calls', max: 9 }));
      return runner;
    };
    return { admit: (module) => engine.admit(module), start, close: () => engine.close() };
  });
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  await refusalOf(host.dispatch({ name: 'a' }, filter, filterRequest));
  await refusalOf(host.dispatch({ name: 'no such plugin' }, filter, filterRequest));
  // The cast: what a caller without a type checker can pass.
  await host.dispatch({ name: 'a' }, undefined as unknown as typeof filter, filterRequest).catch(() => undefined);
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_calls_total'), { 'a,filter,refused': 1 });
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_saturated_total'), { calls: 1 });
  assert.equal(measuredOf(telemetry, 'cc_lb_plugin_dispatch_duration_seconds'), []);
  assert.is(gaugeOf(telemetry, 'cc_lb_plugin_calls_pending').at(-1), 0);
});

counting('admissions that the host itself cannot make', async () => {
  const telemetry = recordedTelemetry();
  const host = hostWith(telemetry, (context) => {
    const engine = new DirectEngine(context);
    engine.admit = () => Promise.reject(new PluginHostError({ kind: 'CannotStart', reason: 'no engine' }));
    return engine;
  });
  await refusalOf(host.register({ name: 'a' }, routerOf('1.0.0')));
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_admissions_total'), { '1,none,failed': 1 });
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_registrations_total'), { failed: 1 });
});

counting('what an engine reports of its queues, workers and processes', () => {
  const telemetry = recordedTelemetry();
  hostWith(telemetry, (context) => {
    const { metrics } = context;
    for (const change of [1, 1, -1] as const) metrics.waiting(change);
    for (const part of ['instance', 'worker', 'process', 'worker'] as const) metrics.replaced(part);
    metrics.abandoned('worker', 1);
    metrics.abandoned('process', 1);
    metrics.abandoned('worker', 1);
    metrics.abandoned('process', -1);
    return new DirectEngine(context);
  });
  assert.equal(gaugeOf(telemetry, 'cc_lb_plugin_calls_waiting'), [1, 2, 1]);
  assert.equal(countsOf(telemetry, 'cc_lb_plugin_replaced_total'), { instance: 1, worker: 2, process: 1 });
  assert.equal(
    telemetry.gauges.filter(({ name }) => name.endsWith('abandoned')).map(({ value, labels }) => [labels.part, value]),
    [
      ['worker', 1],
      ['process', 1],
      ['worker', 2],
      ['process', 0],
    ],
  );
});

counting('what plugins count under the name in the key, which its author cannot choose', async () => {
  const { host, telemetry } = reportingHost();
  await host.register({ name: 'key' }, observer);
  assert.is(host.dispatchSync({ name: 'key' }, observe, chunkAndEnd).kind, 'ok');
  const labels = { plugin: 'key' };
  assert.equal(
    telemetry.counters.filter(({ name }) => ['events', 'bytes'].includes(name)),
    [
      { name: 'events', value: 3n, labels },
      { name: 'bytes', value: 40n, labels },
    ],
  );
  assert.equal(
    telemetry.events.map(({ target, fields }) => [target, fields]),
    [['cc_lb_plugin.log', { plugin: 'key' }]],
  );
  // This one logs through the kernel.
  await host.register({ name: 'other key' }, await fixture('rust/observer/observer.wasm'));
  telemetry.events.length = 0;
  assert.is(host.dispatchSync({ name: 'other key' }, observe, chunkAndEnd).kind, 'ok');
  assert.ok(telemetry.events.length > 0);
  for (const { fields } of telemetry.events) assert.equal(fields, { plugin: 'other key' });
});

counting('under names and labels of the table, and with labels that say nothing of requests', async () => {
  const { host, telemetry } = reportingHost();
  await host.register({ name: 'router', principal: 'secret principal' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks', principal: 'secret principal' }, hooksFilter);
  await host.dispatch({ name: 'router', principal: 'secret principal' }, filter, filterRequest);
  await host.dispatch({ name: 'hooks', principal: 'secret principal' }, filterHook, filterSample());
  const table: Readonly<Record<string, Metric>> = METRICS;
  const reported = [
    ...telemetry.counters.map((each) => ({ ...each, kind: 'counter' })),
    ...telemetry.measurements.map((each) => ({ ...each, kind: 'histogram' })),
    ...telemetry.gauges.map((each) => ({ ...each, kind: 'gauge' })),
  ];
  assert.ok(reported.length > 30);
  const values = new Set<string>();
  for (const { name, kind, labels } of reported) {
    assert.equal([table[name]?.kind, table[name]?.labels], [kind, Object.keys(labels)], name);
    for (const value of Object.values(labels)) values.add(value);
  }
  assert.equal([...values].sort(), [
    '(probed)',
    '1',
    '2',
    'admitted',
    'filter',
    'hooks',
    'none',
    'ok',
    'registered',
    'router',
  ]);
});

counting.run();
