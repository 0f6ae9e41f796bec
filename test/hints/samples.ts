import type { ArchiveDecodeFailureKind } from '../../src/hooks/archive/decode-error.ts';
import type { HookCallFailure, StopReason } from '../../src/hooks/call-error.ts';
import type { HookCompileFailure } from '../../src/hooks/compile-error.ts';
import type { RefusedFeature } from '../../src/hooks/features.ts';
import type { HookInspectFailure } from '../../src/hooks/inspect-error.ts';
import type { MetadataViolation } from '../../src/hooks/metadata.ts';
import type { JsonDecodeFailure } from '../../src/json/text/decode-error.ts';
import type { BuildFailure } from '../../src/plugin/build-error.ts';
import type { CallFailure } from '../../src/plugin/call-error.ts';
import type { DispatchFailure } from '../../src/protocol/dispatch.ts';
import type { HandshakeExecutionFailure, HandshakeViolation } from '../../src/protocol/handshake.ts';
import type { IdentityReadFailure, IdentityViolation } from '../../src/protocol/identity.ts';
import type { MetadataFailure } from '../../src/protocol/metadata.ts';
import type { SelfCheckExecutionFailure, SelfCheckViolation } from '../../src/protocol/self-check.ts';
import type { FileKind, WasmFormatFailure } from '../../src/wasm/index.ts';

/** A failure of each kind, or why the failures of a kind have no hint. */
export type Samples<F extends { readonly kind: string }> = {
  readonly [K in F['kind']]: readonly (F & { readonly kind: K })[] | 'about the host';
};

/** All failures of a table. */
export function allOf<F extends { readonly kind: string }>(samples: Samples<F>): readonly F[] {
  // The values of the table are failures of F.
  const rows = Object.values(samples) as (readonly F[] | 'about the host')[];
  return rows.flatMap((each) => (each === 'about the host' ? [] : each));
}

const use = { unit: 'fuel', used: 10, limit: 10 } as const;
const place = { path: '$.results[0].reason', offset: 9 } as const;
const syntax = { kind: 'Syntax', path: '$', offset: 9, expected: 'a value', found: "'}'" } as const;
const undecoded = { ...place, reason: 'x', fault: syntax };

/** The failures of JSON. One kind has several hints, by what was found. */
export const json: Samples<JsonDecodeFailure> = {
  InvalidUtf8: [{ kind: 'InvalidUtf8', ...place, expected: 'UTF-8', found: 'other bytes' }],
  Syntax: [syntax, { ...syntax, offset: 0, expected: 'a value', found: 'the end of the text' }],
  TooDeep: [{ kind: 'TooDeep', ...place, expected: 'at most 127 levels', found: 'more' }],
  NumberOutOfRange: [{ kind: 'NumberOutOfRange', ...place, expected: 'a float', found: 'more' }],
  WrongType: [
    { kind: 'WrongType', ...place, expected: 'an integer', found: '1.0', foundType: 'float', meant: '1' },
    { kind: 'WrongType', ...place, expected: 'a string', found: 'null', foundType: 'null', expectedType: 'string' },
    { kind: 'WrongType', ...place, expected: 'an array', found: 'null', foundType: 'null', expectedType: 'array' },
    { kind: 'WrongType', ...place, expected: 'an array', found: 'null', foundType: 'null', mayBeMissing: true },
    { kind: 'WrongType', ...place, expected: 'a string', found: 'an array', foundType: 'array' },
  ],
  IntegerOutOfRange: [
    { kind: 'IntegerOutOfRange', ...place, expected: 'an integer from 0 to 1', found: '2', foundType: 'integer' },
  ],
  UnknownVariant: [
    { kind: 'UnknownVariant', ...place, expected: 'x', found: 'y', given: 'yes', known: ['success', 'failure'] },
    {
      kind: 'UnknownVariant',
      ...place,
      expected: 'x',
      found: 'y',
      given: 'succes',
      known: ['success'],
      meant: 'success',
    },
  ],
  UnknownField: [
    { kind: 'UnknownField', ...place, expected: 'x', found: 'y', field: 'score', known: ['reason'] },
    { kind: 'UnknownField', ...place, expected: 'x', found: 'y', field: 'raeson', known: ['reason'], meant: 'reason' },
  ],
  RepeatedField: [{ kind: 'RepeatedField', ...place, expected: 'x', found: 'y', field: 'reason' }],
  MissingField: [
    { kind: 'MissingField', ...place, expected: 'x', found: 'y', field: 'reason' },
    { kind: 'MissingField', ...place, expected: 'x', found: 'y', field: 'reason', misspelt: 'reasn' },
  ],
  WrongLength: [{ kind: 'WrongLength', ...place, expected: 'an array of 8', found: 'an array of 7' }],
};

