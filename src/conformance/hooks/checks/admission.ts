import { hookStepHint } from '../../../hints/index.ts';
import type { HookStepError, HookStepFailure, HookStepReport } from '../../../hooks/admit.ts';
import type { HookCallFailure } from '../../../hooks/call-error.ts';
import type { HookCompileFailure } from '../../../hooks/compile-error.ts';
import type { HookInspectFailure } from '../../../hooks/inspect-error.ts';
import { type Check, measuredOf } from '../../check.ts';
import { type StepReport, type StepRule, stepChecks } from '../../layer-rules.ts';
import type { HookTestHost } from '../test-host.ts';

/** What a step of admission reports. */
interface AdmissionStep extends StepReport {
  readonly error?: HookStepError | undefined;
  readonly limit?: number | undefined;
}

type Rule = StepRule<HookTestHost, AdmissionStep>;

const inspection: readonly Rule[] = [
  {
    id: 'inspection.generation',
    rule: 'The module speaks the hook ABI, not the protocol over the Extism kernel.',
    anchor: 'the-module',
  },
  {
    id: 'inspection.original',
    rule: 'The bytes are those of the plugin, not those that prepareHooks made of it.',
    anchor: 'the-module',
  },
  {
    id: 'inspection.module',
    rule: 'The bytes are a well-formed core module.',
    anchor: 'the-module',
  },
  {
    id: 'inspection.imports',
    rule: 'The module has no imports.',
    anchor: 'the-module',
  },
  {
    id: 'inspection.export-section',
    rule: 'The exports can be read.',
    anchor: 'exports',
  },
  {
    id: 'inspection.schema-size',
    rule: 'Each section cc_lb.schema.* has 32 bytes.',
    anchor: 'custom-sections',
  },
  {
    id: 'inspection.metadata',
    rule: 'There is a custom section cc_lb.plugin.v1.',
    anchor: 'custom-sections',
  },
  {
    id: 'inspection.metadata-json',
    rule: 'Its payload is the JSON of metadata.',
    anchor: 'metadata',
  },
  {
    id: 'inspection.metadata-rules',
    rule: 'No text of the metadata is blank, at least one hook is declared, and all are known.',
    anchor: 'metadata',
  },
  {
    id: 'inspection.modes',
    rule: 'The mode of filter and shape is active.',
    anchor: 'metadata',
  },
  {
    id: 'inspection.hooks',
    rule: 'The hooks are declared that the slot needs: filter, or shape with both response hooks.',
    anchor: 'inspection-order-of-checks',
  },
  {
    id: 'inspection.exports',
    rule: 'The module exports memory, cc_lb_alloc, cc_lb_free, and a function for each declared hook.',
    anchor: 'exports',
  },
  {
    id: 'inspection.wire-version',
    rule: 'wire_version of each hook is 1.',
    anchor: 'hooks',
  },
  {
    id: 'inspection.schema',
    rule: 'Each declared hook has a section cc_lb.schema.NAME.v1.',
    anchor: 'custom-sections',
  },
  {
    id: 'inspection.fingerprint',
    rule: 'Each fingerprint is that of the request that the host sends.',
    anchor: 'fingerprints',
  },
];

const checkOfInspection: Readonly<Record<HookInspectFailure['kind'], string>> = {
  OtherGeneration: 'inspection.generation',
  AlreadyPrepared: 'inspection.original',
  WasmParseError: 'inspection.module',
  ImportsPresent: 'inspection.imports',
  MalformedExport: 'inspection.export-section',
  SchemaSectionSize: 'inspection.schema-size',
  MissingMetadata: 'inspection.metadata',
  MetadataTooLarge: 'inspection.metadata',
  MalformedMetadata: 'inspection.metadata-json',
  InvalidMetadata: 'inspection.metadata-rules',
  NoopNotAllowed: 'inspection.modes',
  SlotNotAllowed: 'inspection.hooks',
  MissingHook: 'inspection.hooks',
  MissingShape: 'inspection.hooks',
  MissingExport: 'inspection.exports',
  UnknownWireVersion: 'inspection.wire-version',
  MissingSchema: 'inspection.schema',
  FingerprintMismatch: 'inspection.fingerprint',
};

const compiling: readonly Rule[] = [
  {
    id: 'compile.features',
    rule: 'The module uses no addition to WebAssembly that cc-lb switches off.',
    anchor: 'step-2-compiling',
  },
  {
    id: 'compile.engine',
    rule: 'The module uses no addition to WebAssembly that this engine lacks.',
    anchor: 'step-2-compiling',
  },
  {
    id: 'compile.valid',
    rule: 'The module is valid.',
    anchor: 'step-2-compiling',
  },
  {
    id: 'compile.limits',
    rule: 'The module keeps the limits of this host on its structure.',
    anchor: 'budgets',
  },
];

