// A host reports the same metrics wherever its plugins run.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../../src/hooks/index.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import type { PluginHost, PluginHostOptions } from '../../../src/host/index.ts';
import { RemotePluginHost } from '../../../src/host/remote/remote-host.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { fixture } from '../../support/fixture.ts';
import { unhurried } from '../../support/layers.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { chunkAndEnd, filterRequest, hostOf, routerOf } from '../host-under-test.ts';
import { RemotesInMemory } from './in-memory.ts';

const hooks = await fixture('hooks/filter/filter.wasm');
const observer = await fixture('rust/metrics/metrics.wasm');
const rejected = await fixture('behaviour/self-check-failure.wasm');

/** Metrics of what the hosts of a process share, and of queues, which only workers have. */
const DIFFERENT = /^cc_lb_compiled_module_cache_|^cc_lb_plugin_(?:memory_max_pages|calls_waiting)$/;

const same = suite('a host in workers');

/** Does what a host can do, and returns what it reported, without times. */
async function reportedBy(hostWith: (options: PluginHostOptions) => PluginHost) {
  const telemetry = recordedTelemetry();
  const host = hostWith({ telemetry, clock: undefined });
  for (const wasm of [routerOf('1.0.0'), routerOf('2.0.0'), rejected]) await host.register({ name: 'router' }, wasm);
  await host.register({ name: 'hooks' }, hooks);
  await host.register({ name: 'observer' }, observer);
  assert.is((await host.dispatch({ name: 'router' }, wire.v3.filter, filterRequest)).kind, 'ok');
  assert.is((await host.dispatch({ name: 'router' }, wire.v1.observe, { events: [] })).kind, 'fallback');
  assert.is((await host.dispatch({ name: 'hooks' }, filterHook, filterSample())).kind, 'ok');
  assert.is((await host.dispatch({ name: 'observer' }, wire.v1.observe, chunkAndEnd)).kind, 'ok');
  await host.remove({ name: 'hooks' });
  await host.close();
  const { counters, gauges, measurements } = telemetry;
  return [...counters, ...gauges, ...measurements].flatMap(({ name, value, labels }) => {
    if (DIFFERENT.test(name)) return [];
    // The observer writes a time into its log, whose length decides about its fuel.
    const varies = name.endsWith('_seconds') || (name.endsWith('_fuel') && labels.function === 'observe');
    return [`${name} ${JSON.stringify(labels)} ${varies ? '...' : value}`];
  });
}

same('reports what one on this thread does', async () => {
  const direct = await reportedBy(hostOf);
  assert.ok(direct.length > 50, `${direct.length} reports`);
  const probe = { wallMs: Number.POSITIVE_INFINITY };
  const remote = await reportedBy(
    (options) => new RemotePluginHost(new RemotesInMemory(), 1, { ...unhurried, hooks: { probe }, ...options }),
  );
  assert.equal(remote, direct);
});

same.run();
