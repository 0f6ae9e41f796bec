import { encodeJson } from '../../../json/encode.ts';
import { BuildPluginError, buildPlugin } from '../../../plugin/index.ts';
import type { Plugin } from '../../../plugin/plugin.ts';
import { dispatchWireCall } from '../../../protocol/dispatch.ts';
import type { End } from '../end.ts';
import type { Step, Vector } from '../vector.ts';
import { pluginBudget } from './budget.ts';
import { endOf } from './failed.ts';
import { functionsFor, PLUGIN_NAME } from './functions.ts';
import { Reports } from './reports.ts';
import { dispatchFailed, readRequest, wireFunctionOf } from './requests.ts';

/** Dispatches the steps to one plugin. */
export function dispatchEnds({ wasm, budget, clock, negotiated, steps }: Vector<'dispatch'>): readonly End[] {
  const reports = new Reports();
  const functions = functionsFor({ clock }, reports);
  let plugin: Plugin | undefined;
  const built = endOf({ build: BuildPluginError }, () => {
    plugin = buildPlugin(wasm, { ...pluginBudget(budget), functions, name: PLUGIN_NAME, telemetry: reports });
    return {};
  });
  if (plugin === undefined) return [built];
  const called = plugin;
  return (steps ?? []).map((step) => ({ ...stepEnd(step, called, negotiated), ...reports.take() }));
}

function stepEnd(step: Step<'dispatch'>, plugin: Plugin, negotiated: Readonly<Record<string, number>>): End {
  const fn = wireFunctionOf(step);
  const metadata = { negotiated_functions: negotiated };
  const outcome = dispatchWireCall(fn, plugin, metadata, readRequest(fn, step.request));
  if (outcome.kind === 'fallback') return { ...dispatchFailed(outcome.error), fallback: outcome.policy };
  return { response: encodeJson(fn.schemas.response, outcome.response, 'declared') };
}
