// What the documents of several commands have in common.
import type { HookCallError } from '../../../src/hooks/call-error.ts';
import type { FeatureUse, FeatureUses, RefusedFeature } from '../../../src/hooks/features.ts';
import type { HookName } from '../../../src/hooks/hook.ts';
import type { HookInspection, HookWarning, InspectedHook } from '../../../src/hooks/index.ts';
import { pluginMetadata } from '../../../src/hooks/metadata.ts';
import type { FileAdmission, LocatedLayerReport } from '../../../src/inspection/admission-report.ts';
import type { FailureReport } from '../../../src/inspection/failure-report.ts';
import type { HookFileAdmission, LocatedStepReport } from '../../../src/inspection/hook-admission-report.ts';
import type { StackFrame } from '../../../src/metering/run/trap-stack.ts';
import {
  augmentedMetadata,
  handshakeAccept,
  pluginIdentity,
  pluginSlot,
  selfCheckResponse,
} from '../../../src/protocol/messages/index.ts';
import type { LogEvent, LogLevel } from '../../../src/telemetry.ts';
import { readDescriptions } from '../descriptions.ts';
import { readComments } from './comments.ts';
import {
  anything,
  constant,
  count,
  Definitions,
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

/** The types of all documents. */
export const definitions = new Definitions(readComments(), await readDescriptions());
const object = definitions.object.bind(definitions);

/** Who a plugin of generation 1 says it is. */
export const identity = definitions.wire(pluginIdentity);

const frame = object<StackFrame>('StackFrame', { index: count, function: optional(text) });

/** The fields of a failure differ by its kind. Their types are those of the library. */
const failure: Shape = {
  description: 'All fields of the failure, as the error class of the library declares them. They differ by kind.',
  type: 'object',
  properties: { kind: text },
  required: ['kind'],
};

/** Errors of other classes than those of the library have no failure. */
type PrintedFailure = Omit<FailureReport, 'failure'> & { readonly failure?: unknown };

/** Why something failed, with the fields that the errors of some layers add. */
export const failureReport = object<PrintedFailure>('FailureReport', {
  error: text,
  kind: text,
  message: text,
  byteOffset: optional(count),
  stack: optional(list(frame)),
  said: optional(text),
  hint: optional(text),
  failure: optional(failure),
});

type LayerError = NonNullable<LocatedLayerReport['error']>;
const layerError: Fields<LayerError> = {
  kind: text,
  message: text,
  failure,
  byteOffset: optional(count),
  stack: optional(list(frame)),
  said: optional(text),
  hint: optional(text),
};

const status = texts<LocatedLayerReport['status']>({ passed: true, failed: true, skipped: true });

const layerReport = object<LocatedLayerReport>(
  'LayerReport',
  {
    layer: texts<LocatedLayerReport['layer']>({ identity: true, handshake: true, self_check: true, metadata: true }),
    status,
    durationMs: time,
    fuel: optional(count),
    error: optional(object<LayerError>('LayerError', layerError, 'FailureReport')),
  },
  'LocatedLayerReport',
);

/** The fields of an admission of a plugin of generation 1. */
export const admissionFields: Fields<FileAdmission> = {
  file: text,
  bytes: count,
  admitted: flag,
  compileMs: optional(time),
  layers: list(layerReport),
  clockStood: optional({ const: true, description: 'Present if no deadline could end a call.' }),
  identity: optional(identity),
  accept: optional(definitions.wire(handshakeAccept)),
  slots: optional(list(definitions.wire(pluginSlot))),
  selfCheck: optional(definitions.wire(selfCheckResponse)),
  metadata: optional(definitions.wire(augmentedMetadata)),
};

/** The name of a hook. */
export const hookName = texts<HookName>({
  filter: true,
  shape: true,
  transform_response: true,
  transform_sse_event: true,
});

const inspectedHook = object<InspectedHook>('InspectedHook', {
  name: hookName,
  wireVersion: constant(1),
  mode: texts<InspectedHook['mode']>({ active: true, noop: true }),
  fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
});

type WarningOf<Kind extends HookWarning['kind']> = Extract<HookWarning, { kind: Kind }>;

const warnings: { readonly [Kind in HookWarning['kind']]: Omit<Fields<WarningOf<Kind>>, 'kind'> } = {
  RepeatedSection: { section: text, count },
  MistypedFree: {},
  MistypedHook: { hook: hookName },
  LargeMemory: { pages: count },
  LargeTable: { entries: count },
  UnusedHook: { hook: hookName },
  UnprotectedTypes: { hook: hookName, types: list(text) },
};

const warning = oneOf(
  ...Object.entries(warnings).map(([kind, fields]) => object(kind, { kind: constant(kind), ...fields })),
);

/** What the module of a hook plugin declares. */
export const hookInspection = object<HookInspection>('HookInspection', {
  metadata: definitions.wire(pluginMetadata),
  hooks: list(inspectedHook),
  warnings: list(warning),
});

const featureUse = (name: string, feature: Shape): Shape => object<FeatureUse>(name, { feature, offset: count });

/** The features of WebAssembly that a hook plugin uses and that hosts refuse or may lack. */
export const hookFeatures = object<Partial<Pick<FeatureUses, 'refused' | 'wideArithmetic'>>>(
  'HookFeatures',
  {
    refused: optional(
      featureUse(
        'RefusedFeature',
        texts<RefusedFeature>({
          threads: true,
          memory64: true,
          'multi-memory': true,
          'function references': true,
          'garbage collection': true,
          exceptions: true,
          'tail calls': true,
          'relaxed SIMD': true,
        }),
      ),
    ),
    wideArithmetic: optional(featureUse('WideArithmetic', constant('wide arithmetic'))),
  },
  'FeatureUses',
);

type StepError = NonNullable<LocatedStepReport['error']>;

const stepReport = object<LocatedStepReport>(
  'HookStepReport',
  {
    step: texts<LocatedStepReport['step']>({ inspect: true, compile: true, probe: true }),
    hook: optional(hookName),
    status,
    durationMs: time,
    fuel: optional(count),
    error: optional(
      object<StepError>(
        'HookStepError',
        {
          ...layerError,
          upstream: orNull(
            texts<NonNullable<StepError['upstream']>>({ ModuleRejected: true, ModuleCompile: true, ProbeFailed: true }),
          ),
          hint: optional(text),
        },
        'FailureReport',
        'LocatedStepReport',
      ),
    ),
  },
  'LocatedStepReport',
);

/** The fields of an admission of a hook plugin. */
export const hookAdmissionFields: Fields<HookFileAdmission> = {
  file: text,
  bytes: count,
  admitted: flag,
  steps: list(stepReport),
  clockStood: optional({ const: true, description: 'Present if no deadline could end a call.' }),
  inspection: optional(hookInspection),
};

/** What cc-lb calls the failure of a call of a hook. */
export const upstreamCall = texts<NonNullable<HookCallError['upstream']>>({
  InstantiateFailed: true,
  ModuleRejected: true,
  GuestTrap: true,
});

/** An entry in the log of a plugin. */
export const logEvent = object<LogEvent>('LogEvent', {
  level: texts<LogLevel>({ trace: true, debug: true, info: true, warn: true, error: true }),
  target: text,
  message: text,
  fields: map(text),
});

/** An answer of a plugin: its own schema says what it is. */
export const response = anything(
  'The answer of the plugin, as on the wire: abi/schemas has a schema of that of each function and hook.',
);
