import type { Section } from './sections.ts';

/** A custom section: its offset and contents. */
export interface CustomSection {
  readonly name: string;
  /** The offset of the section's id byte, in bytes from the start of the module. */
  readonly offset: number;
  /** A view of its contents, without the name. */
  readonly contents: Uint8Array;
}

/**
 * Finds the custom sections among sections.
 *
 * @param bytes of the module.
 * @param sections of the module.
 * @returns the custom sections, in the order of the bytes.
 */
export function customSections(bytes: Uint8Array, sections: Iterable<Section>): CustomSection[] {
  const found: CustomSection[] = [];
  for (const section of sections) {
    if (section.name === undefined) continue;
    const contents = bytes.subarray(section.contentOffset, section.end);
    found.push({ name: section.name, offset: section.offset, contents });
  }
  return found;
}

/**
 * Reads a custom section of a compiled module as JSON.
 *
 * @param module the compiled module.
 * @param name of the section. The first one of that name is read.
 * @returns what the JSON says; `undefined` if there is no such section, or it is not JSON.
 */
export function readJsonSection(module: WebAssembly.Module, name: string): unknown {
  const [section] = WebAssembly.Module.customSections(module, name);
  if (section === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(section));
  } catch {
    return undefined;
  }
}
