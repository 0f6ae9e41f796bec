import { CustomSections, type HookSections } from './custom-sections.ts';
import { hooks } from './hook.ts';
import { METADATA_SECTION_NAME } from './metadata.ts';

/**
 * Reads the sections of a module that the engine compiled from prepared bytes. What
 * preparation added has none of the names that inspection looks for.
 *
 * @throws HookInspectError `SchemaSectionSize`.
 */
export function preparedHookSections(module: WebAssembly.Module): HookSections {
  const custom = new CustomSections();
  for (const name of [METADATA_SECTION_NAME, ...hooks.map(({ schemaSection }) => schemaSection)])
    for (const payload of WebAssembly.Module.customSections(module, name)) custom.add(name, new Uint8Array(payload), 0);
  return { exports: WebAssembly.Module.exports(module), custom: custom.byName };
}
