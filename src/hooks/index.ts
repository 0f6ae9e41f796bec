/**
 * The hook ABI: what cc-lb speaks to plugins that are modules without imports. Messages are rkyv
 * archives.
 *
 * @module
 */
export { type Generation, generationOf } from '../generation/index.ts';
export type { Interruption } from '../interruption.ts';
export {
  JsonDecodeError,
  type JsonDecodeFailure,
  type JsonDecodeFailureKind,
  type JsonDecodeFault,
  type JsonType,
} from '../json/text/decode-error.ts';
export type { BudgetUse, ExhaustedKind, Exhaustion } from '../metering/budget-use.ts';
export type { LimitName, ModuleLimits } from '../metering/limits.ts';
export type { Budget } from '../metering/run/meter-options.ts';
export type { StackFrame, WithStack } from '../metering/run/trap-stack.ts';
export { HOOK_METRICS } from '../metrics/table.ts';
export type { EngineModule, ModuleBytes, ModuleSource } from '../module-source.ts';
export type { Telemetry } from '../telemetry.ts';
export type { HookAdmissionOptions } from './admission.ts';
export {
  type AdmitHooksOptions,
  admitHooks,
  admitHooksAsync,
  type HookAdmission,
  type HookAdmissionReport,
  type HookStepError,
  type HookStepFailure,
  type HookStepReport,
} from './admit.ts';
export { decodeArchive } from './archive/decode.ts';
export {
  ArchiveDecodeError,
  type ArchiveDecodeFailure,
  type ArchiveDecodeFailureKind,
} from './archive/decode-error.ts';
export { ARCHIVE_MAX_BYTES, encodeArchive, type PlannedArchive, planArchive } from './archive/encode.ts';
export {
  ArchiveEncodeError,
  type ArchiveEncodeFailure,
  type ArchiveEncodeFailureKind,
} from './archive/encode-error.ts';
export { type Layout, layoutOf, type PlacedField } from './archive/layout.ts';
export type {
  ArchiveDeclaration,
  ArchiveField,
  ArchiveType,
  ArchiveVariant,
  BytesDeclaration,
  EnumDeclaration,
  InferArchive,
  ListDeclaration,
  NumberDeclaration,
  NumberName,
  OptionDeclaration,
  StringDeclaration,
  StructDeclaration,
} from './archive/type.ts';
export type { HookLimits } from './budget.ts';
export {
  type GuestPhase,
  HookCallError,
  type HookCallFailure,
  type HookPhase,
  type StopReason,
  type UpstreamCallKind,
} from './call-error.ts';
export { HookCompileError, type HookCompileFailure } from './compile-error.ts';
export type { RefusedFeature } from './features.ts';
export { descriptorOf, FINGERPRINT_SIZE, fingerprintOf } from './fingerprint.ts';
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
} from './hook.ts';
export { type HookInspection, type InspectedHook, inspectHooks } from './inspect.ts';
export { type FirstImport, HookInspectError, type HookInspectFailure } from './inspect-error.ts';
export type { HookWarning } from './inspect-warnings.ts';
export { decodeArchiveJson, encodeArchiveJson } from './json-form.ts';
export { Claim, Header, Principal, Upstream } from './messages/common.ts';
export {
  CachePricingSummary,
  FilterRequest,
  FilterResponse,
  PerCandidateReason,
  UpstreamCandidate,
} from './messages/filter.ts';
export {
  ShapeRequest,
  ShapeResponse,
  SseEvent,
  TransformResponseRequest,
  TransformResponseResult,
  TransformSseEventRequest,
  TransformSseEventResult,
} from './messages/shape.ts';
export {
  type HookMetadata,
  METADATA_SECTION_NAME,
  type MetadataViolation,
  type PluginMetadata,
} from './metadata.ts';
export type { HookMetric, HookMetricName } from './metrics.ts';
export { type CallUse, type HookOutcome, HookPlugin } from './plugin.ts';
export {
  type EventPolicyOptions,
  eventsAfterTransform,
  isEventStream,
  type TransformEvent,
} from './policies/event-policy.ts';
export { transformedEvents } from './policies/event-writer.ts';
export type { FallbackOptions, HookFallback, HookFallbackError } from './policies/fallback.ts';
export {
  candidatesAfterFilter,
  type FilterDecision,
  type FilterPolicyOptions,
  filteredCandidates,
} from './policies/filter-policy.ts';
export type { ShapedRequestOptions } from './policies/outgoing-request.ts';
export { HookPolicyError, type HookPolicyFailure } from './policies/policy-error.ts';
export {
  type ResponseDecision,
  type ResponsePolicyOptions,
  responseAfterTransform,
  type TransformResponse,
  transformedResponse,
} from './policies/response-policy.ts';
export {
  type ClientRequest,
  clientRequest,
  requestAfterShape,
  type ShapeDecision,
  type ShapePolicyOptions,
  shapedRequest,
} from './policies/shape-policy.ts';
export {
  readBody,
  type VisibilityOptions,
  type VisibleRequest,
  type VisibleResponse,
  visibleRequest,
  visibleResponse,
} from './policies/visible.ts';
export type { WireBounds } from './policies/wire-bounds.ts';
export { type PrepareHooksOptions, prepareHooks } from './prepare.ts';
export {
  type HookRegisterOptions,
  type HookRegistration,
  HookSlots,
  type HookSlotsOptions,
} from './slots/hook-slots.ts';
export {
  GLOBAL_PRINCIPAL,
  type HookSlot,
  type HookSlotId,
  type HookSlotKey,
} from './slots/slot.ts';
export { HookSlotError, type HookSlotFailure } from './slots/slot-error.ts';