const fileKinds: Readonly<Record<FileKind, true>> = {
  empty: true,
  wat: true,
  html: true,
  base64: true,
  gzip: true,
  zstd: true,
  zip: true,
  elf: true,
  'mach-o': true,
  windows: true,
  archive: true,
  bitcode: true,
  json: true,
  text: true,
};

/** Failures of reading a file. */
export const files: Samples<WasmFormatFailure> = {
  NotWebAssembly: [
    { kind: 'NotWebAssembly', offset: 0 },
    // The keys of an object literal are those of its type.
    ...(Object.keys(fileKinds) as FileKind[]).map(
      (looksLike) => ({ kind: 'NotWebAssembly', offset: 0, looksLike }) as const,
    ),
  ],
  Component: [{ kind: 'Component', offset: 4 }],
  UnsupportedVersion: [{ kind: 'UnsupportedVersion', offset: 4, version: 2 }],
  UnexpectedEnd: [{ kind: 'UnexpectedEnd', offset: 9, expected: 'a byte' }],
  IntegerTooLong: [{ kind: 'IntegerTooLong', offset: 9, type: 'u32' }],
  IntegerTooLarge: [{ kind: 'IntegerTooLarge', offset: 9, type: 'u32' }],
  MalformedName: [{ kind: 'MalformedName', offset: 9, reason: 'x' }],
  SectionOutOfOrder: [{ kind: 'SectionOutOfOrder', offset: 9, section: 'code' }],
  SectionSizeMismatch: [{ kind: 'SectionSizeMismatch', offset: 9, section: 'code', reason: 'x' }],
  CountMismatch: [{ kind: 'CountMismatch', offset: 9, reason: 'x' }],
  UnknownEncoding: [{ kind: 'UnknownEncoding', offset: 9, expected: 'a section id', found: 99 }],
  LimitExceeded: [{ kind: 'LimitExceeded', offset: 9, reason: 'x' }],
};

const wanted = { module: 'env', name: 'puts', kind: 'function' } as const;

/** Failures of building a plugin. */
export const building: Samples<BuildFailure> = {
  InvalidArgument: 'about the host',
  CompilationRefused: 'about the host',
  NotPrepared: 'about the host',
  OtherGeneration: [{ kind: 'OtherGeneration' }],
  AlreadyPrepared: [{ kind: 'AlreadyPrepared' }],
  MalformedModule: [{ kind: 'MalformedModule', offset: 9, reason: 'x' }],
  InvalidModule: [{ kind: 'InvalidModule', offset: 9, reason: 'x' }],
  LimitExceeded: [
    { kind: 'LimitExceeded', offset: 9, reason: 'x' },
    { kind: 'LimitExceeded', offset: 9, reason: 'x', limit: 'moduleBytes', max: 9 },
    { kind: 'LimitExceeded', offset: 9, reason: 'x', limit: 'calls', max: 9, function: { index: 7 } },
    { kind: 'LimitExceeded', offset: 9, reason: 'x', limit: 'functions', max: 9 },
  ],
  FeatureRefused: [{ kind: 'FeatureRefused', offset: 9, feature: 'shared memory' }],
  OutOfMemory: [{ kind: 'OutOfMemory', reason: 'x' }],
  UnknownImports: [{ kind: 'UnknownImports', imports: [wanted] }],
  ImportNotFunction: [{ kind: 'ImportNotFunction', import: { ...wanted, kind: 'global' } }],
  ImportTypeMismatch: [{ kind: 'ImportTypeMismatch', import: wanted, expected: '() -> i64', found: '() -> i32' }],
  StartAndInitialize: [{ kind: 'StartAndInitialize' }],
  ExportNotFunction: [{ kind: 'ExportNotFunction', name: '_start', found: 'global' }],
  InitializeType: [{ kind: 'InitializeType', found: '(i32) -> ()' }],
  InstantiationFailed: [{ kind: 'InstantiationFailed', reason: 'x' }],
};

