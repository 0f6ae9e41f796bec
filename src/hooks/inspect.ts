import { translate } from '../failure.ts';
import { generationOf } from '../generation/index.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import { adviceOn, MODULE_BYTES, type ModuleBytes, unsharedBytes } from '../module-source.ts';
import { checkArgument } from '../option-rules.ts';
import { type Hook, type HookName, hookNames, hooks } from './hook.ts';
import { HookInspectError } from './inspect-error.ts';
import { findWarnings, type HookWarning } from './inspect-warnings.ts';
import {
  decodeMetadata,
  findViolation,
  type HookMetadata,
  METADATA_SECTION_NAME,
  type PluginMetadata,
} from './metadata.ts';
import { type HookSections, readHookSections } from './sections.ts';

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

/**
 * Inspects a plugin of the hook ABI, without compiling or running anything. Its code may still be
 * invalid.
 *
 * @param wasm the bytes of a core module.
 * @param slot where the plugin shall run. Without it, the plugin must be right for the hooks that
 * it declares.
 * @returns what the plugin says of itself, with warnings.
 * @throws HookInspectError with the rule that is broken first. TypeError if `wasm` is not bytes, or
 * `slot` is not the name of a hook.
 */
export function inspectHooks(wasm: ModuleBytes, slot?: HookName): HookInspection {
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  checkArgument('slot', slot === undefined || hookNames.includes(slot), `one of ${hookNames.join(', ')}`);
  return translate(
    () => inspect(bytes, slot),
    HookInspectError,
    (_error, options) =>
      generationOf(bytes) === 1 ? new HookInspectError({ kind: 'OtherGeneration' }, options) : undefined,
  );
}

function inspect(bytes: Uint8Array, slot: HookName | undefined): HookInspection {
  const sections = readHookSections(bytes);
  const metadata = readMetadata(sections);
  checkModes(metadata);
  checkHooks(metadata, slot);
  checkExport(sections, 'memory', 'memory', null);
  for (const name of ['cc_lb_alloc', 'cc_lb_free']) checkExport(sections, name, 'function', null);
  const declared = hooks.filter(({ name }) => metadata.hooks[name] !== undefined);
  const inspected = declared.map((hook) => inspectHook(sections, metadata, hook));
  return { metadata, hooks: inspected, warnings: findWarnings(bytes, sections, metadata) };
}

function readMetadata({ custom }: HookSections): PluginMetadata {
  const section = custom.get(METADATA_SECTION_NAME);
  if (section === undefined) throw new HookInspectError({ kind: 'MissingMetadata' });
  const metadata = translate(
    () => decodeMetadata(section.payload),
    JsonDecodeError,
    ({ message: reason, failure: { path, offset } }, options) =>
      new HookInspectError({ kind: 'MalformedMetadata', offset: section.offset + offset, path, reason }, options),
  );
  const violation = findViolation(metadata, hookNames);
  if (violation !== undefined) throw new HookInspectError({ kind: 'InvalidMetadata', violation });
  return metadata;
}

function checkModes(metadata: PluginMetadata): void {
  for (const hook of ['filter', 'shape'] as const)
    if (metadata.hooks[hook]?.mode === 'noop') throw new HookInspectError({ kind: 'NoopNotAllowed', hook });
}

/** The hooks of the response, which belong to `shape`. */
const RESPONSE_HOOKS = ['transform_response', 'transform_sse_event'] as const;

/** Checks that the hooks are declared which the slot needs, or which need each other. */
function checkHooks({ hooks: declared }: PluginMetadata, slot: HookName | undefined): void {
  if (slot === 'transform_response' || slot === 'transform_sse_event')
    throw new HookInspectError({ kind: 'SlotNotAllowed', slot });
  const isShape = slot === 'shape' || (slot === undefined && declared.shape !== undefined);
  const needed: readonly HookName[] = isShape ? ['shape', ...RESPONSE_HOOKS] : slot === 'filter' ? ['filter'] : [];
  for (const hook of needed)
    if (declared[hook] === undefined) throw new HookInspectError({ kind: 'MissingHook', hook });
  if (slot !== undefined || isShape) return;
  for (const hook of RESPONSE_HOOKS)
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

function inspectHook(sections: HookSections, metadata: PluginMetadata, hook: Hook): InspectedHook {
  const { name, wireVersion, exportName, schemaSection } = hook;
  // Only declared hooks are inspected, so there is an entry.
  const { wire_version: version, mode } = metadata.hooks[name] ?? { wire_version: 0, mode: 'active' };
  if (version !== wireVersion) throw new HookInspectError({ kind: 'UnknownWireVersion', hook: name, version });
  checkExport(sections, exportName, 'function', name);
  const section = sections.custom.get(schemaSection);
  if (section === undefined) throw new HookInspectError({ kind: 'MissingSchema', hook: name, section: schemaSection });
  const [expected, found] = [hex(hook.fingerprint()), hex(section.payload)];
  if (found !== expected)
    throw new HookInspectError({ kind: 'FingerprintMismatch', hook: name, offset: section.offset, expected, found });
  return { name, wireVersion, mode, fingerprint: found };
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
