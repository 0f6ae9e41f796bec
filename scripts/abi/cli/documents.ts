// The JSON Schemas of the documents that the commands print with --json.
import type { AdmissionDocument, HookAdmissionDocument } from '../../../src/cli/commands/admit.ts';
import type { CompletionDocument } from '../../../src/cli/commands/completion.ts';
import type { ConformanceDocument, SeriesDocument } from '../../../src/cli/commands/conformance.ts';
import type { DispatchDocument } from '../../../src/cli/commands/dispatch-function.ts';
import type { HookDispatchDocument } from '../../../src/cli/commands/dispatch-hook.ts';
import type { FileCounts, FileEntry, FilesDocument } from '../../../src/cli/commands/file-reports.ts';
import type { UnwrittenIdentity, WrittenIdentity } from '../../../src/cli/commands/identity.ts';
import type { ModuleDocument } from '../../../src/cli/commands/inspect.ts';
import type { NewPlugin } from '../../../src/cli/commands/new.ts';
import type { PreparationDocument } from '../../../src/cli/commands/prepare.ts';
import type { VectorsDocument } from '../../../src/cli/commands/vectors.ts';
import { DOCUMENT_VERSION } from '../../../src/cli/output/json-document.ts';
import type { CounterEvent } from '../../../src/cli/output/recorder.ts';
import type { SearchedDirectory } from '../../../src/cli/program/plugin-files.ts';
import type { ErrorDocument } from '../../../src/cli/program/program.ts';
import type { CallStatistics, Percentiles } from '../../../src/cli/reports/call-statistics.ts';
import type { OutcomeReport } from '../../../src/cli/reports/dispatch-text.ts';
import type { HookOutcomeReport } from '../../../src/cli/reports/hook-call-text.ts';
import {
  type CheckReport,
  type ExchangeStep,
  LAYERS,
  type Measurement,
  REPORT_VERSION,
  SERIES_VERSION,
  type SeriesCounts,
  VECTORS_REPORT_VERSION,
  type VectorReport,
  type VerifiedPlugin,
  type VerifyReport,
} from '../../../src/conformance/index.ts';
import type { FileAdmission } from '../../../src/inspection/admission-report.ts';
import type { HookFileAdmission } from '../../../src/inspection/hook-admission-report.ts';
import type { FallbackPolicy } from '../../../src/protocol/messages/index.ts';
import { moduleFields } from './module-document.ts';
import {
  admissionFields,
  definitions,
  failureReport,
  hookAdmissionFields,
  hookName,
  identity,
  logEvent,
  response,
  upstreamCall,
} from './parts.ts';
import {
  constant,
  count,
  type Fields,
  flag,
  list,
  map,
  oneOf,
  optional,
  orNull,
  type Shape,
  text,
  texts,
  time,
} from './shape.ts';

const object = definitions.object.bind(definitions);
const version = constant(DOCUMENT_VERSION);

const errorDocument = object<ErrorDocument>('ErrorDocument', {
  version,
  error: object<ErrorDocument['error']>('CommandLineError', { kind: text, message: text }),
});

const directories = list(object<SearchedDirectory>('SearchedDirectory', { path: text, found: count }));

type Unreported = Exclude<FileEntry<unknown>, { report: unknown }>;

const unreported = object<Unreported>('Unreported', {
  file: text,
  error: object<Unreported['error']>('CommandLineError', { kind: text, message: text }),
});

/** The entries of a document on several files. */
function entries(name: string, report: Shape): Shape {
  return list(oneOf(object<{ file: string; report: object }>(name, { file: text, report }), unreported));
}

const fileCounts = object<FileCounts>('FileCounts', { passed: count, failed: count, errors: count });

/** The document on several files, each of which has one of some documents. */
function filesDocument(name: string, report: Shape): Shape {
  return object<FilesDocument>(
    name,
    { version, directories, counts: fileCounts, files: entries(`${name}Entry`, report) },
    'FilesDocument',
  );
}

const prepared = optional({ const: true });

