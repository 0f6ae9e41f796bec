import { type FunctionType, readJsonSection } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';

/**
 * A function that a plugin imports, with its type. The type is recorded because engines do not give
 * it, and do not check it: an adapter accepts any JavaScript function.
 */
export interface LinkedImport {
  readonly module: string;
  readonly name: string;
  readonly type: FunctionType;
}

/** What the host needs to know of a linked plugin. */
export interface LinkInfo {
  /** The module name of the kernel functions in JavaScript. No import of the plugin has it. */
  readonly importModule: string;
  /** The prefix of the kernel's exports. No export of the plugin begins with it. */
  readonly exportPrefix: string;
  /** The name under which the start function is exported; `undefined` if there is none. */
  readonly start: string | undefined;
  /** The functions that the plugin imports. Imports of one type share its object. */
  readonly imports: readonly LinkedImport[];
}

/** The custom section that holds the {@link LinkInfo}, as JSON. */
export const LINK_SECTION = 'cc_lb.kernel.v1';

/** The version of the contents. The `v1` in the name of the section never changes. */
const VERSION = 3;

/**
 * The contents of the section. Each type occurs once, and imports refer to it by index, so that the
 * section is not longer than the declarations in the module.
 */
interface LinkSection {
  readonly version: typeof VERSION;
  readonly importModule: string;
  readonly exportPrefix: string;
  readonly start?: string | undefined;
  readonly types: readonly FunctionType[];
  readonly imports: readonly (readonly [module: string, name: string, type: number])[];
}

/**
 * Writes the contents of the section.
 *
 * @returns JSON in UTF-8.
 */
export function writeLinkSection({ imports, ...info }: LinkInfo): Uint8Array<ArrayBuffer> {
  const indices = new Map<FunctionType, number>();
  const indexed = imports.map(({ module, name, type }) => {
    const index = indices.get(type) ?? indices.size;
    indices.set(type, index);
    return [module, name, index] as const;
  });
  const section: LinkSection = { version: VERSION, ...info, types: [...indices.keys()], imports: indexed };
  return new TextEncoder().encode(JSON.stringify(section));
}

/**
 * Reads the section of a compiled plugin.
 *
 * @returns what it says; `undefined` if the plugin has no such section, so is not linked.
 * @throws BuildPluginError `InvalidArgument` if another version wrote it.
 */
export function linkOf(module: WebAssembly.Module): LinkInfo | undefined {
  if (WebAssembly.Module.customSections(module, LINK_SECTION).length === 0) return undefined;
  const written = readJsonSection(module, LINK_SECTION);
  const version: unknown = typeof written === 'object' && written !== null && 'version' in written && written.version;
  if (version !== VERSION) {
    const found = typeof version === 'number' ? `version ${version}` : 'no version';
    const section = `whose section ${LINK_SECTION} has version ${VERSION}, not ${found}`;
    const expected = `a module made from what preparePlugin of this package gives, ${section}`;
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  }
  // Only this package writes this version of the section, from a value of this type. A caller who
  // passes a compiled module vouches for it (SECURITY.md), so a forged section is not checked.
  const { importModule, exportPrefix, start, types, imports } = written as LinkSection;
  const typed = imports.map(([from, name, index]) => ({ module: from, name, type: types[index] ?? NO_TYPE }));
  return { importModule, exportPrefix, start, imports: typed };
}

const NO_TYPE: FunctionType = { params: [], results: [] };
