import { readJsonSection } from '../wasm/grammar/custom-sections.ts';

/** The custom section that holds the `MeteringInfo`, as JSON. */
export const METERING_SECTION = 'cc_lb.metering';

/** How many custom sections are listed, and how many characters a name has at most. */
const LISTED_MAX = 1_000;
const NAME_MAX = 32;

/**
 * Picks the names of custom sections that a metered module lists, since engines do not: each once,
 * without long ones.
 *
 * @param names of all custom sections, in their order.
 */
export function listedSections(names: readonly string[]): readonly string[] {
  return [...new Set(names.slice(0, LISTED_MAX).filter((name) => name.length <= NAME_MAX))];
}

/** Returns the names that a metered module lists; none if it is not metered. Never throws. */
export function sectionNamesOf(module: WebAssembly.Module): readonly string[] {
  const written = readJsonSection(module, METERING_SECTION);
  const sections: unknown =
    typeof written === 'object' && written !== null && 'customSections' in written ? written.customSections : undefined;
  return Array.isArray(sections) ? sections.filter((name) => typeof name === 'string') : [];
}
