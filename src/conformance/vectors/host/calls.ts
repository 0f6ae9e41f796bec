import { OpaqueJson } from '../../../json/opaque-json.ts';
import type { JsonValue } from '../../../json/text/value.ts';
import {
  BuildPluginError,
  buildPlugin,
  type Plugin,
  PluginCallError,
  type PluginOptions,
} from '../../../plugin/index.ts';
import { HostFunctionError, HostState, hostFunctions } from '../../../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../../../protocol/host-state.ts';
import type { Telemetry } from '../../../telemetry.ts';
import type { End } from '../end.ts';
import type { Step, Vector } from '../vector.ts';
import { endOf, errorOf } from './failed.ts';

/** What a plugin reported since it was last asked. */
class Reports implements Telemetry {
  #logs: JsonValue[] = [];
  #counters: JsonValue[] = [];

  log({ level, message }: { readonly level: string; readonly message: string }): void {
    this.#logs.push([level, message]);
  }

  counter(name: string, value: number | bigint): void {
    this.#counters.push([name, value]);
  }

  /** The reports, as fields of an end. Forgets them. */
  take(): Pick<End, 'logs' | 'counters'> {
    const ends = { logs: OpaqueJson.from(this.#logs), counters: OpaqueJson.from(this.#counters) };
    this.#logs = [];
    this.#counters = [];
    return ends;
  }
}

/** Builds the plugin of a vector without host functions, and calls its exports. */
export function kernelEnds(vector: Vector<'kernel'> | Vector<'fuel'>): readonly End[] {
  return callEnds(vector, () => []);
}

/** Builds the plugin of a vector with the six host functions, and calls its exports. */
export function hostFunctionEnds(vector: Vector<'host-functions'>): readonly End[] {
  return callEnds(vector, (telemetry) =>
    hostFunctions({
      pluginName: vector.plugin_name ?? 'vector',
      storageQuotaBytes: vector.quota ?? STORAGE_QUOTA_BYTES,
      state: new HostState(),
      clock: () => Number(vector.clock ?? DEFAULT_CLOCK_MS),
      telemetry,
    }),
  );
}

/** The time of vectors without one, in Unix milliseconds. */
const DEFAULT_CLOCK_MS = 1_700_000_000_000;

type CallVector = Vector<'kernel'> | Vector<'fuel'> | Vector<'host-functions'>;

function callEnds(
  vector: CallVector,
  functions: (telemetry: Telemetry) => NonNullable<PluginOptions['functions']>,
): readonly End[] {
  const reports = new Reports();
  let plugin: Plugin | undefined;
  const built = endOf({ build: BuildPluginError }, () => {
    plugin = buildPlugin(vector.wasm, optionsOf(vector, reports, functions(reports)));
    return {};
  });
  if (plugin === undefined || !vector.steps) return [built];
  const { steps } = vector;
  const called = plugin;
  reports.take();
  try {
    return steps.map((step) => callEnd(called, step, reports));
  } finally {
    called.dispose();
  }
}

function callEnd(plugin: Plugin, { call, input }: Step<CallVector['layer']>, reports: Reports): End {
  const end = outcome(() => plugin.call(call, input ?? ''));
  return { ...end, fuel: BigInt(plugin.fuelConsumed), ...reports.take() };
}

/**
 * The end of a call. The cause of its failure is a field of the error, if it is one of the plugin
 * or of a host function.
 */
function outcome(call: () => Uint8Array): End {
  try {
    return { output: call() };
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    const failed = errorOf(error.failure);
    const { cause } = error;
    if (!(cause instanceof PluginCallError || cause instanceof HostFunctionError))
      return { layer: 'call', error: failed };
    const inner = errorOf(cause.failure);
    const because = { kind: inner.kind, ...plain(inner.fields) };
    return { layer: 'call', error: { ...failed, fields: { ...failed.fields, cause: OpaqueJson.from(because) } } };
  }
}

function plain(fields: NonNullable<End['error']>['fields']): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, value.parse()]));
}

function optionsOf(vector: CallVector, telemetry: Telemetry, functions: PluginOptions['functions']): PluginOptions {
  const { config, max_var_bytes, log_level, budget } = vector;
  return {
    functions,
    telemetry,
    config: Object.fromEntries(Object.entries(config ?? {})),
    maxVarBytes: max_var_bytes ?? undefined,
    logLevel: levelNamed(log_level ?? 'info'),
    fuel: budget?.fuel == null ? undefined : Number(budget.fuel),
    wallMs: budget?.wall_ms ?? Number.POSITIVE_INFINITY,
    memoryMaxPages: budget?.memory_pages ?? undefined,
    initialMemoryMaxPages: budget?.initial_memory_pages ?? undefined,
    tableMaxEntries: budget?.table_entries ?? undefined,
    stackSlots: budget?.stack_slots ?? undefined,
  };
}

/** The log levels of the kernel, and none. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const;

function levelNamed(name: string): (typeof LOG_LEVELS)[number] {
  const level = LOG_LEVELS.find((known) => known === name);
  if (level === undefined) throw new RangeError(`log_level must be one of ${LOG_LEVELS.join(', ')}, not ${name}`);
  return level;
}