/** Failures of calls. */
export const calls: Samples<CallFailure> = {
  Disposed: 'about the host',
  Reentrant: 'about the host',
  InvalidArgument: 'about the host',
  Instantiate: [{ kind: 'Instantiate', reason: 'x' }],
  FunctionNotFound: [{ kind: 'FunctionNotFound', function: 'filter' }],
  HasParameters: [{ kind: 'HasParameters', function: 'filter', params: 1 }],
  TooManyResults: [{ kind: 'TooManyResults', function: 'filter', results: 2 }],
  OutOfFuel: [{ kind: 'OutOfFuel', use }],
  Timeout: [{ kind: 'Timeout' }],
  OutOfMemory: [{ kind: 'OutOfMemory' }, { kind: 'OutOfMemory', use: { ...use, unit: 'table entries' } }],
  StackOverflow: [{ kind: 'StackOverflow' }],
  HostFunction: [{ kind: 'HostFunction', function: 'cc_lb_log', reason: 'x' }],
  KernelFunction: [{ kind: 'KernelFunction', function: 'var_set', reason: 'x' }],
  Trap: [
    { kind: 'Trap', reason: 'unreachable' },
    { kind: 'Trap', reason: 'divide by zero' },
    { kind: 'Trap', reason: 'memory access out of bounds' },
    { kind: 'Trap', reason: 'null function or function signature mismatch' },
    { kind: 'Trap', reason: 'float unrepresentable in integer range' },
    { kind: 'Trap', reason: 'an exception that the plugin threw was not caught' },
    { kind: 'Trap', reason: 'something else' },
  ],
  PluginError: [{ kind: 'PluginError', message: 'no' }],
  ErrorMessageUnreadable: [{ kind: 'ErrorMessageUnreadable' }],
  NonZeroExit: [
    { kind: 'NonZeroExit', code: 3 },
    { kind: 'NonZeroExit', code: -1 },
  ],
  OutputNotUtf8: [{ kind: 'OutputNotUtf8', function: 'filter' }],
};

/** A name or version that breaks each rule. */
const identityViolations: Readonly<Record<IdentityViolation['kind'], string>> = {
  PluginNameEmpty: '',
  PluginNameInvalid: 'Quota Router',
  PluginVersionEmpty: '',
  PluginVersionTooLong: '1.0.0-'.repeat(9),
};

/** Without the failures of a file, which {@link files} has, and of the violations. */
export const identities: Samples<IdentityReadFailure> = {
  WasmParseError: [],
  MissingCustomSection: [{ kind: 'MissingCustomSection' }, { kind: 'MissingCustomSection', near: 'cc-lb.plugin.v1' }],
  DuplicateCustomSection: [{ kind: 'DuplicateCustomSection' }],
  SectionTooLarge: [{ kind: 'SectionTooLarge', size: 70_000 }],
  MalformedPayload: [
    { kind: 'MalformedPayload', ...undecoded },
    {
      kind: 'MalformedPayload',
      ...undecoded,
      fault: { kind: 'WrongType', ...place, path: '$.magic', expected: 'x', found: 'y', foundType: 'string' },
    },
  ],
  MagicMismatch: [{ kind: 'MagicMismatch', expected: [204], found: [1] }],
  // The keys of an object literal are those of its type.
  Validation: (Object.keys(identityViolations) as IdentityViolation['kind'][]).map((kind) => ({
    kind: 'Validation',
    violation: { kind },
    found: identityViolations[kind],
  })),
};

/** Failures of writing the record of a plugin. */
export const records: Samples<MetadataFailure> = {
  IdentityValidationFailed: 'about the host',
  InvalidTimestamp: [
    { kind: 'InvalidTimestamp', field: 'self_check_completed_at' },
    { kind: 'InvalidTimestamp', field: 'handshake_completed_at' },
  ],
  ExpirationBeforeHandshake: 'about the host',
  NoNegotiatedFunctions: [{ kind: 'NoNegotiatedFunctions' }],
  SizeLimitExceeded: [{ kind: 'SizeLimitExceeded', bytes: 9, max: 8 }],
  SerializationFailed: 'about the host',
};

