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
export { DirectEngine, type DirectHookRunner, type DirectRunner, type DirectWireRunner } from './direct-engine.ts';
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
export type { ReportEvents } from './fetch/batch-reports.ts';
export { HttpMessageError, type HttpMessageFailure } from './fetch/message-error.ts';
export { type ObserveOptions, observedResponse } from './fetch/observed-response.ts';
export { type ReceivedRequest, type ReceiveOptions, receiveRequest, requestWire } from './fetch/received-request.ts';
export { type AskOptions, askUpstream, forwardedResponse } from './fetch/upstream-answer.ts';
export {
  type NormalizeDecision,
  type NormalizeError,
  type NormalizePolicyOptions,
  type ReadFailureOptions,
  readUpstreamFailure,
  responseAfterNormalize,
  type UpstreamFailure,
  upstreamErrorCategory,
  upstreamErrorWire,
} from './fetch/upstream-failure.ts';
export {
  requestToSign,
  shapedRequestWire,
  signedRequest,
  type UpstreamRequestOptions,
  unsignedRequest,
} from './fetch/upstream-request.ts';
export { PluginHostError, type PluginHostFailure, type StoreName } from './host-error.ts';
export type { CallOutcome, HostMetrics, ReplacedPart } from './host-metrics.ts';
export type { PluginId, PluginKey } from './key.ts';
export { PluginLease } from './lease.ts';
export type { PluginHostOptions } from './options.ts';
export type { PluginRegistration, PluginReport, RestoredPlugin } from './outcomes.ts';
export { PluginHost } from './plugin-host.ts';
export { hostInProcesses, type ProcessHostOptions } from './processes/host-in-processes.ts';
export type { HostFunctionOptions, HostModule } from './remote/options.ts';
export { RemotePluginHost } from './remote/remote-host.ts';
export type { RemoteHookRunner, RemoteRunner, RemoteWireRunner } from './remote/runners.ts';
export type { RemoteOptions } from './remote/settings.ts';
export {
  SignerFlow,
  type SignerHost,
  type SignerLease,
  type SignerPurpose,
  type SigningOutcome,
  type UnauthorizedOutcome,
} from './signer-flow.ts';
export { type ByteStore, MemoryBytes, MemoryRecords, type RecordStore } from './stores.ts';
export type { WireInstances } from './wire-instances.ts';
export { hostInWorkers, type WorkerHostOptions } from './workers/host-in-workers.ts';
