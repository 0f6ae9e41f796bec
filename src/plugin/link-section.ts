import {
  isCount,
  isFunctionType,
  isListOf,
  isObjectOf,
  isOptional,
  isText,
  isTupleOf,
  type Shape,
} from '../section-shape.ts';
import { versionFault } from '../section-version.ts';
import { EXTERNAL_KINDS } from '../wasm/grammar/externals.ts';
import { type ExternalKind, type FunctionType, readJsonSection } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
import type { PluginImport } from './external.ts';

/** What the host needs to know of a linked plugin. */
export interface LinkInfo {
  /** The module name of the kernel functions in JavaScript. No import of the plugin has it. */
  readonly importModule: string;
  /** The prefix of the kernel's exports. No export of the plugin begins with it. */
  readonly exportPrefix: string;
  /** The name under which the start function is exported; `undefined` if there is none. */
  readonly start: string | undefined;
  /**
   * What the plugin imports, in its order, with the types of functions: engines do not give them,
   * and do not check them, since an adapter accepts any JavaScript function. Functions of one type
   * share its object.
   */
  readonly imports: readonly PluginImport[];
  /** The types of the kernel functions whose names the plugin imports, by name. */
  readonly kernelTypes: ReadonlyMap<string, FunctionType>;
}

/** The custom section that holds the {@link LinkInfo}, as JSON. */
export const LINK_SECTION = 'cc_lb.kernel.v1';

/** The version of the contents. The `v1` in the name of the section never changes. */
const VERSION = 4;

/**
 * The contents of the section. Each type occurs once, and imports refer to it by index, so that the
 * section is not longer than the declarations in the module.
 */
interface LinkSection extends Omit<LinkInfo, 'imports' | 'kernelTypes'> {
  readonly version: typeof VERSION;
  readonly types: readonly FunctionType[];
  /** The type of a function, or the kind of another import. */
  readonly imports: readonly (readonly [module: string, name: string, type: number | ExternalKind])[];
  readonly kernelTypes: readonly (readonly [name: string, type: number])[];
}

/**
 * Writes the contents of the section.
 *
 * @returns JSON in UTF-8.
 */
export function writeLinkSection({ imports, kernelTypes, ...info }: LinkInfo): Uint8Array<ArrayBuffer> {
  const indices = new Map<FunctionType, number>();
  const indexOf = (type: FunctionType): number => {
    const index = indices.get(type) ?? indices.size;
    indices.set(type, index);
    return index;
  };
  const indexed = {
    imports: imports.map(
      ({ module, name, kind, type }) => [module, name, type === undefined ? kind : indexOf(type)] as const,
    ),
    kernelTypes: [...kernelTypes].map(([name, type]) => [name, indexOf(type)] as const),
  };
  const section: LinkSection = { version: VERSION, ...info, ...indexed, types: [...indices.keys()] };
  return new TextEncoder().encode(JSON.stringify(section));
}

/**
 * Reads the section of a compiled plugin.
 *
 * @returns what it says; `undefined` if the plugin has no such section, so is not linked.
 * @throws BuildPluginError `NotPrepared` if another version wrote it, or it is damaged.
 */
export function linkOf(module: WebAssembly.Module): LinkInfo | undefined {
  if (WebAssembly.Module.customSections(module, LINK_SECTION).length === 0) return undefined;
  const written = readJsonSection(module, LINK_SECTION);
  const version: unknown = typeof written === 'object' && written !== null && 'version' in written && written.version;
  if (version !== VERSION || !isLinkSection(written))
    throw new BuildPluginError({ kind: 'NotPrepared', reason: versionFault(LINK_SECTION, version, VERSION) });
  // Whether it tells the truth is not checked: a caller who passes a compiled module vouches for it
  // (SECURITY.md).
  const { importModule, exportPrefix, start, types, imports, kernelTypes } = written;
  const typeAt = (index: number): FunctionType => types[index] ?? NO_TYPE;
  return {
    importModule,
    exportPrefix,
    start,
    imports: imports.map(([from, name, type]) =>
      typeof type === 'number'
        ? ({ module: from, name, kind: 'function', type: typeAt(type) } as const)
        : { module: from, name, kind: type, type: undefined },
    ),
    kernelTypes: new Map(kernelTypes.map(([name, type]) => [name, typeAt(type)])),
  };
}

const NO_TYPE: FunctionType = { params: [], results: [] };

const isKind: Shape = (value) => EXTERNAL_KINDS.some((kind) => kind === value);

/** What each field must be. The section may be damaged, and then nothing else would notice. */
const hasFields = /* @__PURE__ */ isObjectOf({
  importModule: isText,
  exportPrefix: isText,
  start: isOptional(isText),
  types: isListOf(isFunctionType),
  imports: isListOf(isTupleOf(isText, isText, (value) => isCount(value) || isKind(value))),
  kernelTypes: isListOf(isTupleOf(isText, isCount)),
} satisfies Readonly<Record<Exclude<keyof LinkSection, 'version'>, Shape>>);

function isLinkSection(written: unknown): written is LinkSection {
  return hasFields(written);
}
