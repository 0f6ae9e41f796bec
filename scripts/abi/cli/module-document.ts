// What `inspect` says of a module.

import type { ModuleDocument } from '../../../src/cli/commands/inspect.ts';
import type {
  AddedImport,
  MeteringAdditions,
  MeteringReport,
  SectionGrowth,
} from '../../../src/inspection/metering-report.ts';
import type {
  ExportReport,
  ImportReport,
  MemoryReport,
  ModuleContents,
  PreparationAdditions,
  ProtocolFunctionReport,
  SectionReport,
} from '../../../src/inspection/module-report.ts';
import { definitions, failureReport, hookFeatures, hookInspection, identity } from './parts.ts';
import { constant, count, type Fields, flag, list, oneOf, optional, text, texts, time } from './shape.ts';

const object = definitions.object.bind(definitions);

const section = object<SectionReport>('SectionReport', {
  id: count,
  name: text,
  customName: optional(text),
  offset: count,
  size: count,
});

type Mismatch = Extract<ImportReport, { provider: 'mismatch' }>;
type Provided = Exclude<ImportReport, { provider: 'mismatch' }>;
const wanted = { module: text, name: text, kind: text, type: text };

const imported = oneOf(
  object<Provided>('ImportReport', {
    ...wanted,
    provider: texts<Provided['provider']>({ kernel: true, host: true, meter: true, lender: true, nobody: true }),
  }),
  object<Mismatch>('MistypedImport', { ...wanted, provider: constant('mismatch'), expected: text }),
);

const exported = object<ExportReport>('ExportReport', {
  name: text,
  kind: text,
  index: optional(count),
  type: optional(text),
});

const contents = object<ModuleContents>('ModuleContents', {
  imports: list(imported),
  exports: list(exported),
  memories: list(
    object<MemoryReport>('MemoryReport', {
      index: count,
      imported: flag,
      minimumPages: count,
      maximumPages: optional(count),
      shared: flag,
      indexType: texts<MemoryReport['indexType']>({ i32: true, i64: true }),
    }),
  ),
  protocolFunctions: list(
    object<ProtocolFunctionReport>('ProtocolFunctionReport', {
      name: text,
      status: texts<ProtocolFunctionReport['status']>({ exported: true, wrongType: true, notExported: true }),
      type: optional(text),
      expected: optional(list(text)),
    }),
  ),
  definedFunctions: count,
  start: optional(count),
});

const metering = oneOf(
  object<MeteringAdditions>('MeteringAdditions', {
    bytesBefore: count,
    bytesAfter: count,
    durationMs: time,
    imports: list(object<AddedImport>('AddedImport', wanted)),
    exports: list(
      object<MeteringAdditions['exports'][number]>('AddedExport', { name: text, kind: text, type: optional(text) }),
    ),
    functions: count,
    globals: count,
    sections: list(
      object<SectionGrowth>('SectionGrowth', { name: text, customName: optional(text), before: count, after: count }),
    ),
  }),
  object<Exclude<MeteringReport, MeteringAdditions>>('MeteringFailure', { error: failureReport }),
);

/** The fields of the document, but its version. */
export const moduleFields: Omit<Fields<ModuleDocument>, 'version'> = {
  file: text,
  generation: optional({ enum: [1, 2] }),
  bytes: count,
  header: { type: 'string', pattern: '^([0-9a-f]{2}( [0-9a-f]{2}){0,7})?$' },
  valid: flag,
  prepared: flag,
  error: optional(failureReport),
  sections: list(section),
  contents: optional(contents),
  preparation: optional(
    object<PreparationAdditions>('PreparationAdditions', { imports: list(imported), exports: list(exported) }),
  ),
  identity: optional(identity),
  identityError: optional(failureReport),
  inspection: optional(hookInspection),
  inspectionError: optional(failureReport),
  features: optional(hookFeatures),
  metering: optional(metering),
};
