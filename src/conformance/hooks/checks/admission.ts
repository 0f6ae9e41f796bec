import type { HookStepFailure, HookStepReport } from '../../../hooks/admit.ts';
import type { HookCallFailure } from '../../../hooks/call-error.ts';
import type { HookCompileFailure } from '../../../hooks/compile-error.ts';
import type { HookInspectFailure } from '../../../hooks/inspect-error.ts';
import { type Check, measuredOf } from '../../check.ts';
import { type StepReport, type StepRule, stepChecks } from '../../layer-rules.ts';
import type { HookTestHost } from '../test-host.ts';

/** What a step of admission reports. */
interface AdmissionStep extends StepReport {
  readonly error?: { readonly message: string; readonly failure: HookStepFailure } | undefined;
  readonly limit?: number | undefined;
}

type Rule = StepRule<HookTestHost, AdmissionStep>;

const inspection: readonly Rule[] = [
  {
    id: 'inspection.generation',
    rule: 'The module speaks the hook ABI, not the protocol over the Extism kernel.',
    anchor: 'the-module',
    hint: 'Verify it with verifyPlugin. To move it to the hook ABI, build it with cc-lb-pdk-wasmtime.',
  },
  {
    id: 'inspection.original',
    rule: 'The bytes are those of the plugin, not those that prepareHooks made of it.',
    anchor: 'the-module',
    hint: 'Verify the module that the compiler writes, and prepare it afterwards.',
  },
  {
    id: 'inspection.module',
    rule: 'The bytes are a well-formed core module.',
    anchor: 'the-module',
    hint: 'Give the .wasm file that the compiler writes, not a component and not the text format.',
  },
  {
    id: 'inspection.imports',
    rule: 'The module has no imports.',
    anchor: 'the-module',
    hint: 'Build for wasm32-unknown-unknown: no WASI, no functions of the host, memory and allocator of its own.',
  },
  {
    id: 'inspection.export-section',
    rule: 'The exports can be read.',
    anchor: 'exports',
    hint: 'Do not edit the module by hand after the linker has written it.',
  },
  {
    id: 'inspection.schema-size',
    rule: 'Each section cc_lb.schema.* has 32 bytes.',
    anchor: 'custom-sections',
    hint: 'Write the raw bytes of the fingerprint, not hexadecimal digits.',
  },
  {
    id: 'inspection.metadata',
    rule: 'There is a custom section cc_lb.plugin.v1.',
    anchor: 'custom-sections',
    hint: 'Build it with cc-lb-pdk-wasmtime or write the section. Let no tool strip custom sections.',
  },
  {
    id: 'inspection.metadata-json',
    rule: 'Its payload is the JSON of metadata.',
    anchor: 'metadata',
    hint: 'Write an object with name, version, description, usage and hooks, in UTF-8 without a byte order mark.',
  },
  {
    id: 'inspection.metadata-rules',
    rule: 'No text of the metadata is blank, at least one hook is declared, and all are known.',
    anchor: 'metadata',
    hint: 'Say what the plugin and each hook do, and how they are configured, in a few words.',
  },
  {
    id: 'inspection.modes',
    rule: 'The mode of filter and shape is active.',
    anchor: 'metadata',
    hint: 'Only transform_response and transform_sse_event can have the mode noop.',
  },
  {
    id: 'inspection.hooks',
    rule: 'The hooks are declared that the slot needs: filter, or shape with both response hooks.',
    anchor: 'inspection-order-of-checks',
    hint: 'Declare transform_response and transform_sse_event beside shape, with the mode noop if they do nothing.',
  },
  {
    id: 'inspection.exports',
    rule: 'The module exports memory, cc_lb_alloc, cc_lb_free, and a function for each declared hook.',
    anchor: 'exports',
    hint: 'Export them under exactly these names: a hook as cc_lb_ with its name.',
  },
  {
    id: 'inspection.wire-version',
    rule: 'wire_version of each hook is 1.',
    anchor: 'hooks',
    hint: 'Write 1: there is no other version.',
  },
  {
    id: 'inspection.schema',
    rule: 'Each declared hook has a section cc_lb.schema.NAME.v1.',
    anchor: 'custom-sections',
    hint: 'Write the fingerprint of its request into the section.',
  },
  {
    id: 'inspection.fingerprint',
    rule: 'Each fingerprint is that of the request that the host sends.',
    anchor: 'fingerprints',
    hint: 'Build with the version of cc-lb-plugin-wire that the host has: 0.9.',
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
    hint: 'Build without threads, exceptions, tail calls, relaxed SIMD, GC, 64-bit or several memories.',
  },
  {
    id: 'compile.engine',
    rule: 'The module uses no addition to WebAssembly that this engine lacks.',
    anchor: 'step-2-compiling',
    hint: 'cc-lb takes the module. Verify it with an engine that has the addition, or build without it.',
  },
  {
    id: 'compile.valid',
    rule: 'The module is valid.',
    anchor: 'step-2-compiling',
    hint: 'Do not edit the module by hand after the linker has written it.',
  },
  {
    id: 'compile.limits',
    rule: 'The module keeps the limits of this host on its structure.',
    anchor: 'budgets',
    hint: 'Build with optimisation, or raise the limit: option limits, or --limit. cc-lb has no such limits.',
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
    hint: 'Look for an endless loop. Do less in the start function: it runs for each call.',
    measure: ({ fuel = 0, limit }) => measuredOf(fuel, 'fuel', limit),
  },
  {
    id: 'probe.instance',
    rule: 'The module can be instantiated: its start function returns, and its memory and tables are within bounds.',
    anchor: 'step-3-probes',
    hint: 'Start with fewer memory pages and smaller tables, and do not trap in the start function.',
  },
  {
    id: 'probe.exports',
    rule: 'cc_lb_alloc is (i32, i32) -> i32, and each hook is (i32, i32) -> i64.',
    anchor: 'exports',
    hint: 'Pass address and length as two i32, and return address << 32 | length as an i64.',
  },
  {
    id: 'probe.allocation',
    rule: 'cc_lb_alloc returns the address of memory for the request.',
    anchor: 'a-call-step-by-step',
    hint: 'Return an address other than 0 for any size, with the alignment asked for; grow the memory as needed.',
  },
  {
    id: 'probe.returns',
    rule: 'Each active hook returns for the probe.',
    anchor: 'step-3-probes',
    hint: 'Do not panic: the probe of filter has no candidates, and that of transform_sse_event has no text.',
  },
  {
    id: 'probe.answer',
    rule: 'The answer is not empty, and lies within the memory.',
    anchor: 'a-call-step-by-step',
    hint: 'Return address << 32 | length of an answer in memory that is not freed before the hook returns.',
  },
  {
    id: 'probe.response',
    rule: 'The answer is an archive of the response.',
    anchor: 'archives',
    hint: 'Write the answer as a rkyv archive of the response, with the root at its end: cc-lb-pdk-wasmtime does.',
  },
];

/** `InvalidRequest` and `Panic` have no check: they are defects of the host. */
const checkOfProbe: Readonly<Record<HookCallFailure['kind'], string | undefined>> = {
  InvalidRequest: undefined,
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

/** The id of the check of the last rule of inspection. */
export const INSPECTED = 'inspection.fingerprint';

/** The id of the check of the last rule of admission. */
export const HOOKS_ADMITTED = 'probe.response';

/** The checks of inspection. */
export const inspectionChecks: readonly Check<HookTestHost>[] = stepChecks<HookTestHost, AdmissionStep>({
  rules: inspection,
  reportOf: stepOf('inspect'),
  checkOf: (failure) => checkIn(checkOfInspection, failure),
  before: [],
});

/** The checks of compiling and of the probes. */
export const admissionChecks: readonly Check<HookTestHost>[] = [
  ...stepChecks<HookTestHost, AdmissionStep>({
    rules: compiling,
    reportOf: stepOf('compile'),
    checkOf: (failure) => checkIn(checkOfCompiling, failure),
    before: [INSPECTED],
  }),
  ...stepChecks<HookTestHost, AdmissionStep>({
    rules: probing,
    reportOf: probeOf,
    checkOf: checkOfCall,
    before: ['compile.limits'],
  }),
];
