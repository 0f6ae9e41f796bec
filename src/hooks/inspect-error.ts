import { FailureError, type FailureMessages } from '../failure.ts';
import type { JsonDecodeFailure } from '../json/text/decode-error.ts';
import type { WasmFormatFailure } from '../wasm/index.ts';
import type { HookName } from './hook.ts';
import type { MetadataViolation } from './metadata.ts';

/** The first import of a module: text of the plugin. */
export interface FirstImport {
  readonly module: string;
  readonly name: string;
}

/**
 * Why a module is not a plugin of the hook ABI. cc-lb reports each as `ModuleRejected`. Offsets are
 * in bytes from the start of the plugin's own module, also of a prepared one.
 *
 * - `OtherGeneration`: the module speaks the older protocol, over the Extism kernel.
 * - `AlreadyPrepared`: the bytes are those that `prepareHooks` returned.
 * - `WasmParseError`: the bytes are not a well-formed module. `fault` says what is wrong with them.
 * - `ImportsPresent`: the module imports something. `count` is how many it declares. `first` is
 *   missing if that import cannot be read.
 * - `MalformedExport`: the export section cannot be read.
 * - `SchemaSectionSize`: a section `cc_lb.schema.*` does not have 32 bytes. `size` is in bytes.
 * - `MissingMetadata`: there is no section `cc_lb.plugin.v1`.
 * - `MetadataTooLarge`: its payload has `size` bytes. Metadata of plugins have a few thousand.
 * - `MalformedMetadata`: its payload is not the JSON of metadata. `fault` has the names and types,
 *   and an offset within the payload.
 * - `InvalidMetadata`: the metadata break a rule.
 * - `NoopNotAllowed`: only the two response hooks can have the mode `noop`.
 * - `SlotNotAllowed`: the response hooks have no slot of their own: they belong to `shape`.
 * - `MissingHook`: the slot, or the hook `shape`, needs a hook that is not declared.
 * - `MissingShape`: a response hook is declared without `shape`.
 * - `MissingExport`: there is no export of that name and kind. `hook` is set if it is for a hook.
 * - `UnknownWireVersion`: the messages of a hook have another version than 1.
 * - `MissingSchema`: a declared hook has no section with its fingerprint.
 * - `FingerprintMismatch`: the plugin was built against other messages. `expected` and `found` are
 *   64 hexadecimal digits.
 */
export type HookInspectFailure =
  | { readonly kind: 'OtherGeneration' }
  | { readonly kind: 'AlreadyPrepared' }
  | {
      readonly kind: 'WasmParseError';
      readonly offset: number;
      readonly reason: string;
      readonly fault: WasmFormatFailure;
    }
  | {
      readonly kind: 'ImportsPresent';
      readonly offset: number;
      readonly count: number;
      readonly first?: FirstImport;
    }
  | { readonly kind: 'MalformedExport'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'SchemaSectionSize'; readonly offset: number; readonly section: string; readonly size: number }
  | { readonly kind: 'MissingMetadata' }
  | { readonly kind: 'MetadataTooLarge'; readonly offset: number; readonly size: number; readonly max: number }
  | {
      readonly kind: 'MalformedMetadata';
      readonly offset: number;
      readonly path: string;
      readonly reason: string;
      readonly fault: JsonDecodeFailure;
    }
  | { readonly kind: 'InvalidMetadata'; readonly violation: MetadataViolation }
  | { readonly kind: 'NoopNotAllowed'; readonly hook: HookName }
  | { readonly kind: 'SlotNotAllowed'; readonly slot: HookName }
  | { readonly kind: 'MissingHook'; readonly hook: HookName }
  | { readonly kind: 'MissingShape'; readonly hook: HookName }
  | {
      readonly kind: 'MissingExport';
      readonly name: string;
      readonly type: 'memory' | 'function';
      readonly hook: HookName | null;
    }
  | { readonly kind: 'UnknownWireVersion'; readonly hook: HookName; readonly version: number }
  | { readonly kind: 'MissingSchema'; readonly hook: HookName; readonly section: string }
  | {
      readonly kind: 'FingerprintMismatch';
      readonly hook: HookName;
      readonly offset: number;
      readonly expected: string;
      readonly found: string;
    };