const accepts: Samples<HandshakeViolation> = {
  FunctionCountExceeded: 'about the host',
  FunctionVersionCountExceeded: 'about the host',
  VersionOutOfRange: 'about the host',
  CapabilityCountExceeded: 'about the host',
  HandshakeSchemaVersionMismatch: [{ kind: 'HandshakeSchemaVersionMismatch', got: 2, expected: 1 }],
  ChosenForUnknownFunction: [
    { kind: 'ChosenForUnknownFunction', function: 'router' },
    { kind: 'ChosenForUnknownFunction', function: 'filter' },
  ],
  ChosenVersionNotOffered: [{ kind: 'ChosenVersionNotOffered', function: 'filter', version: 9 }],
  DowngradeAttempt: [{ kind: 'DowngradeAttempt', function: 'filter', chosen: 1, maxIntersection: 2 }],
  RequiredCapabilityUnavailable: [{ kind: 'RequiredCapabilityUnavailable', capability: 'network' }],
};

const unknownVersion = { kind: 'UnknownField', ...place, expected: 'x', found: 'y', field: '_v', known: [] } as const;

/** Without what a handshake shares with building and calls. */
export const handshakes: Samples<HandshakeExecutionFailure> = {
  Validation: allOf(accepts).map((violation) => ({ kind: 'Validation', violation })),
  Instantiate: [],
  MissingHandshakeExport: [{ kind: 'MissingHandshakeExport' }],
  SerializeOffer: 'about the host',
  Timeout: [
    { kind: 'Timeout', call: { kind: 'OutOfFuel', use } },
    { kind: 'Timeout', call: { kind: 'Timeout' } },
    { kind: 'Timeout', call: { kind: 'PluginError', message: 'deadline' } },
  ],
  Call: [{ kind: 'Call', reason: 'no', call: { kind: 'PluginError', message: 'no' } }],
  OutputTooLarge: [{ kind: 'OutputTooLarge', bytes: 9, max: 8 }],
  DecodeAccept: [{ kind: 'DecodeAccept', ...undecoded, fault: unknownVersion }],
  ImplementedFunctionCountExceeded: [{ kind: 'ImplementedFunctionCountExceeded', count: 17, max: 16 }],
  ImplementedUnknownFunction: [{ kind: 'ImplementedUnknownFunction', function: 'router' }],
  SupportedUnknownFunction: [{ kind: 'SupportedUnknownFunction', function: 'router' }],
  SupportedVersionOutOfRange: [
    { kind: 'SupportedVersionOutOfRange', function: 'filter', version: 0, min: 1, max: 65_535 },
  ],
  ChosenFunctionNotImplemented: [{ kind: 'ChosenFunctionNotImplemented', function: 'filter' }],
  ChosenVersionNotSupported: [{ kind: 'ChosenVersionNotSupported', function: 'filter', version: 1 }],
  DeclaredFunctionMissing: [
    { kind: 'DeclaredFunctionMissing', function: 'filter' },
    { kind: 'DeclaredFunctionMissing', function: 'filter', found: 'function (i32) -> (i32)' },
  ],
  UndeclaredExport: [{ kind: 'UndeclaredExport', function: 'filter' }],
};

const responses: Samples<SelfCheckViolation> = {
  EmptyRequest: 'about the host',
  TooManyFunctions: [{ kind: 'TooManyFunctions', count: 17, max: 16 }],
  InvalidTimestamp: [{ kind: 'InvalidTimestamp', field: 'completed_at' }],
};

