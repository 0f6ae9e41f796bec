import { encodeJson } from '../../../json/encode.ts';
import { OpaqueJson } from '../../../json/opaque-json.ts';
import type { JsonValue } from '../../../json/text/value.ts';
import { BuildPluginError, buildPlugin } from '../../../plugin/index.ts';
import type { Plugin } from '../../../plugin/plugin.ts';
import { dispatchWireCall } from '../../../protocol/dispatch.ts';
import { HostState, hostFunctions } from '../../../protocol/host-functions.ts';
import type { Telemetry } from '../../../telemetry.ts';
import type { End } from '../end.ts';
import type { Step, Vector } from '../vector.ts';
import { errorOf } from './failed.ts';
import { dispatchFailed, readRequest, wireFunctionOf } from './wire-requests.ts';

/** What the clock says if the vector does not tell, in Unix milliseconds. */
const CLOCK = 1_700_000_000_000;

/** The plugin's name, for its storage and its counters. */
const NAME = 'vector';

/** The quota of the cc-lb host. */
const QUOTA_BYTES = 1024 * 1024;

/** Dispatches the steps to one plugin. */
export function dispatchEnds({ wasm, budget, clock, negotiated, steps }: Vector<'dispatch'>): readonly End[] {
  const reported = reports();
  const { telemetry } = reported;
  const now = Number(clock ?? CLOCK);
  const context = { pluginName: NAME, storageQuotaBytes: QUOTA_BYTES, state: new HostState() };
  let plugin: Plugin;
  try {
    plugin = buildPlugin(wasm, {
      wallMs: budget?.wall_ms ?? Number.POSITIVE_INFINITY,
      fuel: budget?.fuel === undefined || budget.fuel === null ? undefined : Number(budget.fuel),
      memoryMaxPages: budget?.memory_pages ?? undefined,
      initialMemoryMaxPages: budget?.initial_memory_pages ?? undefined,
      tableMaxEntries: budget?.table_entries ?? undefined,
      stackSlots: budget?.stack_slots ?? undefined,
      functions: hostFunctions({ ...context, telemetry, clock: () => now }),
      name: NAME,
      telemetry,
    });
  } catch (error) {
    if (error instanceof BuildPluginError) return [{ layer: 'build', error: errorOf(error.failure) }];
    throw error;
  }
  return (steps ?? []).map((step) => ({ ...stepEnd(step, plugin, negotiated), ...reported.take() }));
}

function stepEnd(step: Step<'dispatch'>, plugin: Plugin, negotiated: Readonly<Record<string, number>>): End {
  const fn = wireFunctionOf(step);
  const metadata = { negotiated_functions: negotiated };
  const outcome = dispatchWireCall(fn, plugin, metadata, readRequest(fn, step.request));
  if (outcome.kind === 'fallback') return { ...dispatchFailed(outcome.error), fallback: outcome.policy };
  return { response: encodeJson(fn.schemas.response, outcome.response, 'declared') };
}

/** Keeps what a plugin logs and counts. */
function reports() {
  let logs: JsonValue[] = [];
  let counters: JsonValue[] = [];
  const telemetry: Telemetry = {
    log: ({ level, message }) => {
      logs.push([level, message]);
    },
    counter: (name, value) => {
      counters.push([name, value]);
    },
  };
  /** Returns what was reported since the last time. */
  const take = (): Pick<End, 'logs' | 'counters'> => {
    const taken = { logs: OpaqueJson.from(logs), counters: OpaqueJson.from(counters) };
    logs = [];
    counters = [];
    return taken;
  };
  return { telemetry, take };
}
