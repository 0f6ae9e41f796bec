import { readJsonSection } from '../wasm/index.ts';

/** The custom section that describes the link of a plugin, as JSON. */
export const LINK_SECTION = 'cc_lb.kernel.v1';

/** How many custom sections are listed, and how many characters a name has at most. */
const LISTED_MAX = 1_000;
const NAME_MAX = 32;

/**
 * Picks the names of custom sections that preparation lists: engines do not list any. Each once;
 * long ones are left out.
 *
 * @param names of all custom sections, in their order.
 */
export function listedSections(names: readonly string[]): readonly string[] {
  return [...new Set(names.slice(0, LISTED_MAX).filter((name) => name.length <= NAME_MAX))];
}

/** Returns the names that preparation listed; none if the module is not linked. Never throws. */
export function sectionNamesOf(module: WebAssembly.Module): readonly string[] {
  const written = readJsonSection(module, LINK_SECTION);
  const sections: unknown =
    typeof written === 'object' && written !== null && 'sections' in written ? written.sections : undefined;
  return Array.isArray(sections) ? sections.filter((name) => typeof name === 'string') : [];
}