const admission = oneOf(
  object<AdmissionDocument>(
    'AdmissionDocument',
    { version, generation: constant(1), prepared, ...admissionFields, logs: list(logEvent) },
    'FileAdmission',
    'AdmissionReport',
  ),
  object<HookAdmissionDocument>(
    'HookAdmissionDocument',
    { version, generation: constant(2), prepared, ...hookAdmissionFields },
    'HookFileAdmission',
    'HookAdmissionReport',
  ),
);

const moduleDocument = object<ModuleDocument>(
  'ModuleDocument',
  { version, ...moduleFields },
  'ModuleReport',
  'HookModuleReport',
);

const checkStatus = texts<CheckReport['status']>({ pass: true, warn: true, fail: true, skipped: true });
const verdict = texts<VerifyReport['verdict']>({ pass: true, warn: true, fail: true });
const kinds = { router: true, shape: true, observability: true, signer: true, filter: true } as const;

const check = object<CheckReport>('CheckReport', {
  id: text,
  rule: text,
  reference: text,
  status: checkStatus,
  measured: optional(
    object<Measurement>('Measurement', {
      value: count,
      unit: texts<Measurement['unit']>({
        fuel: true,
        pages: true,
        bytes: true,
        calls: true,
        requests: true,
        functions: true,
      }),
      limit: optional(orNull(count)),
    }),
  ),
  found: optional(text),
  hint: optional(text),
  reason: optional(text),
  durationMs: time,
});

const exchangeStep = object<ExchangeStep>('ExchangeStep', {
  layer: texts<ExchangeStep['layer']>({
    identity: true,
    handshake: true,
    self_check: true,
    metadata: true,
    dispatch: true,
    inspect: true,
    compile: true,
    probe: true,
    call: true,
  }),
  title: text,
  isCall: flag,
  status: texts<ExchangeStep['status']>({ passed: true, failed: true, skipped: true }),
  request: optional(text),
  response: optional(text),
  requestBytes: optional(count),
  requestJson: optional(text),
  responseBytes: optional(count),
  fuel: optional(count),
  durationMs: time,
});

const verification = object<ConformanceDocument>(
  'ConformanceDocument',
  {
    version: constant(REPORT_VERSION),
    file: text,
    prepared,
    generation: { enum: [1, 2] },
    verdict,
    kind: texts<VerifyReport['kind']>({ ...kinds, auto: true }),
    kinds: list(texts<VerifyReport['kinds'][number]>(kinds)),
    plugin: object<VerifiedPlugin>('VerifiedPlugin', {
      bytes: count,
      name: optional(text),
      version: optional(text),
      functions: list(text),
      capabilities: list(text),
    }),
    counts: object<VerifyReport['counts']>('CheckCounts', { pass: count, warn: count, fail: count, skipped: count }),
    durationMs: time,
    checks: list(check),
    exchange: list(exchangeStep),
  },
  'VerifyReport',
);

const series = object<SeriesDocument>(
  'SeriesDocument',
  {
    version: constant(SERIES_VERSION),
    verdict,
    counts: object<SeriesCounts>('SeriesCounts', { conforming: count, nonconforming: count, unverified: count }),
    durationMs: time,
    directories,
    files: entries('SeriesEntry', verification),
  },
  'SeriesReport',
);

const percentiles = object<Percentiles>('Percentiles', { p50: time, p90: time, p99: time, max: time });
const statistics = object<CallStatistics>('CallStatistics', { count, durationMs: percentiles, fuel: percentiles });

type OutcomeOf<Kind extends OutcomeReport['kind']> = Extract<OutcomeReport, { kind: Kind }>;
const cost = { durationMs: time, fuel: count };

const outcome = oneOf(
  object<OutcomeOf<'ok'>>('Answered', { kind: constant('ok'), ...cost, response }),
  object<OutcomeOf<'fallback'>>('FellBack', {
    kind: constant('fallback'),
    ...cost,
    policy: texts<FallbackPolicy>({ fail_request: true, pass_through: true, silent_skip: true, use_default: true }),
    stage: text,
    error: failureReport,
  }),
  object<OutcomeOf<'notBuilt'>>('NotBuilt', { kind: constant('notBuilt'), error: failureReport }),
);

