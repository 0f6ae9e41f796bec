import { encodeJson } from '../../../json/encode.ts';
import { BuildPluginError, buildPlugin } from '../../../plugin/index.ts';
import type { Plugin } from '../../../plugin/plugin.ts';
import { dispatchWireCall } from '../../../protocol/dispatch.ts';
import { HostState, hostFunctions } from '../../../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../../../protocol/host-state.ts';
import type { End } from '../end.ts';
import type { Step, Vector } from '../vector.ts';
import { pluginBudget } from './budget.ts';
import { clockAt } from './clock.ts';
import { errorOf } from './failed.ts';
import { Reports } from './reports.ts';
import { dispatchFailed, readRequest, wireFunctionOf } from './requests.ts';

/** The plugin's name, for its storage and its counters. */
const NAME = 'vector';

/** Dispatches the steps to one plugin. */
export function dispatchEnds({ wasm, budget, clock, negotiated, steps }: Vector<'dispatch'>): readonly End[] {
  const reports = new Reports();
  const functions = hostFunctions({
    pluginName: NAME,
    storageQuotaBytes: STORAGE_QUOTA_BYTES,
    state: new HostState(),
    telemetry: reports,
    clock: clockAt(clock),
  });
  let plugin: Plugin;
  try {
    plugin = buildPlugin(wasm, { ...pluginBudget(budget), functions, name: NAME, telemetry: reports });
  } catch (error) {
    if (error instanceof BuildPluginError) return [{ layer: 'build', error: errorOf(error.failure) }];
    throw error;
  }
  return (steps ?? []).map((step) => ({ ...stepEnd(step, plugin, negotiated), ...reports.take() }));
}

function stepEnd(step: Step<'dispatch'>, plugin: Plugin, negotiated: Readonly<Record<string, number>>): End {
  const fn = wireFunctionOf(step);
  const metadata = { negotiated_functions: negotiated };
  const outcome = dispatchWireCall(fn, plugin, metadata, readRequest(fn, step.request));
  if (outcome.kind === 'fallback') return { ...dispatchFailed(outcome.error), fallback: outcome.policy };
  return { response: encodeJson(fn.schemas.response, outcome.response, 'declared') };
}
