/**
 * For plugin authors: `verifyPlugin` reports on a whole plugin of the protocol, `verifyHooks` on
 * one of the hook ABI. `openSession` is a host for their own tests; a plugin of the hook ABI needs
 * none: `admitHooks` returns it.
 */

export type { Clock } from '../clock.ts';
export { hintFor, hookStepHint, layerHint } from '../hints/index.ts';
export type { HookAdmissionOptions, HookStepReport } from '../hooks/admission.ts';
export type { AdmitHooksOptions } from '../hooks/admit.ts';
export type { HookLimits } from '../hooks/budget.ts';
export type { HookName } from '../hooks/hook.ts';
export type { FieldsOf } from '../json/declare.ts';
export type { OpaqueJson } from '../json/opaque-json.ts';
export type { WireInput } from '../json/type.ts';
export type { LimitName, ModuleLimits } from '../metering/limits.ts';
export type { Budget } from '../metering/run/meter-options.ts';
export type { ModuleBytes } from '../module-source.ts';
export type { Plugin } from '../plugin/plugin.ts';
export type { AdmissionReport, LayerReport } from '../protocol/admission.ts';
export type { Candidate } from '../protocol/admit-options.ts';
export type { DispatchOutcome } from '../protocol/dispatch.ts';
export type { AugmentedMetadata } from '../protocol/messages/metadata.ts';
export type { NormalizeErrorRequest, ShapeRequest } from '../protocol/messages/v1/dialect.ts';
export type { ObserveRequest } from '../protocol/messages/v1/observe.ts';
export type { BuildSignerRequest, OnUnauthorizedRequest, SignRequest } from '../protocol/messages/v1/signer.ts';
export type { ObserveEventWire, Principal, UpstreamErrorWire } from '../protocol/messages/v1/types.ts';
export type { CandidateWire } from '../protocol/messages/v2.ts';
export type { FilterRequest } from '../protocol/messages/v3.ts';
export type { PluginKind, WireFunction } from '../protocol/messages/wire-function.ts';
export type { LogEvent, Telemetry } from '../telemetry.ts';
export { conformanceSlots, type VerifyHooksOptions } from './hooks/options.ts';
export { verifyHooks } from './hooks/verify.ts';
export { conformanceKinds, kindNamed, kindNames } from './kinds.ts';
export type { Progress, TestHostOptions, VerifyOptions } from './options.ts';
export {
  type CheckReport,
  type CheckStatus,
  type ConformanceKind,
  type ConformanceSlot,
  type ExchangeStep,
  type Measurement,
  REPORT_VERSION,
  type VerifiedPlugin,
  type VerifyReport,
} from './report.ts';
export { type HtmlReportOptions, htmlReport } from './reporters/html.ts';
export type { HtmlPageOptions } from './reporters/html-page.ts';
export { type HtmlSeriesOptions, htmlSeriesReport } from './reporters/html-series.ts';
export { junitReport, junitSeriesReport } from './reporters/junit.ts';
export { tapReport, tapSeriesReport } from './reporters/tap.ts';
export { groupChecks, measurementText, verdictText } from './reporters/text.ts';
export { vectorsJunitReport } from './reporters/vectors-junit.ts';
export * from './requests/index.ts';
export {
  reportSeries,
  SERIES_VERSION,
  type SeriesCounts,
  type SeriesEntry,
  type SeriesReport,
  seriesText,
  type UnverifiedFile,
  type VerifiedFile,
} from './series.ts';
export {
  openSession,
  type RaisedCounter,
  type RequestLike,
  Session,
  SessionError,
  type SessionFailure,
  type SessionOptions,
} from './session.ts';
export * from './vectors/index.ts';
export type { Step } from './vectors/vector.ts';
export { verifyObservability, verifyPlugin, verifyRouter, verifyShape, verifySigner } from './verify.ts';
