/**
 * For plugin authors: `verifyPlugin` reports on a whole plugin of the protocol, `verifyHooks` on
 * one of the hook ABI. `openSession` is a host for their own tests; a plugin of the hook ABI needs
 * none: `admitHooks` returns it.
 */
export { hintFor, hookStepHint, layerHint } from '../hints/index.ts';
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
export { verifyObservability, verifyPlugin, verifyRouter, verifyShape, verifySigner } from './verify.ts';
