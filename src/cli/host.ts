import { HostState, hostFunctions } from '../host-functions.ts';
import type { HostFunction } from '../kernel/index.ts';
import { buildPlugin, type CompiledPlugin, type Plugin } from '../plugin/index.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';

/** What a cc-lb host gives to each call of a dispatching plugin, in pages, instructions, milliseconds (abi/PROTOCOL.md, "Limits"). */
const BUDGET = { memoryMaxPages: 32, fuel: 1_000_000_000, wallMs: 5_000 } as const;

/** What a cc-lb host lets a plugin store, in bytes. */
const STORAGE_QUOTA_BYTES = 1_048_576;

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
  return buildPlugin(wasm, { ...BUDGET, name, telemetry, functions: inMemoryHostFunctions(name, telemetry) });
}