const violations: { readonly [K in MetadataViolation['kind']]: string } = {
  MissingName: 'the name is blank',
  MissingVersion: 'the version is blank',
  MissingDescription: 'the description is blank',
  MissingUsage: 'the usage is blank',
  NoHooksDeclared: 'no hooks are declared',
  UnknownHook: 'a hook is not known',
  HookMissingDescription: 'the description of a hook is blank',
  HookMissingUsage: 'the usage of a hook is blank',
};

function importText(first: FirstImport | undefined): string {
  return first === undefined ? '' : `, the first is "${first.module}" "${first.name}"`;
}

const messages: FailureMessages<HookInspectFailure> = {
  OtherGeneration: () =>
    'this plugin speaks the older protocol: it exports cc_lb_handshake. Give it to `admit` of the root entry',
  AlreadyPrepared: () =>
    'the bytes are prepared already: pass a WebAssembly.Module made from them, or the original bytes of the plugin',
  WasmParseError: (f) => `the module is not well-formed: ${f.reason}`,
  ImportsPresent: ({ count, offset, first }) =>
    `the module has imports (${count}, at byte ${offset})${importText(first)}, but a hook plugin has none`,
  MalformedExport: (f) => `the exports cannot be read: ${f.reason}`,
  SchemaSectionSize: (f) => `the custom section ${f.section} at byte ${f.offset} has ${f.size} bytes, expected 32`,
  MissingMetadata: () =>
    'the module has no custom section cc_lb.plugin.v1: build it with cc-lb-pdk-wasmtime or write the section',
  MetadataTooLarge: (f) =>
    `the custom section cc_lb.plugin.v1 at byte ${f.offset} has ${f.size} bytes, at most ${f.max} are read`,
  MalformedMetadata: (f) =>
    `the custom section cc_lb.plugin.v1 does not hold metadata (at byte ${f.offset}): ${f.reason}`,
  InvalidMetadata: ({ violation }) =>
    `the metadata are not valid: ${violations[violation.kind]}${'hook' in violation ? ` (${violation.hook})` : ''}`,
  NoopNotAllowed: (f) => `the hook ${f.hook} has the mode noop, which only the response hooks of shape can have`,
  SlotNotAllowed: (f) => `${f.slot} has no slot of its own: it belongs to the slot shape`,
  MissingHook: ({ hook }) =>
    `the metadata do not declare the hook ${hook}, ${
      hook === 'filter' || hook === 'shape'
        ? `so the plugin cannot serve the slot ${hook}`
        : 'which the slot shape needs: declare it, with the mode noop if it changes nothing'
    }`,
  MissingShape: (f) => `the hook ${f.hook} is declared, but not the hook shape that it belongs to`,
  MissingExport: (f) => `the module exports no ${f.type} ${f.name}${f.hook === null ? '' : `, for the hook ${f.hook}`}`,
  UnknownWireVersion: (f) => `the hook ${f.hook} has messages of version ${f.version}, only version 1 is known`,
  MissingSchema: (f) => `the hook ${f.hook} is declared, but there is no custom section ${f.section}`,
  FingerprintMismatch: (f) =>
    `the plugin was built against another ${f.hook} request: its fingerprint is ${f.found}, expected ${f.expected}`,
};

/**
 * A module that is not a plugin of the hook ABI. `cause` is the underlying error, if there is one.
 */
export class HookInspectError extends FailureError<HookInspectFailure> {
  override readonly name = 'HookInspectError';
  /** What cc-lb calls each of these failures. */
  readonly upstream = 'ModuleRejected';

  protected override get messages(): FailureMessages<HookInspectFailure> {
    return messages;
  }
}