/** Without what a self-check shares with building and calls. */
export const selfChecks: Samples<SelfCheckExecutionFailure> = {
  Validation: allOf(responses).map((violation) => ({ kind: 'Validation', violation })),
  Instantiate: [],
  MissingSelfCheckExport: [{ kind: 'MissingSelfCheckExport' }],
  Clock: 'about the host',
  SerializeRequest: 'about the host',
  Call: [
    { kind: 'Call', reason: 'no', call: { kind: 'PluginError', message: 'no' } },
    { kind: 'Call', reason: 'no', call: { kind: 'OutOfFuel' } },
    { kind: 'Call', reason: 'no', call: { kind: 'Timeout' } },
  ],
  OutputTooLarge: [{ kind: 'OutputTooLarge', bytes: 9, max: 8 }],
  DecodeResponse: [{ kind: 'DecodeResponse', ...undecoded, fault: unknownVersion }],
  SuccessWithFailures: [{ kind: 'SuccessWithFailures', count: 1 }],
  FailureWithoutFailures: [{ kind: 'FailureWithoutFailures' }],
  FailureStatus: [{ kind: 'FailureStatus', failures: 1 }],
};

/** Without what a dispatch shares with calls and JSON. */
export const dispatches: Samples<DispatchFailure> = {
  MissingNegotiatedVersion: [{ kind: 'MissingNegotiatedVersion' }],
  RequestValue: 'about the host',
  RequestNotObject: 'about the host',
  SerializeRequestEnvelope: 'about the host',
  PluginCall: [],
  DeserializeResponseEnvelope: [],
  ResponseNotObject: [{ kind: 'ResponseNotObject', foundType: 'array' }],
  ResponseVersionMissing: [{ kind: 'ResponseVersionMissing', expected: 1 }],
  ResponseVersionInvalid: [
    {
      kind: 'ResponseVersionInvalid',
      expected: 1,
      ...undecoded,
      fault: { kind: 'WrongType', ...place, expected: 'an integer', found: '1.0', foundType: 'float', meant: '1' },
    },
  ],
  ResponseVersionMismatch: [{ kind: 'ResponseVersionMismatch', expected: 1, actual: 2 }],
  ResponseDecode: [],
  Aborted: 'about the host',
  DeadlineExceeded: 'about the host',
  RunnerEnded: 'about the host',
  Panic: 'about the host',
};

const metadataRules: Readonly<Record<MetadataViolation['kind'], MetadataViolation>> = {
  MissingName: { kind: 'MissingName' },
  MissingVersion: { kind: 'MissingVersion' },
  MissingDescription: { kind: 'MissingDescription' },
  MissingUsage: { kind: 'MissingUsage' },
  NoHooksDeclared: { kind: 'NoHooksDeclared' },
  UnknownHook: { kind: 'UnknownHook', hook: 'filtre' },
  HookMissingDescription: { kind: 'HookMissingDescription', hook: 'filter' },
  HookMissingUsage: { kind: 'HookMissingUsage', hook: 'filter' },
};

/** Without what inspection shares with files and JSON. */
export const inspections: Samples<HookInspectFailure> = {
  OtherGeneration: [{ kind: 'OtherGeneration' }],
  AlreadyPrepared: [{ kind: 'AlreadyPrepared' }],
  WasmParseError: [],
  ImportsPresent: [
    { kind: 'ImportsPresent', offset: 8, count: 1 },
    { kind: 'ImportsPresent', offset: 8, count: 1, first: { module: 'extism:host/env', name: 'alloc' } },
  ],
  MalformedExport: [{ kind: 'MalformedExport', offset: 8, reason: 'x' }],
  SchemaSectionSize: [{ kind: 'SchemaSectionSize', offset: 8, section: 'cc_lb.schema.filter.v1', size: 64 }],
  MissingMetadata: [{ kind: 'MissingMetadata' }],
  MetadataTooLarge: [{ kind: 'MetadataTooLarge', offset: 8, size: 1_048_577, max: 1_048_576 }],
  MalformedMetadata: [{ kind: 'MalformedMetadata', ...undecoded }],
  InvalidMetadata: Object.values(metadataRules).map((violation) => ({ kind: 'InvalidMetadata', violation })),
  NoopNotAllowed: [{ kind: 'NoopNotAllowed', hook: 'filter' }],
  SlotNotAllowed: [{ kind: 'SlotNotAllowed', slot: 'transform_response' }],
  MissingHook: [{ kind: 'MissingHook', hook: 'transform_response' }],
  MissingShape: [{ kind: 'MissingShape', hook: 'transform_response' }],
  MissingExport: [
    { kind: 'MissingExport', name: 'memory', type: 'memory', hook: null },
    { kind: 'MissingExport', name: 'cc_lb_alloc', type: 'function', hook: null },
  ],
  UnknownWireVersion: [{ kind: 'UnknownWireVersion', hook: 'filter', version: 2 }],
  MissingSchema: [{ kind: 'MissingSchema', hook: 'filter', section: 'cc_lb.schema.filter.v1' }],
  FingerprintMismatch: [{ kind: 'FingerprintMismatch', hook: 'filter', offset: 8, expected: 'aa', found: 'bb' }],
};

