// The adapter with the real package prom-client.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { METRICS, type Metric, prometheus } from '../../src/metrics/index.ts';
import { thrownBy } from '../support/failure.ts';
import { reportAll, U64_MAX } from './reports.ts';

/** As text, so that no bundler of a page follows it: the package needs Node's modules. */
const PACKAGE: string = 'prom-client';

/** The package; `undefined` in a browser. */
async function promClient(): Promise<typeof import('prom-client') | undefined> {
  if (typeof process === 'undefined') return undefined;
  // The cast: the package's own types.
  return (await import(PACKAGE)) as typeof import('prom-client');
}

const client = await promClient();
const adapter = suite('the adapter for prom-client');

if (client === undefined) {
  adapter('runs where prom-client does', () => console.log('skipped: prom-client: it does not run in a browser'));
} else {
  adapter('has each metric of the package, with its help, kind and labels', async () => {
    const registry = new client.Registry();
    reportAll(prometheus(client, registry));
    const text = await registry.metrics();
    for (const [name, { kind, help, labels }] of Object.entries<Metric>(METRICS)) {
      assert.ok(text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`), name);
      const own = labels.map((label) => `${label}="x"`).join(',');
      const line = kind === 'histogram' ? `${name}_sum{${own}} 1\n` : `${name}${own && `{${own}}`} 1\n`;
      assert.ok(text.includes(line), line);
    }
    assert.is(text.match(/^# TYPE /gm)?.length, Object.keys(METRICS).length);
  });

  adapter('adds counters up, keeps the last value of gauges, and sorts measurements into buckets', async () => {
    const registry = new client.Registry();
    const { counter, gauge, histogram } = prometheus(client, registry);
    counter('cc_lb_plugin_handshake_total', 1, {});
    counter('cc_lb_plugin_handshake_total', 2, {});
    counter('chosen', U64_MAX, { plugin: 'p' });
    counter('chosen', 0n, { plugin: 'q' });
    gauge?.('cc_lb_plugin_served', 3, {});
    gauge?.('cc_lb_plugin_served', 2, {});
    histogram?.('cc_lb_plugin_request_bytes', 5_000, { plugin: 'p', function: 'filter' });
    const lines = (await registry.metrics()).split('\n');
    for (const line of [
      'cc_lb_plugin_handshake_total 3',
      'cc_lb_plugin_custom_chosen{plugin="p"} 18446744073709552000',
      'cc_lb_plugin_custom_chosen{plugin="q"} 0',
      'cc_lb_plugin_served 2',
      'cc_lb_plugin_request_bytes_bucket{le="4096",plugin="p",function="filter"} 0',
      'cc_lb_plugin_request_bytes_bucket{le="16384",plugin="p",function="filter"} 1',
    ])
      assert.ok(lines.includes(line), line);
  });

  adapter('escapes what the label of a plugin may contain', async () => {
    const registry = new client.Registry();
    prometheus(client, registry).counter('chosen', 1n, { plugin: 'a"b\\c\nd' });
    assert.match(await registry.metrics(), String.raw`{plugin="a\"b\\c\nd"} 1`);
  });

  adapter('bounds what plugins choose, whatever the names are', async () => {
    const registry = new client.Registry();
    const { counter } = prometheus(client, registry, { namesMax: 3, pluginsMax: 2 });
    const names = ['', 'a b', 'é', 'x'.repeat(1_000), '__proto__', 'constructor', 'cc_lb_plugin_served'];
    for (const plugin of ['p', 'q', 'r', 's']) for (const name of names) counter(name, 1n, { plugin });
    const metrics = await registry.getMetricsAsJSON();
    assert.equal(metrics.map(({ name }) => name).sort(), [
      'cc_lb_plugin_counter_overflow_total',
      'cc_lb_plugin_custom__',
      'cc_lb_plugin_custom___proto__',
      'cc_lb_plugin_custom_a_b',
    ]);
    const plugins = metrics.flatMap(({ values }) => values.map(({ labels }) => labels.plugin));
    assert.equal([...new Set(plugins)], ['p', 'q', '(other)']);
  });

  adapter('throws what prom-client throws if the registry has such a telemetry', () => {
    const registry = new client.Registry();
    prometheus(client, registry).counter('chosen', 1n, { plugin: 'p' });
    const thrown = thrownBy(() => prometheus(client, registry).counter('chosen', 1n, { plugin: 'p' }));
    assert.match(String(thrown), 'already been registered');
  });
}

adapter.run();
