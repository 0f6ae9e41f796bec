import type { HOOK_METRICS, Metric, MetricOf } from '../metrics/table.ts';
import type { Telemetry } from '../telemetry.ts';
import { ADDRESSABLE_PAGES } from '../wasm/encoding/pages.ts';
import type { HookPluginParts } from './plugin.ts';

/** A metric as the telemetry gets it. */
export type HookMetric = Metric;

/** The name of a metric of hook plugins. */
export type HookMetricName = keyof typeof HOOK_METRICS;

type NameOf<Kind extends Metric['kind']> = MetricOf<Kind, typeof HOOK_METRICS>;

const NO_LABELS: Readonly<Record<string, string>> = {};

/** Reports metrics to a telemetry by the names of {@link HOOK_METRICS}. */
export class HookMetrics {
  readonly #telemetry: Telemetry;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  /** A plugin was found in the cache of compiled plugins, or not. */
  cacheLookup(found: boolean): void {
    this.#count(found ? 'cc_lb_compiled_module_cache_hits_total' : 'cc_lb_compiled_module_cache_misses_total', 1);
  }

  /** What the cache holds now. @param evicted how many plugins it has just forgotten. */
  cacheSize({ modules, bytes }: { readonly modules: number; readonly bytes: number }, evicted: number): void {
    if (evicted > 0) this.#count('cc_lb_compiled_module_cache_evictions_total', evicted);
    this.#set('cc_lb_compiled_module_cache_entries', modules);
    this.#set('cc_lb_compiled_module_cache_bytes', bytes);
  }

  /** The most pages that a memory may have; `Infinity` for as many as engines allow. */
  memoryMaxPages(pages: number): void {
    this.#set('cc_lb_plugin_memory_max_pages', Math.min(pages, ADDRESSABLE_PAGES));
  }

  /** Returns what reports the calls of a plugin. @param plugin its label. */
  callsOf(plugin: string): Required<HookPluginParts>['report'] {
    const name: NameOf<'histogram'> = 'cc_lb_plugin_call_duration_seconds';
    return (hook, seconds, phase) => {
      this.#telemetry.histogram?.(name, seconds, { plugin, hook });
      if (phase !== undefined) this.#count('cc_lb_plugin_trap_total', 1, { plugin, hook, phase });
    };
  }

  #count(name: NameOf<'counter'>, value: number, labels: Readonly<Record<string, string>> = NO_LABELS): void {
    this.#telemetry.counter(name, value, labels);
  }

  #set(name: NameOf<'gauge'>, value: number): void {
    this.#telemetry.gauge?.(name, value, NO_LABELS);
  }
}
