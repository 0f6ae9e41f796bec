import { OpaqueJson } from '../../../json/opaque-json.ts';
import type { JsonValue } from '../../../json/text/value.ts';
import {
  BuildPluginError,
  buildPlugin,
  type Plugin,
  PluginCallError,
  type PluginOptions,
} from '../../../plugin/index.ts';
import { HostFunctionError } from '../../../protocol/host-functions.ts';
import type { End } from '../end.ts';
import type { Step, Vector } from '../vector.ts';
import { pluginBudget } from './budget.ts';
import { endOf, errorOf } from './failed.ts';
import { functionsFor, PLUGIN_NAME } from './functions.ts';
import { Reports } from './reports.ts';

type CallVector = Vector<'kernel'> | Vector<'fuel'> | Vector<'host-functions'>;

/** Builds the plugin of a vector without host functions, and calls its exports. */
export function kernelEnds(vector: Vector<'kernel'> | Vector<'fuel'>): readonly End[] {
  return callEnds(vector, new Reports(), {});
}

/** Builds the plugin of a vector with the six host functions, and calls its exports. */
export function hostFunctionEnds(vector: Vector<'host-functions'>): readonly End[] {
  const reports = new Reports();
  return callEnds(vector, reports, {
    functions: functionsFor(vector, reports),
    name: vector.plugin_name ?? PLUGIN_NAME,
  });
}

/** @param host what the host provides to the plugin besides a telemetry. */
function callEnds(vector: CallVector, reports: Reports, host: PluginOptions): readonly End[] {
  let plugin: Plugin | undefined;
  const built = endOf({ build: BuildPluginError }, () => {
    plugin = buildPlugin(vector.wasm, {
      ...pluginBudget(vector.budget),
      config: vector.config ?? undefined,
      maxVarBytes: vector.max_var_bytes ?? undefined,
      logLevel: vector.log_level ?? 'info',
      telemetry: reports,
      ...host,
    });
    return {};
  });
  if (plugin === undefined || !vector.steps) return [built];
  const called = plugin;
  // What it logged while it was built is of no step.
  reports.take();
  const ends = vector.steps.map((step) => ({
    ...callEnd(called, step),
    fuel: BigInt(called.fuelConsumed),
    ...reports.take(),
  }));
  called.dispose();
  return ends;
}

function callEnd(plugin: Plugin, { call, input }: Step<CallVector['layer']>): End {
  try {
    return { output: plugin.call(call, input ?? '') };
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    const { kind, fields } = errorOf(error.failure);
    return { layer: 'call', error: { kind, fields: { ...fields, ...causeOf(error) } } };
  }
}

/** The cause of a failed call as a field, if the plugin had set it or a host function threw it. */
function causeOf({ cause }: PluginCallError): Readonly<Record<string, OpaqueJson>> {
  if (!(cause instanceof PluginCallError || cause instanceof HostFunctionError)) return {};
  // Failures hold plain values.
  return { cause: OpaqueJson.from(cause.failure as unknown as JsonValue) };
}
