/**
 * What a server needs around plugins: their registry, and calls of plugins that may be swapped.
 *
 * @module
 */
export {
  type AdmissionNeed,
  type AdmittedPlugin,
  admittedPlugin,
  decodeAdmittedPlugin,
  encodeAdmittedPlugin,
  needsAdmission,
} from './admitted-plugin.ts';
export { DirectEngine, DirectHookRunner, type DirectRunner, DirectWireRunner } from './direct-engine.ts';
export type {
  CallBudgets,
  CallOptions,
  EngineAdmission,
  EngineContext,
  Findings,
  HookRunner,
  PluginEngine,
  PluginModule,
  PluginRunner,
  WireRunner,
} from './engine.ts';
export { PluginHostError, type PluginHostFailure, type StoreName } from './host-error.ts';
export type { PluginId, PluginKey } from './key.ts';
export type { PluginHostOptions } from './options.ts';
export { PluginHost, type PluginRegistration, type PluginReport, type RestoredPlugin } from './plugin-host.ts';
export type { HostFunctionOptions, HostModule } from './remote/options.ts';
export { RemotePluginHost } from './remote/remote-host.ts';
export { RemoteHookRunner, type RemoteRunner, RemoteWireRunner } from './remote/runners.ts';
export type { RemoteOptions } from './remote/settings.ts';
export {
  SignerFlow,
  type SignerHost,
  type SignerPurpose,
  type SigningOutcome,
  type UnauthorizedOutcome,
} from './signer-flow.ts';
export { type ByteStore, MemoryBytes, MemoryRecords, type RecordStore } from './stores.ts';
export { WireInstances } from './wire-instances.ts';
export { hostInWorkers, type WorkerHostOptions } from './workers/host-in-workers.ts';
