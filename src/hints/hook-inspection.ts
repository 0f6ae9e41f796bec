import { hookNames } from '../hooks/hook.ts';
import type { HookInspectFailure } from '../hooks/inspect-error.ts';
import type { MetadataViolation } from '../hooks/metadata.ts';
import type { JsonDecodeFailure } from '../json/text/decode-error.ts';
import { nearest } from '../nearest.ts';
import { type Hints, hintIn, listed, quoted } from './hint.ts';
import { hookImportHint } from './imports.ts';
import { jsonHint } from './json.ts';
import { fileHint } from './module-file.ts';

const violations: Hints<MetadataViolation> = {
  MissingName: 'Name the plugin in the field name of the metadata.',
  MissingVersion: 'Set the version of the metadata, for instance to 0.1.0.',
  MissingDescription: 'Say in description of the metadata, in a few words, what the plugin does.',
  MissingUsage: 'Say in usage of the metadata, in a few words, how the plugin is configured.',
  NoHooksDeclared: `Declare a hook in hooks: ${listed(hookNames)}.`,
  UnknownHook: ({ hook }) => unknownHook(hook),
  HookMissingDescription: ({ hook }) => `Say in the description of ${quoted(hook)}, in a few words, what it does.`,
  HookMissingUsage: ({ hook }) => `Say in the usage of ${quoted(hook)}, in a few words, how it is configured.`,
};

function unknownHook(name: string): string {
  const near = nearest(name, hookNames);
  return near === undefined
    ? `Declare no hook ${quoted(name)}: the hooks are ${listed(hookNames)}.`
    : `Rename the hook ${quoted(name)} to \`${near}\`.`;
}

function metadataHint(fault: JsonDecodeFailure): string | undefined {
  if (fault.kind === 'Syntax') {
    return (
      'Write one object in JSON with name, version, description, usage and hooks, in UTF-8 without a byte order ' +
      `mark: byte ${fault.offset} must be ${fault.expected}, not ${fault.found}.`
    );
  }
  if (fault.kind !== 'MissingField' || fault.misspelt !== undefined) return jsonHint(fault);
  return (
    `Write ${fault.path}: metadata have name, version, description, usage and hooks, and each hook has wire_version, ` +
    'description, usage and mode. If the section has a magic, it is the identity of generation 1: replace it.'
  );
}

/** What to do about a module that failed inspection. */
const hints: Hints<HookInspectFailure> = {
  OtherGeneration:
    'Admit it as a plugin of generation 1, with admit and verifyPlugin of this package; or build it with ' +
    'cc-lb-pdk-wasmtime, to move it to the hook ABI.',
  AlreadyPrepared: 'Pass the module that the compiler wrote: prepare it after it was verified.',
  WasmParseError: ({ fault }) => fileHint(fault),
  ImportsPresent: ({ first }) =>
    first === undefined
      ? 'Import nothing: no WASI, no functions of the host, and a memory and an allocator of its own.'
      : hookImportHint(first),
  MalformedExport: 'Build the module again, without the tool that edits it after the linker: its exports are damaged.',
  SchemaSectionSize: ({ section, size }) =>
    `Write the 32 raw bytes of the fingerprint into ` +
    `${quoted(section)}${size === 64 ? ', and not its 64 hexadecimal digits' : ''}.`,
  MissingMetadata:
    'Build with cc-lb-pdk-wasmtime, whose macro writes the section cc_lb.plugin.v1. If the source has it, look for a ' +
    'step that strips it: wasm-strip, `wasm-tools strip`, or a way through the text format.',
  MetadataTooLarge:
    'Keep descriptions and usage short, and move other data out of the section: a host reads only the metadata there.',
  MalformedMetadata: ({ fault }) => metadataHint(fault),
  InvalidMetadata: ({ violation }) => hintIn(violations, violation),
  NoopNotAllowed: ({ hook }) =>
    `Set the mode of ${quoted(hook)} to active: only transform_response and transform_sse_event can be noop.`,
  SlotNotAllowed: ({ slot }) =>
    `Admit the plugin for the slot shape: ${quoted(slot)} belongs to it, and has no slot of its own.`,
  MissingHook: ({ hook }) =>
    `Declare and export ${quoted(hook)} ` +
    `too${hook.startsWith('transform_') ? ', with the mode noop if it does nothing' : ''}; or admit the plugin ` +
    `for another slot (--slot).`,
  MissingShape: ({ hook }) => `Declare and export shape beside ${quoted(hook)}, or leave that out.`,
  MissingExport: ({ name, type }) =>
    type === 'memory'
      ? `Export the memory ${quoted(name)} under exactly this name: wasm-ld does, unless --import-memory is set.`
      : `Export the function ${quoted(name)} under exactly this name: cc-lb-pdk-wasmtime does, in C ` +
        `__attribute__((export_name("${name}"))), in Zig export fn with -rdynamic.`,
  UnknownWireVersion: ({ hook }) => `Write 1 as wire_version of ${quoted(hook)}: there is no other version.`,
  MissingSchema: ({ section }) =>
    `Write the fingerprint of the request into a custom section ${quoted(section)}, as cc-lb-pdk-wasmtime does.`,
  FingerprintMismatch: ({ hook }) =>
    `Build with cc-lb-plugin-wire 0.9, which this host has: ${quoted(hook)} was built for another request. ` +
    '`cargo tree -i cc-lb-plugin-wire` says which version is used.',
};

/** Says what to do about a module that failed inspection. */
export function hookInspectionHint(failure: HookInspectFailure): string | undefined {
  return hintIn(hints, failure);
}
