import { importedFunctions } from '../metering/metering-section.ts';
import type { PluginImport } from './external.ts';
import type { Preparation } from './preparation.ts';

/**
 * Returns what the original of a module imports, in its order.
 *
 * @param preparation what was written into it.
 * @param imports of the module as it is now. The types of functions are known if a section lists
 * them.
 */
export function originalImports(
  { metering, link }: Preparation,
  imports: readonly Pick<PluginImport, 'module' | 'name' | 'kind'>[],
): readonly PluginImport[] {
  if (link !== undefined) return link.imports;
  const types = metering === undefined ? [] : importedFunctions(metering);
  let functions = 0;
  return imports
    .filter(({ module }) => module !== metering?.importModule)
    .map(({ module, name, kind }) => {
      const { params, results, distinct } = (kind === 'function' ? types[functions++] : undefined) ?? {};
      if (params === undefined || results === undefined) return { module, name, kind, type: undefined };
      return { module, name, kind, type: { params, results, ...(distinct && { distinct }) } };
    });
}
