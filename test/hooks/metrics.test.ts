import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmitHooksOptions, admitHooks } from '../../src/hooks/admit.ts';
import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { FilterRequest } from '../../src/hooks/messages/filter.ts';
import type { HookMetric } from '../../src/hooks/metrics.ts';
import type { HookPlugin } from '../../src/hooks/plugin.ts';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { filterSample, shapeSample } from '../../src/hooks/samples.ts';
import { HOOK_METRICS } from '../../src/metrics/table.ts';
import { thrownBy } from '../support/failure.ts';
import { type RecordedTelemetry, recordedTelemetry } from '../support/recorded-telemetry.ts';
import { admitted } from './hook-fixture.ts';
import { dataAt, hookModule, NO_RESULTS, packed } from './hook-module.ts';

const metrics = suite('hooks/metrics');

/** A request whose archive is longer than the probe's by 8 bytes for each step. */
const longer = (steps: number): FilterRequest => ({
  ...filterSample(),
  request_id: filterSample().request_id.padEnd(16 + steps * 8, 'x'),
});
const sizeOf = (steps: number): number => encodeArchive(FilterRequest, longer(steps)).length;

/** A filter that fails in another way for each of the longer requests. */
const failing = async (): Promise<Uint8Array> =>
  hookModule(
    { filter: 'active' },
    `${dataAt(4096, NO_RESULTS)} (func (export "cc_lb_alloc") (param i32 i32) (result i32)
      (if (i32.eq (local.get 0) (i32.const ${sizeOf(1)})) (then unreachable))
      (if (i32.eq (local.get 0) (i32.const ${sizeOf(2)})) (then (return (i32.const -8))))
      i32.const 1024)
    (func (export "cc_lb_filter") (param i32 i32) (result i64)
      (if (i32.eq (local.get 1) (i32.const ${sizeOf(3)})) (then unreachable))
      (if (i32.eq (local.get 1) (i32.const ${sizeOf(4)})) (then (return (i64.const 0))))
      (if (i32.eq (local.get 1) (i32.const ${sizeOf(5)})) (then (return (i64.const ${packed(4096, 7)}))))
      i64.const ${packed(4096, NO_RESULTS.length)})`,
  );

/** Admits a plugin, and forgets what was reported so far. */
function pluginOf(wasm: Uint8Array, telemetry: RecordedTelemetry): HookPlugin {
  const plugin = admitted(wasm, { telemetry });
  for (const reported of [telemetry.counters, telemetry.measurements, telemetry.gauges]) reported.length = 0;
  return plugin;
}

const DURATION = 'cc_lb_plugin_call_duration_seconds';
const TRAPS = 'cc_lb_plugin_trap_total';

metrics('a call reports its duration in seconds', async () => {
  const telemetry = recordedTelemetry();
  const plugin = pluginOf(await failing(), telemetry);
  const begunAt = performance.now();
  plugin.filter(filterSample());
  const most = (performance.now() - begunAt) / 1_000;
  const [measured, ...others] = telemetry.measurements;
  assert.equal([measured?.name, measured?.labels, others.length], [DURATION, { plugin: 'n', hook: 'filter' }, 0]);
  assert.ok(measured !== undefined && measured.value >= 0 && measured.value <= most, String(measured?.value));
  assert.equal([telemetry.counters, telemetry.gauges], [[], []]);
});

metrics('the label is that of the host; probes have the name in the metadata', async () => {
  const telemetry = recordedTelemetry();
  const { plugin } = admitHooks(await failing(), { telemetry, pluginLabel: 'registered' });
  plugin?.filter(filterSample());
  assert.equal(
    telemetry.measurements.map(({ labels }) => labels.plugin),
    ['n', 'registered'],
  );
});

metrics('a failed call reports its duration, and a trap with its phase', async () => {
  const telemetry = recordedTelemetry();
  const plugin = pluginOf(await failing(), telemetry);
  const phases = ['cc_lb_alloc', 'memory.write', 'cc_lb_filter', 'reject'];
  for (const [index, phase] of phases.entries()) {
    telemetry.counters.length = 0;
    const outcome = plugin.filter(longer(index + 1));
    assert.is(outcome.kind === 'error' && outcome.error.phase, phase);
    assert.equal(telemetry.counters, [{ name: TRAPS, value: 1, labels: { plugin: 'n', hook: 'filter', phase } }]);
    assert.is(telemetry.measurements.length, index + 1);
  }
});

metrics('an answer that cannot be read is not a trap', async () => {
  const telemetry = recordedTelemetry();
  const outcome = pluginOf(await failing(), telemetry).filter(longer(5));
  assert.is(outcome.kind === 'error' && outcome.error.phase, 'response');
  assert.equal([telemetry.measurements.length, telemetry.counters], [1, []]);
});

