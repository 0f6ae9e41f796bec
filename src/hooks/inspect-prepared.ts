import { generationOfExports } from '../generation/exports.ts';
import type { CompiledHooks } from './compiled.ts';
import type { HookName } from './hook.ts';
import { HookInspectError } from './inspect-error.ts';
import { type HookInspection, inspectSections } from './inspection.ts';
import { readPreparedHooks } from './prepared-section.ts';
import { preparedHookSections } from './prepared-sections.ts';

/** A prepared plugin that passed inspection. */
export interface InspectedPreparation {
  readonly inspection: HookInspection;
  readonly compiled: CompiledHooks;
}

/**
 * Inspects a plugin that was prepared.
 *
 * @throws HookInspectError; HookCompileError `NotPrepared`.
 */
export function inspectPrepared(module: WebAssembly.Module, slot: HookName | undefined): InspectedPreparation {
  if (generationOfExports(WebAssembly.Module.exports(module)) === 1)
    throw new HookInspectError({ kind: 'OtherGeneration' });
  const { compiled, sections } = readPreparedHooks(module);
  const { functions, metering } = compiled;
  return {
    compiled,
    inspection: inspectSections(preparedHookSections(module, sections), { ...metering, functions }, slot),
  };
}
