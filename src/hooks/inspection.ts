import { translate } from '../failure.ts';
import { encodeHex } from '../hex.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import { checkArgument } from '../option-rules.ts';
import { decodeMetadata } from './decode-metadata.ts';
import { type Hook, type HookName, hookNames, hookSlotKinds, hooks, hooksOfSlot, responseHooks } from './hook.ts';
import { HookInspectError } from './inspect-error.ts';
import { type Declarations, findWarnings, type HookWarning } from './inspect-warnings.ts';
import {
  findViolation,
  type HookMetadata,
  METADATA_MAX_BYTES,
  METADATA_SECTION_NAME,
  type PluginMetadata,
} from './metadata.ts';
import type { HookSections } from './sections.ts';

/** A hook that a plugin declares. */
export interface InspectedHook {
  readonly name: HookName;
  readonly wireVersion: 1;
  /** A host does not call a hook of mode `noop`. */
  readonly mode: HookMetadata['mode'];
  /** The fingerprint of the request, 64 hexadecimal digits. */
  readonly fingerprint: string;
}

/** What inspection finds in a module. */
export interface HookInspection {
  readonly metadata: PluginMetadata;
  /** The declared hooks, in the order of their names. */
  readonly hooks: readonly InspectedHook[];
  /** What cc-lb accepts and an author will regret. */
  readonly warnings: readonly HookWarning[];
}

/** @throws TypeError if a slot is not the name of a hook. */
export function checkSlot(slot: HookName | undefined): void {
  checkArgument('slot', slot === undefined || hookNames.includes(slot), `one of ${hookNames.join(', ')}`);
}

/**
 * Inspects the sections of a module.
 *
 * @param declarations `undefined` if they cannot be read.
 * @throws HookInspectError that names the first broken rule.
 */
export function inspectSections(
  sections: HookSections,
  declarations: Declarations | undefined,
  slot: HookName | undefined,
): HookInspection {
  const metadata = readMetadata(sections);
  checkModes(metadata);
  checkHooks(metadata, slot);
  checkExport(sections, 'memory', 'memory', null);
  for (const name of ['cc_lb_alloc', 'cc_lb_free']) checkExport(sections, name, 'function', null);
  const inspected = hooks.flatMap((hook) => {
    const declared = metadata.hooks[hook.name];
    return declared === undefined ? [] : [inspectHook(sections, declared, hook)];
  });
  return { metadata, hooks: inspected, warnings: findWarnings(sections, metadata, declarations) };
}

function readMetadata({ custom }: HookSections): PluginMetadata {
  const section = custom.get(METADATA_SECTION_NAME);
  if (section === undefined) throw new HookInspectError({ kind: 'MissingMetadata' });
  const { offset, payload } = section;
  const [size, max] = [payload.length, METADATA_MAX_BYTES];
  if (size > max) throw new HookInspectError({ kind: 'MetadataTooLarge', offset, size, max });
  const metadata = translate(
    () => decodeMetadata(payload),
    JsonDecodeError,
    ({ message: reason, failure: fault }, options) => {
      const at = offset + fault.offset;
      return new HookInspectError({ kind: 'MalformedMetadata', offset: at, path: fault.path, reason, fault }, options);
    },
  );
  const violation = findViolation(metadata, hookNames);
  if (violation !== undefined) throw new HookInspectError({ kind: 'InvalidMetadata', violation });
  return metadata;
}

function checkModes(metadata: PluginMetadata): void {
  for (const hook of hookSlotKinds)
    if (metadata.hooks[hook]?.mode === 'noop') throw new HookInspectError({ kind: 'NoopNotAllowed', hook });
}

/** Checks that the plugin declares all hooks that its slot, or another of its hooks, needs. */
function checkHooks({ hooks: declared }: PluginMetadata, slot: HookName | undefined): void {
  if (slot !== undefined && responseHooks.includes(slot)) throw new HookInspectError({ kind: 'SlotNotAllowed', slot });
  const isShape = slot === 'shape' || (slot === undefined && declared.shape !== undefined);
  const needed = isShape ? hooksOfSlot.shape : slot === 'filter' ? hooksOfSlot.filter : [];
  for (const hook of needed)
    if (declared[hook] === undefined) throw new HookInspectError({ kind: 'MissingHook', hook });
  if (slot !== undefined || isShape) return;
  for (const hook of responseHooks)
    if (declared[hook] !== undefined) throw new HookInspectError({ kind: 'MissingShape', hook });
}

function checkExport(
  { exports }: HookSections,
  name: string,
  type: 'memory' | 'function',
  hook: HookName | null,
): void {
  if (!exports.some((candidate) => candidate.name === name && candidate.kind === type))
    throw new HookInspectError({ kind: 'MissingExport', name, type, hook });
}

function inspectHook(sections: HookSections, declared: HookMetadata, hook: Hook): InspectedHook {
  const { name, wireVersion, exportName, schemaSection } = hook;
  const { wire_version: version, mode } = declared;
  if (version !== wireVersion) throw new HookInspectError({ kind: 'UnknownWireVersion', hook: name, version });
  checkExport(sections, exportName, 'function', name);
  const section = sections.custom.get(schemaSection);
  if (section === undefined) throw new HookInspectError({ kind: 'MissingSchema', hook: name, section: schemaSection });
  const [expected, found] = [encodeHex(hook.fingerprint()), encodeHex(section.payload)];
  if (found !== expected)
    throw new HookInspectError({ kind: 'FingerprintMismatch', hook: name, offset: section.offset, expected, found });
  return { name, wireVersion, mode, fingerprint: found };
}
