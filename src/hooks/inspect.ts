import { recover, translate } from '../failure.ts';
import { generationOf } from '../generation/index.ts';
import { encodeHex } from '../hex.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import { adviceOn, MODULE_BYTES, type ModuleSource, unsharedBytes } from '../module-source.ts';
import { checkArgument } from '../option-rules.ts';
import { isModule } from '../realms.ts';
import { readModule, readSections, WasmFormatError, type WasmModule } from '../wasm/index.ts';
import { decodeMetadata } from './decode-metadata.ts';
import { type Hook, type HookName, hookNames, hookSlotKinds, hooks, hooksOfSlot, responseHooks } from './hook.ts';
import { HookInspectError } from './inspect-error.ts';
import { type Declarations, declarationsOf, findWarnings, type HookWarning } from './inspect-warnings.ts';
import { findViolation, type HookMetadata, METADATA_SECTION_NAME, type PluginMetadata } from './metadata.ts';
import { HOOKS_SECTION, preparedHooks } from './prepared-section.ts';
import { type HookSections, preparedHookSections, readHookSections } from './sections.ts';

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
 * @param wasm the bytes of a core module; or a `WebAssembly.Module` made from bytes that
 * `prepareHooks` returned.
 * @param slot the slot for which the plugin is. Without it, the plugin must be right for the hooks
 * that it declares.
 * @returns what the plugin says of itself, with warnings.
 * @throws HookInspectError that names the first broken rule. HookCompileError `NotPrepared` if a
 * `WebAssembly.Module` is not prepared. TypeError if `wasm` is neither bytes nor a module, or if
 * `slot` is not the name of a hook.
 */
export function inspectHooks(wasm: ModuleSource, slot?: HookName): HookInspection {
  return inspectModule(wasm, slot).inspection;
}

/** Makes the error for a value that is neither bytes nor a module. */
export function sourceFault(wasm: unknown): TypeError {
  const expected = `${MODULE_BYTES}, or a WebAssembly.Module made from what prepareHooks returns`;
  return new TypeError(`wasm must be ${expected}${adviceOn(wasm)}`);
}

/** A module that passed inspection. */
export interface InspectedModule {
  readonly inspection: HookInspection;
  /** What was read, if the module was given as bytes and its declarations can be read. */
  readonly module: WasmModule | undefined;
}

/**
 * {@link inspectHooks}, which also returns what it read.
 *
 * @throws what `inspectHooks` throws.
 */
export function inspectModule(wasm: ModuleSource, slot?: HookName): InspectedModule {
  checkArgument('slot', slot === undefined || hookNames.includes(slot), `one of ${hookNames.join(', ')}`);
  if (isModule(wasm)) return { inspection: inspectPrepared(wasm, slot), module: undefined };
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) throw sourceFault(wasm);
  return translate(
    () => inspectBytes(bytes, slot),
    HookInspectError,
    ({ failure }, options) => {
      if (generationOf(bytes) === 1) return new HookInspectError({ kind: 'OtherGeneration' }, options);
      const isPrepared = failure.kind === 'ImportsPresent' && hasHooksSection(bytes);
      return isPrepared ? new HookInspectError({ kind: 'AlreadyPrepared' }, options) : undefined;
    },
  );
}

function inspectBytes(bytes: Uint8Array, slot: HookName | undefined): InspectedModule {
  const sections = readHookSections(bytes);
  // A module whose declarations cannot be read does not compile either.
  const module = recover(
    () => readModule(bytes),
    WasmFormatError,
    () => undefined,
  );
  return { inspection: inspect(sections, module && declarationsOf(module), slot), module };
}

function inspectPrepared(module: WebAssembly.Module, slot: HookName | undefined): HookInspection {
  if (generationOf(module) === 1) throw new HookInspectError({ kind: 'OtherGeneration' });
  const { functions, metering } = preparedHooks(module);
  return inspect(preparedHookSections(module), { ...metering, functions }, slot);
}

/** Whether a module has the section that preparation writes, as far as it can be read. */
function hasHooksSection(bytes: Uint8Array): boolean {
  return recover(
    () => [...readSections(bytes)].some(({ name }) => name === HOOKS_SECTION),
    WasmFormatError,
    () => false,
  );
}

function inspect(
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
  const metadata = translate(
    () => decodeMetadata(section.payload),
    JsonDecodeError,
    ({ message: reason, failure: fault }, options) => {
      const offset = section.offset + fault.offset;
      return new HookInspectError({ kind: 'MalformedMetadata', offset, path: fault.path, reason, fault }, options);
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
