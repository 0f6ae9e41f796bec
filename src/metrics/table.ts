/** A metric as a telemetry gets it. */
export interface Metric {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** What one of its value is: a unit, or the thing that is counted. */
  readonly unit: 'second' | 'byte' | 'page' | 'fuel' | 'call' | 'plugin' | 'admission' | 'instance' | 'event';
  /** The names of its labels. Each report has all of them. */
  readonly labels: readonly string[];
  /** What it measures, in one sentence or a few. */
  readonly help: string;
}

/** The metrics of the protocol's layers by name. Names and labels are those of cc-lb's host. */
export const PROTOCOL_METRICS = {
  cc_lb_plugin_handshake_total: {
    kind: 'counter',
    unit: 'event',
    labels: [],
    help: 'handshakes with a valid offer, counted before the plugin is built',
  },
  cc_lb_plugin_dispatch_errors_total: {
    kind: 'counter',
    unit: 'call',
    labels: ['function', 'stage'],
    help: 'dispatches that fell back',
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** The metrics of hook plugins by name. Names and labels are those of cc-lb's host. */
export const HOOK_METRICS = {
  cc_lb_plugin_call_duration_seconds: {
    kind: 'histogram',
    unit: 'second',
    labels: ['plugin', 'hook'],
    help: 'the time of each call of a hook that found its exports, without making the instance',
  },
  cc_lb_plugin_trap_total: {
    kind: 'counter',
    unit: 'call',
    labels: ['plugin', 'hook', 'phase'],
    help: 'calls of hooks that failed in the plugin',
  },
  cc_lb_compiled_module_cache_hits_total: {
    kind: 'counter',
    unit: 'admission',
    labels: [],
    help: 'admissions of hook plugins that found the plugin in the cache of compiled plugins',
  },
  cc_lb_compiled_module_cache_misses_total: {
    kind: 'counter',
    unit: 'admission',
    labels: [],
    help: 'admissions of hook plugins that had to compile although they may use the cache',
  },
  cc_lb_compiled_module_cache_evictions_total: {
    kind: 'counter',
    unit: 'plugin',
    labels: [],
    help: 'plugins that the cache has forgotten to make room',
  },
  cc_lb_compiled_module_cache_entries: { kind: 'gauge', unit: 'plugin', labels: [], help: 'plugins in the cache' },
  cc_lb_compiled_module_cache_bytes: {
    kind: 'gauge',
    unit: 'byte',
    labels: [],
    help: 'bytes of the modules in the cache: those of each original, and those that were compiled',
  },
  cc_lb_plugin_memory_max_pages: {
    kind: 'gauge',
    unit: 'page',
    labels: [],
    help: 'pages of 64 KiB that a memory of a hook plugin may have, as the latest admission had it',
  },
} as const satisfies Readonly<Record<string, Metric>>;

/**
 * The metrics of a host of plugins by name. `plugin` is the name in the plugin's key, which the
 * host chooses. Principals are not labels: they may be as many as there are customers.
 */
export const HOST_METRICS = {
  cc_lb_plugin_calls_total: {
    kind: 'counter',
    unit: 'call',
    labels: ['plugin', 'function', 'result'],
    help: 'calls that have ended',
  },
  cc_lb_plugin_dispatch_duration_seconds: {
    kind: 'histogram',
    unit: 'second',
    labels: ['plugin', 'function'],
    help: 'the time of each call that was not refused, for its caller: with waiting, encoding and decoding',
  },
  cc_lb_plugin_call_fuel: {
    kind: 'histogram',
    unit: 'fuel',
    labels: ['plugin', 'function'],
    help: 'the fuel that each call burnt in the plugin',
  },
  cc_lb_plugin_request_bytes: {
    kind: 'histogram',
    unit: 'byte',
    labels: ['plugin', 'function'],
    help: 'bytes of each request in the form that the plugin gets',
  },
  cc_lb_plugin_response_bytes: {
    kind: 'histogram',
    unit: 'byte',
    labels: ['plugin', 'function'],
    help: 'bytes of each answer in the form that the plugin gives, and 0 for a call without one',
  },
  cc_lb_plugin_calls_pending: {
    kind: 'gauge',
    unit: 'call',
    labels: [],
    help: 'calls under way, those that wait included',
  },
  cc_lb_plugin_calls_waiting: {
    kind: 'gauge',
    unit: 'call',
    labels: [],
    help: 'calls that wait for an instance, a worker or a process',
  },
  cc_lb_plugin_saturated_total: {
    kind: 'counter',
    unit: 'event',
    labels: ['full'],
    help: 'calls and registrations that were refused as `Saturated`',
  },
  cc_lb_plugin_admissions_total: {
    kind: 'counter',
    unit: 'admission',
    labels: ['generation', 'layer', 'result'],
    help: 'admissions that have ended, with the layer or step that rejected the plugin',
  },
  cc_lb_plugin_admission_duration_seconds: {
    kind: 'histogram',
    unit: 'second',
    labels: ['generation'],
    help: 'the time of each admission, without waiting for others',
  },
  cc_lb_plugin_registrations_total: {
    kind: 'counter',
    unit: 'plugin',
    labels: ['result'],
    help: 'registrations that have ended',
  },
  cc_lb_plugin_registrations_pending: {
    kind: 'gauge',
    unit: 'plugin',
    labels: [],
    help: 'registrations under way, those that wait included',
  },
  cc_lb_plugin_restored_total: {
    kind: 'counter',
    unit: 'plugin',
    labels: ['result'],
    help: 'records that a start or a refresh has read',
  },
  cc_lb_plugin_removed_total: {
    kind: 'counter',
    unit: 'plugin',
    labels: [],
    help: 'plugins that were taken out of service by `remove`',
  },
  cc_lb_plugin_served: { kind: 'gauge', unit: 'plugin', labels: [], help: 'plugins that serve' },
  cc_lb_plugin_replaced_total: {
    kind: 'counter',
    unit: 'instance',
    labels: ['part'],
    help: 'what was given up after a call, and is replaced',
  },
  cc_lb_plugin_abandoned: {
    kind: 'gauge',
    unit: 'instance',
    labels: ['part'],
    help: 'what was given up and has not ended yet',
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** The metrics of what bounds the counters of plugins. */
export const BOUND_METRICS = {
  cc_lb_plugin_counter_overflow_total: {
    kind: 'counter',
    unit: 'event',
    labels: ['plugin', 'reason'],
    help: 'increments of plugins that were dropped',
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** All metrics of the package by name, but for the counters whose names plugins choose. */
export const METRICS = {
  ...PROTOCOL_METRICS,
  ...HOOK_METRICS,
  ...HOST_METRICS,
  ...BOUND_METRICS,
} as const satisfies Readonly<Record<string, Metric>>;

/** The name of a metric of the package. */
export type MetricName = keyof typeof METRICS;

/** The names of the metrics of a kind. */
export type MetricOf<Kind extends Metric['kind'], Table = typeof METRICS> = {
  [Name in keyof Table]: Table[Name] extends { readonly kind: Kind } ? Name : never;
}[keyof Table];

/** Finds a metric of the package. */
export function metricOf(name: string): Metric | undefined {
  const table: Readonly<Record<string, Metric>> = METRICS;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