const features: Readonly<Record<RefusedFeature, true>> = {
  threads: true,
  memory64: true,
  'multi-memory': true,
  'function references': true,
  'garbage collection': true,
  exceptions: true,
  'tail calls': true,
  'relaxed SIMD': true,
};

/** Failures of compiling a hook plugin. */
export const compilations: Samples<HookCompileFailure> = {
  // The keys of an object literal are those of its type.
  FeatureRefused: (Object.keys(features) as RefusedFeature[]).map((feature) => ({
    kind: 'FeatureRefused',
    feature,
    offset: 8,
  })),
  FeatureUnsupported: [{ kind: 'FeatureUnsupported', feature: 'wide arithmetic', offset: 8 }],
  MalformedModule: [{ kind: 'MalformedModule', offset: 8, reason: 'x' }],
  InvalidModule: [{ kind: 'InvalidModule', reason: 'x' }],
  LimitExceeded: [{ kind: 'LimitExceeded', offset: 8, reason: 'x' }],
  CompilationRefused: [{ kind: 'CompilationRefused', reason: 'x' }],
  NotPrepared: 'about the host',
};

const archives: Readonly<Record<ArchiveDecodeFailureKind, true>> = {
  TooShort: true,
  OutsideArchive: true,
  OutOfOrder: true,
  Misaligned: true,
  TooManyElements: true,
  InvalidUtf8: true,
  UnknownTag: true,
};

const stops: Readonly<Record<StopReason['kind'], StopReason>> = {
  OutOfFuel: { kind: 'OutOfFuel', use },
  Timeout: { kind: 'Timeout' },
  OutOfMemory: { kind: 'OutOfMemory' },
  StackOverflow: { kind: 'StackOverflow' },
  Trap: { kind: 'Trap', reason: 'unreachable' },
  Engine: { kind: 'Engine', reason: 'x' },
};

/** Without what stops code in a call of generation 1 too. */
export const hookCalls: Samples<HookCallFailure> = {
  InvalidRequest: 'about the host',
  InstantiateFailed: [
    { kind: 'InstantiateFailed', stop: stops.OutOfFuel },
    { kind: 'InstantiateFailed', stop: stops.OutOfMemory },
    { kind: 'InstantiateFailed', stop: stops.Engine },
  ],
  MissingExport: [{ kind: 'MissingExport', name: 'cc_lb_filter' }],
  ExportType: [{ kind: 'ExportType', name: 'cc_lb_filter', expected: 'i32,i32 -> i64', found: '-> i32' }],
  GuestTrap: [],
  NoAllocation: [{ kind: 'NoAllocation', size: 7 }],
  AllocationOutside: [{ kind: 'AllocationOutside', address: 8, size: 7, memoryBytes: 9 }],
  EmptyAnswer: [{ kind: 'EmptyAnswer', address: 8, size: 0 }],
  AnswerOutside: [{ kind: 'AnswerOutside', address: 8, size: 7, memoryBytes: 9 }],
  // The keys of an object literal are those of its type.
  MalformedResponse: (Object.keys(archives) as ArchiveDecodeFailureKind[]).map((kind) => ({
    kind: 'MalformedResponse',
    ...place,
    reason: 'x',
    fault: { kind, ...place, expected: 'x', found: 'y' },
  })),
  Aborted: 'about the host',
  DeadlineExceeded: 'about the host',
  RunnerEnded: 'about the host',
  Panic: 'about the host',
};

/** What stops the code of a hook. */
export const stopped: readonly HookCallFailure[] = Object.values(stops).map((stop) => ({
  kind: 'GuestTrap',
  phase: 'cc_lb_filter',
  stop,
}));
