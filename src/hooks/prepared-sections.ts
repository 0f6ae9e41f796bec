import { CustomSections, type HookSections } from './custom-sections.ts';
import type { SectionPlace } from './prepared-section.ts';

/**
 * Reads the sections of a module that the engine compiled from prepared bytes. What preparation
 * added has none of the names that inspection looks for.
 *
 * @param places of the custom sections in the original.
 * @throws HookInspectError `SchemaSectionSize`.
 */
export function preparedHookSections(module: WebAssembly.Module, places: readonly SectionPlace[]): HookSections {
  const custom = new CustomSections();
  for (const { name, offset, count } of places) {
    const last = WebAssembly.Module.customSections(module, name).at(-1);
    if (last !== undefined) custom.add(name, new Uint8Array(last), offset, count);
  }
  return { exports: WebAssembly.Module.exports(module), custom: custom.byName };
}
