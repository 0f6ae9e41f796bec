import { reasonOf, recover } from '../failure.ts';
import type { Generation } from '../generation/index.ts';
import { HookCompileError } from '../hooks/compile-error.ts';
import { preparedHooks } from '../hooks/prepared-section.ts';
import { hasPreparation } from '../plugin/compile.ts';
import { BuildPluginError, compilePlugin } from '../plugin/index.ts';
import { canLink } from '../plugin/link.ts';
import { readModule, readSections, WasmFormatError } from '../wasm/index.ts';
import { memoriesOf } from './module-types.ts';

/**
 * Whether bytes have a section that preparation writes, so that the library refuses them. False if
 * they are malformed: nothing runs them.
 */
export function isPrepared(bytes: Uint8Array): boolean {
  return recover(
    () => hasPreparation(readSections(bytes)),
    WasmFormatError,
    () => false,
  );
}

/** Prepared bytes as the engine compiled them, or why they cannot be used. */
export type LoadedPreparation = WebAssembly.Module | { readonly unusable: string };

/**
 * Compiles prepared bytes without looking at their code, and believes what their sections say. What
 * the module then does is not bounded by anything.
 *
 * @param bytes for which {@link isPrepared} is true.
 */
export function loadPrepared(bytes: Uint8Array, generation: Generation): LoadedPreparation {
  try {
    const module = new WebAssembly.Module(new Uint8Array(bytes));
    if (generation === 1) compilePlugin(module);
    else preparedHooks(module);
    return module;
  } catch (error) {
    return { unusable: unusable(error, bytes) };
  }
}

function unusable(error: unknown, bytes: Uint8Array): string {
  if (error instanceof BuildPluginError && error.failure.kind === 'NotPrepared') return error.failure.reason;
  if (error instanceof HookCompileError && error.failure.kind === 'NotPrepared') return error.failure.reason;
  if (needsTwoMemories(bytes))
    return 'it has two memories, and this engine supports one: prepare the original with --for node20';
  return reasonOf(error);
}

/** Whether this engine refuses a module for its second memory, which preparation put into it. */
export function needsTwoMemories(bytes: Uint8Array): boolean {
  return !canLink() && countMemories(bytes) > 1;
}

/** How many memories a module has; 0 if it is malformed. */
export function countMemories(bytes: Uint8Array): number {
  return recover(
    () => memoriesOf(readModule(bytes)).length,
    WasmFormatError,
    () => 0,
  );
}
