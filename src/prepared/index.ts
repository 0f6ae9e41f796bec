/**
 * Prepared plugins: load, admit and dispatch a `WebAssembly.Module` made from bytes that
 * `preparePlugin` or `prepareHooks` returned. Nothing here reads code, changes or compiles it, so
 * this entry is small, and runs where nothing may be compiled at run time.
 *
 * @module
 */

export type { Result } from '../failure.ts';
export type { Generation } from '../generation/exports.ts';
export type {
  HookAdmission,
  HookAdmissionOptions as AdmitHooksOptions,
  HookAdmissionReport,
  HookStepError,
  HookStepFailure,
  HookStepReport,
} from '../hooks/admission.ts';
export type { HookLimits } from '../hooks/budget.ts';
export {
  HookCallError,
  type HookCallFailure,
  type HookPhase,
  type StopReason,
  type UpstreamCallKind,
} from '../hooks/call-error.ts';
export { HookCompileError, type HookCompileFailure } from '../hooks/compile-error.ts';
export {
  filterHook,
  type Hook,
  type HookName,
  type HookSlotKind,
  hookNames,
  hooks,
  shapeHook,
  transformResponseHook,
  transformSseEventHook,
} from '../hooks/hook.ts';
export { HookInspectError, type HookInspectFailure } from '../hooks/inspect-error.ts';
export type { HookWarning } from '../hooks/inspect-warnings.ts';
export type { HookInspection, InspectedHook } from '../hooks/inspection.ts';
export type { Upstream } from '../hooks/messages/common.ts';
export type { FilterRequest, FilterResponse, UpstreamCandidate } from '../hooks/messages/filter.ts';
export type {
  ShapeRequest,
  ShapeResponse,
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from '../hooks/messages/shape.ts';
export type { HookMetadata, PluginMetadata } from '../hooks/metadata.ts';
export { type HookOutcome, HookPlugin } from '../hooks/plugin.ts';
export type { Interruption } from '../interruption.ts';
export type { FieldOrder } from '../json/encoders/encoder.ts';
export type { JsonDecodeFault } from '../json/text/decode-error.ts';
export type { JsonNode } from '../json/text/node.ts';
export type { JsonValue } from '../json/text/value.ts';
export type { ReadableType } from '../json/type.ts';
export type { KernelLogLevel } from '../kernel/functions.ts';
export {
  type HostFunction,
  type HostFunctionContext,
  type HostImplementation,
  type HostValueKind,
  type HostValueTypes,
  hostFunction,
  USER_NAMESPACE,
} from '../kernel/host-function.ts';
export type { BudgetUse, ExhaustedKind } from '../metering/budget-use.ts';
export type { Budget } from '../metering/run/meter-options.ts';
export type { StackFrame, WithStack } from '../metering/run/trap-stack.ts';
export type { EngineModule, ModuleBytes } from '../module-source.ts';
export { type BuildFailure, BuildPluginError, type NamedImport } from '../plugin/build-error.ts';
export { type CallFailure, PluginCallError } from '../plugin/call-error.ts';
export { CompiledPlugin, type PluginExternal, type PluginImport } from '../plugin/compiled-plugin.ts';
export type { PluginOptions } from '../plugin/options.ts';
export { Plugin } from '../plugin/plugin.ts';
export type { AdmissionLayer, AdmissionReport, LayerError, LayerFailure, LayerReport } from '../protocol/admission.ts';
export type { AdmissionOptions as AdmitOptions } from '../protocol/admission-options.ts';
export {
  type CallUse,
  DispatchError,
  type DispatchFailure,
  type DispatchOptions,
  type DispatchOutcome,
  type DispatchStage,
  dispatchWireCall,
} from '../protocol/dispatch.ts';
export {
  executeHandshake,
  HandshakeExecutionError,
  type HandshakeExecutionFailure,
  type HandshakeOptions,
} from '../protocol/handshake.ts';
export {
  type Clock,
  HostFunctionError,
  type HostFunctionFailure,
  type HostFunctionsContext,
  HostState,
  hostFunctions,
} from '../protocol/host-functions.ts';
export type { SavedHostState } from '../protocol/host-state.ts';
export { IdentityReadError, type IdentityReadFailure } from '../protocol/identity-error.ts';
export type { LayerBudget, LayerOptions, PluginSource } from '../protocol/layer-call.ts';
export type { HandshakeOfferRaw } from '../protocol/messages/handshake.ts';
export {
  type AugmentedMetadata,
  augmentedMetadata,
  decodeJson,
  decodeJsonBytes,
  encodeJson,
  type HandshakeAccept,
  type HandshakeOffer,
  type Infer,
  JsonDecodeError,
  type JsonDecodeFailure,
  JsonEncodeError,
  type JsonEncodeFailure,
  OpaqueJson,
  type PluginIdentity,
  type PluginRegistryRecord,
  type PluginSlot,
  pluginRegistryRecord,
  type SelfCheckResponse,
  type WireFunction,
  type WireInput,
  type WireType,
  wire,
} from '../protocol/messages/index.ts';
export type { WireFunctionName } from '../protocol/messages/wire-function.ts';
export {
  createMetadata,
  isExpired,
  MetadataError,
  type MetadataFailure,
  type MetadataSource,
  type Seconds,
  type TimestampField,
  ttlSeconds,
  validateMetadata,
  validateRegistryRecord,
} from '../protocol/metadata.ts';
export { readModuleIdentity } from '../protocol/module-identity.ts';
export { buildOffer, hostOfferHash } from '../protocol/offer.ts';
export type { PluginStorage } from '../protocol/plugin-storage.ts';
export { type Negotiated, probeWireVersion } from '../protocol/probe.ts';
export {
  executeSelfCheck,
  SelfCheckExecutionError,
  type SelfCheckExecutionFailure,
  type SelfCheckOptions,
} from '../protocol/self-check.ts';
export { functionForSlot, slotsFromHandshake } from '../protocol/slots.ts';
export type { ConsoleLike, LogEvent, Telemetry } from '../telemetry.ts';
export { consoleTelemetry, noTelemetry } from '../telemetry.ts';
export { admit } from './admit.ts';
export { compilePrepared, runsPreparedPlugins } from './compile.ts';
export { generationOf } from './generation.ts';
export { admitHooks, inspectHooks } from './hooks.ts';
export { buildPlugin, loadPlugin, type PreparedPlugin } from './plugin.ts';
export type { PreparedModule } from './source.ts';