/** The last two have no check: they say nothing about the plugin, and are thrown. */
const checkOfCompiling: Readonly<Record<HookCompileFailure['kind'], string | undefined>> = {
  FeatureRefused: 'compile.features',
  FeatureUnsupported: 'compile.engine',
  MalformedModule: 'compile.valid',
  InvalidModule: 'compile.valid',
  LimitExceeded: 'compile.limits',
  CompilationRefused: undefined,
  NotPrepared: undefined,
};

const probing: readonly Rule[] = [
  {
    id: 'probe.budget',
    rule: 'Each probe returns within 10,000,000 fuel, the start function included.',
    anchor: 'budgets',
    measure: ({ fuel = 0, limit }) => measuredOf(fuel, 'fuel', limit),
    nearHint: 'Do less in the start function, which runs for each call, and for requests without candidates or text.',
  },
  {
    id: 'probe.instance',
    rule: 'The module can be instantiated: its start function returns, and its memory and tables are within bounds.',
    anchor: 'step-3-probes',
  },
  {
    id: 'probe.exports',
    rule: 'cc_lb_alloc is (i32, i32) -> i32, and each hook is (i32, i32) -> i64.',
    anchor: 'exports',
  },
  {
    id: 'probe.allocation',
    rule: 'cc_lb_alloc returns the address of memory for the request.',
    anchor: 'a-call-step-by-step',
  },
  {
    id: 'probe.returns',
    rule: 'Each active hook returns for the probe.',
    anchor: 'step-3-probes',
  },
  {
    id: 'probe.answer',
    rule: 'The answer is not empty, and lies within the memory.',
    anchor: 'a-call-step-by-step',
  },
  {
    id: 'probe.response',
    rule: 'The answer is an archive of the response.',
    anchor: 'archives',
  },
];

/** What the host does, or does wrong, has no check. */
const checkOfProbe: Readonly<Record<HookCallFailure['kind'], string | undefined>> = {
  InvalidRequest: undefined,
  Aborted: undefined,
  DeadlineExceeded: undefined,
  RunnerEnded: undefined,
  Panic: undefined,
  InstantiateFailed: 'probe.instance',
  MissingExport: 'probe.exports',
  ExportType: 'probe.exports',
  GuestTrap: 'probe.returns',
  NoAllocation: 'probe.allocation',
  AllocationOutside: 'probe.allocation',
  EmptyAnswer: 'probe.answer',
  AnswerOutside: 'probe.answer',
  MalformedResponse: 'probe.response',
};

function checkOfCall(failure: HookStepFailure): string | undefined {
  if ('stop' in failure && failure.stop.kind === 'OutOfFuel') return 'probe.budget';
  if (failure.kind === 'GuestTrap' && failure.phase === 'cc_lb_alloc') return 'probe.allocation';
  return checkIn(checkOfProbe, failure);
}

function checkIn(checkOf: Readonly<Record<string, string | undefined>>, { kind }: HookStepFailure): string | undefined {
  return checkOf[kind];
}

const stepOf =
  (step: HookStepReport['step']) =>
  ({ admission }: HookTestHost): AdmissionStep | undefined =>
    admission.steps.find((report) => report.step === step);

/** All probes as one step: the failed one, and the most fuel that one burnt. */
function probeOf({ admission, options }: HookTestHost): AdmissionStep {
  const probes = admission.steps.filter(({ step }) => step === 'probe');
  const error = probes.find((probe) => probe.error !== undefined)?.error;
  const fuel = Math.max(0, ...probes.map((probe) => probe.fuel ?? 0));
  return { error, fuel, limit: options.limits.probe.fuel };
}

function hintOfStep(step: HookStepReport['step'], error: HookStepError | undefined): string | undefined {
  return error && hookStepHint({ step, error });
}

/** The id of the check of the last rule of inspection. */
export const INSPECTED = 'inspection.fingerprint';

/** The id of the check of the last rule of admission. */
export const HOOKS_ADMITTED = 'probe.response';

/** The checks of inspection. */
export const inspectionChecks: readonly Check<HookTestHost>[] = stepChecks<HookTestHost, AdmissionStep>({
  rules: inspection,
  reportOf: stepOf('inspect'),
  checkOf: (failure) => checkIn(checkOfInspection, failure),
  hintOf: ({ error }) => hintOfStep('inspect', error),
  before: [],
});

/** The checks of compiling and of the probes. */
export const admissionChecks: readonly Check<HookTestHost>[] = [
  ...stepChecks<HookTestHost, AdmissionStep>({
    rules: compiling,
    reportOf: stepOf('compile'),
    checkOf: (failure) => checkIn(checkOfCompiling, failure),
    hintOf: ({ error }) => hintOfStep('compile', error),
    before: [INSPECTED],
  }),
  ...stepChecks<HookTestHost, AdmissionStep>({
    rules: probing,
    reportOf: probeOf,
    checkOf: checkOfCall,
    hintOf: ({ error }) => hintOfStep('probe', error),
    before: ['compile.limits'],
  }),
];
