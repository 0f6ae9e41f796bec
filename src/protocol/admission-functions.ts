import type { HostFunction } from '../kernel/index.ts';
import { checkArgument } from '../option-rules.ts';
import type { Telemetry } from '../telemetry.ts';
import type { AdmissionOptions } from './admission-options.ts';
import { hostFunctions } from './host-functions.ts';
import { MemoryStorage, STORAGE_QUOTA_BYTES, storageRule } from './plugin-storage.ts';

/**
 * Makes the host functions of one layer of an admission, if the options ask for them.
 *
 * Until a plugin is admitted, its name is only a claim. So the functions reach nothing that belongs
 * to the plugin of that name: their storage is empty and ends with the layer, unless the host has
 * one of its own, and they raise no counter.
 *
 * @param pluginName the name in the plugin's identity.
 * @returns the six functions, or none.
 * @throws TypeError if what `storage` returns is malformed.
 */
export function admissionFunctions(
  pluginName: string,
  {
    hostFunctions: isAsked = false,
    storage: storageOf = () => new MemoryStorage(),
    clock,
    fillRandom,
    telemetry,
  }: AdmissionOptions,
): HostFunction[] {
  if (!isAsked) return [];
  const logs: Telemetry | undefined = telemetry && {
    log: (event) => telemetry.log(event),
    counter: () => undefined,
  };
  const state = storageOf(pluginName);
  checkArgument('what options.storage returns', storageRule.holds(state), storageRule.expected);
  const storage = { storageQuotaBytes: STORAGE_QUOTA_BYTES, state };
  return hostFunctions({ pluginName, ...storage, clock, fillRandom, telemetry: logs });
}
