import { checkOptions, limitRule, type OptionRules } from '../option-rules.ts';
import type { Telemetry } from '../telemetry.ts';
import { type MetricOf, metricOf } from './table.ts';

/** How many series the counters of plugins may make. Missing or `undefined` means the default. */
export interface TelemetryBounds {
  /** How many names of counters each plugin may choose: 50 by default. */
  readonly namesMax?: number | undefined;
  /**
   * How many plugins have a label of their own: 1,000 by default. All later ones share the label
   * `(other)`, and the names of one plugin. A plugin that was removed keeps its place.
   */
  readonly pluginsMax?: number | undefined;
}

const rules: OptionRules<TelemetryBounds> = { namesMax: limitRule, pluginsMax: limitRule };

/** What the names of counters begin with that plugins choose. */
export const PLUGIN_COUNTER_PREFIX = 'cc_lb_plugin_custom_';

/** The label of plugins that have none of their own. */
export const OTHER_PLUGINS = '(other)';

/** The longest name that a plugin may choose, and the longest label, in UTF-16 code units. */
const TEXT_MAX = 100;

/** Why a plugin's counter was not raised. */
type Overflow = 'length' | 'names';

type Labels = Readonly<Record<string, string>>;

const OVERFLOW: MetricOf<'counter'> = 'cc_lb_plugin_counter_overflow_total';

/**
 * Bounds what a telemetry gets, for a metrics back end that keeps each series for good. The
 * adapters of this entry do it themselves.
 *
 * - A metric of `METRICS` with its own labels passes.
 * - Any other counter is one that a plugin chose. Its name gets the prefix `cc_lb_plugin_custom_`,
 *   and each character but ASCII letters, digits and `_` becomes `_`: so it cannot be the name of
 *   another metric, and every back end takes it.
 * - A name that is empty or has more than 100 characters, or one name too many, is dropped, and
 *   `cc_lb_plugin_counter_overflow_total` rises by 1.
 * - The label `plugin` is `(other)` for one plugin too many, and for names above 100 characters.
 *
 * @returns a telemetry that passes to `telemetry` what remains.
 * @throws TypeError if an option is unknown or malformed.
 */
export function boundedTelemetry(telemetry: Telemetry, bounds: TelemetryBounds = {}): Telemetry {
  checkOptions(bounds, rules, 'bounds');
  const plugins = new BoundedPlugins(bounds);
  const counter: Telemetry['counter'] = (name, value, labels) => {
    if (isOwn(name, labels)) return telemetry.counter(name, value, plugins.labels(labels));
    const { plugin, names } = plugins.of(labels.plugin ?? '');
    const chosen = name.startsWith(PLUGIN_COUNTER_PREFIX) ? name.slice(PLUGIN_COUNTER_PREFIX.length) : name;
    const reason = names.overflow(chosen);
    if (reason !== undefined) return telemetry.counter(OVERFLOW, 1, { plugin, reason });
    telemetry.counter(PLUGIN_COUNTER_PREFIX + metricName(chosen), value, { plugin });
  };
  return {
    log: (event) => telemetry.log(event),
    counter,
    ...(telemetry.histogram && {
      histogram: (name, value, labels) => telemetry.histogram?.(name, value, plugins.labels(labels)),
    }),
    ...(telemetry.gauge && { gauge: (name, value, labels) => telemetry.gauge?.(name, value, plugins.labels(labels)) }),
  };
}

/** Whether a counter is one of the package. A plugin can choose its name, but not its labels. */
function isOwn(name: string, labels: Labels): boolean {
  const expected = metricOf(name)?.labels;
  const found = Object.keys(labels);
  return expected?.length === found.length && found.every((label) => expected.includes(label));
}

function metricName(chosen: string): string {
  return chosen.replace(/[^a-zA-Z0-9_]/g, '_');
}

/** A plugin that has a label. */
interface BoundedPlugin {
  /** Its label. */
  readonly plugin: string;
  readonly names: BoundedNames;
}

/** The plugins that were seen. */
class BoundedPlugins {
  readonly #seen = new Map<string, BoundedPlugin>();
  readonly #pluginsMax: number;
  readonly #namesMax: number;
  readonly #others: BoundedPlugin;

  constructor({ pluginsMax = 1_000, namesMax = 50 }: TelemetryBounds) {
    this.#pluginsMax = pluginsMax;
    this.#namesMax = namesMax;
    this.#others = { plugin: OTHER_PLUGINS, names: new BoundedNames(namesMax) };
  }

  of(plugin: string): BoundedPlugin {
    const seen = this.#seen.get(plugin);
    if (seen !== undefined) return seen;
    if (plugin.length > TEXT_MAX || this.#seen.size >= this.#pluginsMax) return this.#others;
    const added = { plugin, names: new BoundedNames(this.#namesMax) };
    this.#seen.set(plugin, added);
    return added;
  }

  /** Returns labels in which the plugin is one that has a label. */
  labels(labels: Labels): Labels {
    if (labels.plugin === undefined) return labels;
    const { plugin } = this.of(labels.plugin);
    return plugin === labels.plugin ? labels : { ...labels, plugin };
  }
}

/** The names of counters that a plugin chose. */
class BoundedNames {
  readonly #seen = new Set<string>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** Returns why a name is refused; `undefined` if it may be counted. */
  overflow(name: string): Overflow | undefined {
    if (this.#seen.has(name)) return undefined;
    if (name === '' || name.length > TEXT_MAX) return 'length';
    if (this.#seen.size >= this.#max) return 'names';
    this.#seen.add(name);
    return undefined;
  }
}