type HookOutcomeOf<Kind extends HookOutcomeReport['kind']> = Extract<HookOutcomeReport, { kind: Kind }>;
const hookCost: Pick<Fields<HookOutcomeReport>, 'mode' | 'durationMs' | 'fuel'> = {
  mode: orNull(texts<NonNullable<HookOutcomeReport['mode']>>({ active: true, noop: true })),
  ...cost,
};

const hookOutcome = oneOf(
  object<HookOutcomeOf<'ok'>>('HookAnswered', { kind: constant('ok'), ...hookCost, response }, 'HookOutcomeReport'),
  object<HookOutcomeOf<'error'>>(
    'HookFailed',
    {
      kind: constant('error'),
      ...hookCost,
      phase: text,
      upstream: orNull(upstreamCall),
      error: failureReport,
    },
    'HookOutcomeReport',
  ),
);

const counter = object<CounterEvent>('CounterEvent', { name: text, value: count, labels: map(text) });

const calls = oneOf(
  object<DispatchDocument>('DispatchDocument', {
    version,
    generation: constant(1),
    prepared,
    function: text,
    admission: object<FileAdmission>('FileAdmission', admissionFields, 'AdmissionReport'),
    outcome: optional(outcome),
    calls: optional(statistics),
    logs: list(logEvent),
    counters: list(counter),
  }),
  object<HookDispatchDocument>('HookDispatchDocument', {
    version,
    generation: constant(2),
    prepared,
    hook: hookName,
    admission: object<HookFileAdmission>('HookFileAdmission', hookAdmissionFields, 'HookAdmissionReport'),
    outcome: optional(hookOutcome),
    calls: optional(statistics),
  }),
);

const written = { version, generation: constant(1), file: text, bytes: count };
const writing = oneOf(
  object<WrittenIdentity>('WrittenIdentity', { ...written, identity, output: text, writtenBytes: count }),
  object<UnwrittenIdentity>('UnwrittenIdentity', { ...written, error: failureReport }),
);

const preparation = object<PreparationDocument>(
  'PreparationDocument',
  {
    version,
    generation: { enum: [1, 2] },
    file: text,
    bytes: count,
    output: optional(text),
    preparedBytes: optional(count),
    durationMs: time,
    kernel: optional(texts<NonNullable<PreparationDocument['kernel']>>({ linked: true, instance: true })),
    warning: optional(text),
    error: optional(failureReport),
  },
  'Preparation',
);

const newPlugin = object<NewPlugin>('NewPlugin', {
  version,
  language: text,
  kind: text,
  name: text,
  folder: text,
  next: list(text),
  files: list(text),
});

const completion = object<CompletionDocument>('CompletionDocument', {
  version,
  shell: texts<CompletionDocument['shell']>({ bash: true, zsh: true, fish: true }),
  script: text,
});

const vectorCounts = { passed: count, failed: count, unsupported: count };
const layer: Shape = { type: 'string', enum: LAYERS };

const vectors = object<VectorsDocument>(
  'VectorsDocument',
  {
    version: constant(VECTORS_REPORT_VERSION),
    host: text,
    ...vectorCounts,
    layers: list(object<VectorsDocument['layers'][number]>('LayerCounts', { layer, ...vectorCounts }, 'VectorCounts')),
    vectors: list(
      object<VectorReport>('VectorReport', {
        id: text,
        layer,
        rule: text,
        status: texts<VectorReport['status']>({ passed: true, failed: true, unsupported: true }),
        reason: optional(text),
      }),
    ),
  },
  'VectorsReport',
  'VectorCounts',
);

/** What each command prints with `--json`. */
const documents: Readonly<Record<string, readonly Shape[]>> = {
  admit: [admission, filesDocument('AdmissionsDocument', admission)],
  conformance: [verification, series],
  new: [newPlugin],
  inspect: [moduleDocument, filesDocument('ModulesDocument', moduleDocument)],
  dispatch: [calls],
  identity: [writing],
  prepare: [preparation],
  vectors: [vectors],
  completion: [completion],
};

/** The schema of the document of each command, by its path from abi/schemas/ on. */
export const commandSchemas: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries(documents).map(([command, shapes]) => [
    `cli/${command}.schema.json`,
    definitions.schema(command, `cc-lb-plugin ${command} --json`, oneOf(...shapes, errorDocument)),
  ]),
);
