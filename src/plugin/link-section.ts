import { type FunctionType, readJsonSection } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';

/**
 * A function that a plugin imports, with its type: the engine does not tell it, and an adapter
 * takes any JavaScript function.
 */
export interface LinkedImport {
  readonly module: string;
  readonly name: string;
  readonly type: FunctionType;
}

/** What the run-time side needs to know of a plugin that the kernel is linked into. */
export interface LinkInfo {
  /**
   * The name under which the module imports the kernel's functions in JavaScript: none of the
   * plugin's imports has it.
   */
  readonly importModule: string;
  /**
   * What stands before the names of the kernel's exports: no export of the plugin begins with it.
   */
  readonly exportPrefix: string;
  /** The name under which it exports what was its start function. */
  readonly start: string | undefined;
  /** The functions that the original imports. Those of one type share it. */
  readonly imports: readonly LinkedImport[];
}

/** The custom section that holds the {@link LinkInfo}, as JSON. */
export const LINK_SECTION = 'cc_lb.kernel.v1';

/** The version of what the section holds. The `v1` in its name is that of the first release. */
const VERSION = 3;

/**
 * The section: each type stands in it once, and imports name it by its index, so that it is no
 * longer than what the module itself declares.
 */
interface LinkSection {
  readonly version: typeof VERSION;
  readonly importModule: string;
  readonly exportPrefix: string;
  readonly start?: string | undefined;
  readonly types: readonly FunctionType[];
  readonly imports: readonly (readonly [module: string, name: string, type: number])[];
}

/** The contents of the section. */
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
 * What the custom section of a compiled plugin says of the kernel in it; `undefined` when there is
 * none.
 *
 * @throws BuildPluginError `InvalidArgument` when another version wrote it.
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
  // This package alone writes the section, with this version, from a value of this type. A forged
  // one is the caller's to keep out: whoever hands in a compiled module vouches for it
  // (SECURITY.md).
  const { importModule, exportPrefix, start, types, imports } = written as LinkSection;
  const typed = imports.map(([from, name, index]) => ({ module: from, name, type: types[index] ?? NO_TYPE }));
  return { importModule, exportPrefix, start, imports: typed };
}

const NO_TYPE: FunctionType = { params: [], results: [] };
