import { HostState, hostFunctions } from '../../../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../../../protocol/host-state.ts';
import type { Vector } from '../vector.ts';
import { clockAt } from './clock.ts';
import type { Reports } from './reports.ts';

/** The name of a plugin, for its storage and its counters, if a vector sets none. */
export const PLUGIN_NAME = 'vector';

/** The six host functions over an empty storage, as a vector asks for them. */
export function functionsFor(
  { plugin_name, quota, clock }: Partial<Pick<Vector<'host-functions'>, 'plugin_name' | 'quota' | 'clock'>>,
  telemetry: Reports,
): ReturnType<typeof hostFunctions> {
  return hostFunctions({
    pluginName: plugin_name ?? PLUGIN_NAME,
    storageQuotaBytes: quota ?? STORAGE_QUOTA_BYTES,
    state: new HostState(),
    clock: clockAt(clock),
    telemetry,
  });
}
