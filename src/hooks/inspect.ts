import { recover, translate } from '../failure.ts';
import { generationOf } from '../generation/index.ts';
import { adviceOn, MODULE_BYTES, type ModuleSource, unsharedBytes } from '../module-source.ts';
import { isModule } from '../realms.ts';
import { readModule, readSections, WasmFormatError, type WasmModule } from '../wasm/index.ts';
import { declarationsOf } from './declarations.ts';
import type { HookName } from './hook.ts';
import { HookInspectError } from './inspect-error.ts';
import { inspectPrepared } from './inspect-prepared.ts';
import { checkSlot, type HookInspection, inspectSections } from './inspection.ts';
import { HOOKS_SECTION } from './prepared-section.ts';
import { readHookSections } from './sections.ts';

export type { HookInspection, InspectedHook } from './inspection.ts';

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
  checkSlot(slot);
  if (isModule(wasm)) return { inspection: inspectPrepared(wasm, slot).inspection, module: undefined };
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
  return { inspection: inspectSections(sections, module && declarationsOf(module), slot), module };
}

/** Whether a module has the section that preparation writes, as far as it can be read. */
function hasHooksSection(bytes: Uint8Array): boolean {
  return recover(
    () => [...readSections(bytes)].some(({ name }) => name === HOOKS_SECTION),
    WasmFormatError,
    () => false,
  );
}
