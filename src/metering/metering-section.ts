import { isCount, isFunctionType, isListOf, isObjectOf, isOptional, isText, type Shape } from '../section-shape.ts';
import { versionFault } from '../section-version.ts';
import { type FunctionType, readJsonSection } from '../wasm/index.ts';
import type { MeterGlobalName } from './layout.ts';
import { METERING_SECTION } from './section-names.ts';

/** A function that a module imports. `type` is an index into {@link MeteringInfo.types}. */
export interface MeteredImport {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

/** A function that a module exports. `type` is an index into {@link MeteringInfo.types}. */
export interface MeteredExport {
  readonly name: string;
  readonly type: number;
}

/** A function that a module imports, with its type. */
export interface ImportedFunction extends FunctionType {
  readonly module: string;
  readonly name: string;
}

/** A function that a module exports, with its type. */
export interface ExportedFunction extends FunctionType {
  readonly name: string;
}

/** The version of {@link MeteringInfo} that this package writes, and the only one that it reads. */
export const METERING_VERSION = 4;

/**
 * What the run-time side needs to know of a metered module. It is plain JSON, and travels in a
 * custom section of the module. A later package of the same version may write more fields; those
 * are ignored.
 */
export interface MeteringInfo {
  readonly version: typeof METERING_VERSION;
  /**
   * The name under which the module imports the meter's functions: none of the original's imports
   * has it.
   */
  readonly importModule: string;
  /**
   * The names under which it exports the meter's globals: none of the original's exports has one of
   * them.
   */
  readonly globals: Readonly<Record<MeterGlobalName, string>>;
  /** The name under which it exports what was its start function. */
  readonly start?: string;
  /**
   * The types of the functions below, each once: a module may export one function under any number
   * of names.
   */
  readonly types: readonly FunctionType[];
  /**
   * The functions that the original imports, and those that it exports: the engine does not tell
   * their types.
   */
  readonly imports: readonly MeteredImport[];
  readonly exports: readonly MeteredExport[];
  /**
   * How to find the original function of an index in the metered module, as stack traces give it:
   * the first `imported` are the original's imports, then come `added` of the meter's, then the
   * `defined` of the original. What follows is the meter's again.
   */
  readonly functions: { readonly imported: number; readonly added: number; readonly defined: number };
  /** Pages of the memories that it defines, at first, all together. */
  readonly initialPages: number;
  /** Entries of the tables that it defines, at first, all together. */
  readonly initialEntries: number;
  /**
   * Bytes of the objects of garbage collection that its constant expressions make, all together.
   */
  readonly initialHeapBytes: number;
  /**
   * Names of the original's custom sections, since engines do not list them: of the first 1,000,
   * each once, those of at most 32 characters. Missing in what an older package wrote.
   */
  readonly customSections?: readonly string[];
}

/**
 * The functions that the original of a metered module imports, with their types, in the order of
 * the imports.
 */
export function importedFunctions({ types, imports }: MeteringInfo): ImportedFunction[] {
  return imports.map(({ module, name, type }) => ({ module, name, ...typeAt(types, type) }));
}

/**
 * The functions that the original of a metered module exports, with their types, in the order of
 * the exports.
 */
export function exportedFunctions({ types, exports }: MeteringInfo): ExportedFunction[] {
  return exports.map(({ name, type }) => ({ name, ...typeAt(types, type) }));
}

function typeAt(types: readonly FunctionType[], index: number): FunctionType {
  return types[index] ?? { params: [], results: [] };
}

/** A module with metering written into it. Made by `meterModule`. */
export interface MeteredModule {
  /**
   * The rewritten module. It holds `info` in a custom section, so that it can be stored and
   * compiled elsewhere.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly info: MeteringInfo;
}

export { METERING_SECTION } from './section-names.ts';

/** Whether a custom section holds metering, of this version or another. */
export function isMeteringSection(name: string | undefined): boolean {
  return name === METERING_SECTION || /^cc_lb\.metering\.v\d+$/.test(name ?? '');
}

/** The section that the first release wrote: the version was part of the name. */
const FIRST_SECTION = 'cc_lb.metering.v3';

/**
 * What the custom section of a compiled metered module says.
 *
 * @returns the text of what the module must be, if `meterModule` has not made it, or one that
 * writes another version of the section.
 */
export function findMeteringInfo(module: WebAssembly.Module): MeteringInfo | string {
  const found = meteringOrVersion(module);
  if (typeof found === 'object') return found;
  return found === undefined ? 'a module that meterModule has made' : preparedAnew(found);
}

/**
 * {@link findMeteringInfo} of a module that was prepared.
 *
 * @returns why it does not count as prepared, if that cannot be read.
 */
export function findPreparedMetering(module: WebAssembly.Module): MeteringInfo | string {
  const found = meteringOrVersion(module);
  if (typeof found === 'object') return found;
  return found === undefined
    ? versionFault(METERING_SECTION, undefined, METERING_VERSION)
    : `it must be ${preparedAnew(found)}`;
}

/**
 * @returns what the section says; its version, if this package writes another; `undefined` if there
 * is no section, or it is damaged.
 */
function meteringOrVersion(module: WebAssembly.Module): MeteringInfo | number | undefined {
  const info = readJsonSection(module, METERING_SECTION);
  const version = hasSection(module, FIRST_SECTION) ? 3 : versionOf(info);
  if (version !== METERING_VERSION) return version;
  // A forged one of the right form is the caller's to keep out: whoever hands in a compiled module
  // vouches for it (SECURITY.md).
  return isMeteringInfo(info) && exportsGlobals(module, info) ? info : undefined;
}

function preparedAnew(version: number): string {
  return `prepared anew from its original bytes: ${versionFault(METERING_SECTION, version, METERING_VERSION)}`;
}

/** What each field must be. The section may be damaged, and then nothing else would notice. */
const hasFields = /* @__PURE__ */ isObjectOf({
  importModule: isText,
  globals: isObjectOf({ counter: isText, time: isText, stack: isText, heap: isText }),
  start: isOptional(isText),
  types: isListOf(isFunctionType),
  imports: isListOf(isObjectOf({ module: isText, name: isText, type: isCount })),
  exports: isListOf(isObjectOf({ name: isText, type: isCount })),
  functions: isObjectOf({ imported: isCount, added: isCount, defined: isCount }),
  initialPages: isCount,
  initialEntries: isCount,
  initialHeapBytes: isCount,
  customSections: isOptional(isListOf(isText)),
} satisfies Readonly<Record<Exclude<keyof MeteringInfo, 'version'>, Shape>>);

function isMeteringInfo(info: unknown): info is MeteringInfo {
  return hasFields(info);
}

/** Whether the module exports the meter's globals under the names that its section gives. */
function exportsGlobals(module: WebAssembly.Module, { globals }: MeteringInfo): boolean {
  const exports = WebAssembly.Module.exports(module);
  const names = new Set(exports.flatMap(({ kind, name }) => (kind === 'global' ? [name] : [])));
  return Object.values(globals).every((name) => names.has(name));
}

/** Whether a compiled module carries metering, of this version or another. */
export function isMetered(module: WebAssembly.Module): boolean {
  return hasSection(module, METERING_SECTION) || hasSection(module, FIRST_SECTION);
}

function hasSection(module: WebAssembly.Module, name: string): boolean {
  return WebAssembly.Module.customSections(module, name).length > 0;
}

function versionOf(info: unknown): number | undefined {
  if (typeof info !== 'object' || info === null || !('version' in info)) return undefined;
  return typeof info.version === 'number' ? info.version : undefined;
}