metrics('a call that ends before it finds its exports reports nothing', async () => {
  const telemetry = recordedTelemetry();
  const plugin = pluginOf(await failing(), telemetry);
  assert.is(plugin.shape(shapeSample()).kind, 'error');
  // The cast: what a caller without a type checker can pass.
  assert.is(plugin.filter({} as FilterRequest).kind, 'error');
  assert.equal([telemetry.measurements, telemetry.counters], [[], []]);
  const starts = await hookModule(
    { filter: 'active' },
    '(func (export "cc_lb_filter")) (func $s unreachable) (start $s)',
  );
  admitHooks(starts, { telemetry, cache: false });
  assert.equal([telemetry.measurements, telemetry.counters], [[], []]);
});

metrics('the cache reports hits, misses and what it holds', async () => {
  const wasm = await failing();
  const reported = (options: AdmitHooksOptions, source: Uint8Array | WebAssembly.Module = wasm) => {
    const telemetry = recordedTelemetry();
    admitHooks(source, { ...options, telemetry });
    const gauges = telemetry.gauges.map(({ name, value }) => [name, value] as const);
    return { counters: telemetry.counters.map(({ name }) => name), gauges: new Map(gauges) };
  };
  const limits = { functions: 77 };
  const miss = reported({ limits });
  assert.equal(miss.counters.slice(0, 1), ['cc_lb_compiled_module_cache_misses_total']);
  const hit = reported({ limits });
  assert.equal(hit.counters, ['cc_lb_compiled_module_cache_hits_total']);
  for (const { gauges } of [miss, hit]) {
    assert.ok(Number(gauges.get('cc_lb_compiled_module_cache_entries')) >= 1);
    assert.ok(Number(gauges.get('cc_lb_compiled_module_cache_bytes')) > wasm.length);
  }
  for (const other of [reported({ cache: false }), reported({}, new WebAssembly.Module(prepareHooks(wasm)))])
    assert.equal([other.counters, [...other.gauges.keys()]], [[], ['cc_lb_plugin_memory_max_pages']]);
  assert.is(reported({ memoryMaxPages: 9 }).gauges.get('cc_lb_plugin_memory_max_pages'), 9);
  assert.is(reported({ memoryMaxPages: Number.POSITIVE_INFINITY }).gauges.get('cc_lb_plugin_memory_max_pages'), 65_536);
});

metrics('the cache reports what it forgot', async () => {
  const wasm = await failing();
  const telemetry = recordedTelemetry();
  // More plugins than the cache holds.
  for (let index = 0; index < 70; index++) admitHooks(Uint8Array.from([...wasm, 0, 3, 1, 0x78, index]), { telemetry });
  const evicted = telemetry.counters.filter(({ name }) => name === 'cc_lb_compiled_module_cache_evictions_total');
  assert.ok(evicted.reduce((sum, { value }) => sum + Number(value), 0) >= 6);
  assert.is(telemetry.gauges.findLast(({ name }) => name === 'cc_lb_compiled_module_cache_entries')?.value, 64);
});

metrics('all that is reported stands in the table, with its kind and labels', async () => {
  const telemetry = recordedTelemetry();
  const { plugin } = admitHooks(await failing(), { telemetry });
  admitHooks(await failing(), { telemetry });
  for (let steps = 0; steps < 6; steps++) plugin?.filter(longer(steps));
  const kinds = [
    ['counter', telemetry.counters],
    ['histogram', telemetry.measurements],
    ['gauge', telemetry.gauges],
  ] as const;
  const table: Readonly<Record<string, HookMetric>> = HOOK_METRICS;
  const seen = new Set<string>();
  for (const [kind, reported] of kinds)
    for (const { name, labels } of reported) {
      assert.equal([table[name]?.kind, table[name]?.labels], [kind, Object.keys(labels)], name);
      seen.add(name);
    }
  const missing = Object.keys(table).filter((name) => !seen.has(name) && !name.endsWith('evictions_total'));
  assert.equal(missing, []);
});

metrics('a telemetry with counters alone gets them, and nothing else is asked of it', async () => {
  const { log, counter, counters } = recordedTelemetry();
  const { plugin } = admitHooks(await failing(), { telemetry: { log, counter } });
  assert.is(plugin?.filter(longer(3)).kind, 'error');
  assert.ok(counters.some(({ name }) => name === TRAPS));
});

metrics('what the telemetry throws reaches the caller, and the next call works', async () => {
  const thrown = new Error('mine');
  let fails = false;
  const telemetry = {
    ...recordedTelemetry(),
    histogram: (): void => {
      if (fails) throw thrown;
    },
  };
  const { plugin } = admitHooks(await failing(), { telemetry });
  fails = true;
  assert.is(
    thrownBy(() => plugin?.filter(filterSample())),
    thrown,
  );
  const wasm = await failing();
  assert.is(
    thrownBy(() => admitHooks(wasm, { telemetry })),
    thrown,
  );
  fails = false;
  assert.is(plugin?.filter(filterSample()).kind, 'ok');
});

metrics.run();
