import type { HostFunction } from '../../kernel/index.ts';
import { buildPlugin, type CompiledPlugin, type Plugin } from '../../plugin/index.ts';
import { HostState, hostFunctions } from '../../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../../protocol/host-state.ts';
import { noTelemetry, type Telemetry } from '../../telemetry.ts';

/** The host functions of a plugin that stores in memory: nothing is left of it when the program ends. */
export function inMemoryHostFunctions(pluginName = '', telemetry: Telemetry = noTelemetry): readonly HostFunction[] {
  return hostFunctions({ pluginName, storageQuotaBytes: STORAGE_QUOTA_BYTES, state: new HostState(), telemetry });
}

/**
 * Builds a plugin as a cc-lb host does to dispatch to it.
 *
 * @throws BuildPluginError
 */
export function buildDispatchingPlugin(wasm: Uint8Array | CompiledPlugin, name: string, telemetry: Telemetry): Plugin {
  return buildPlugin(wasm, { name, telemetry, functions: inMemoryHostFunctions(name, telemetry) });
}
