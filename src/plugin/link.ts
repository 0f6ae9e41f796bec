import { emitKernel, isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctionSignature } from '../kernel/index.ts';
import {
  definedGlobalTypes,
  type FunctionType,
  type IndexMap,
  isNumberType,
  type ModuleImport,
  ModuleWriter,
  readJsonSection,
  readModule,
  rewriteModule,
  SECTION,
  type Signature,
  type WasmModule,
} from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';

/** A function that a plugin imports, with its type: the engine does not tell it, and an adapter takes any JavaScript function. */
export interface LinkedImport extends FunctionType {
  readonly module: string;
  readonly name: string;
}

/** What the run-time side needs to know of a plugin that the kernel is linked into. Plain JSON: it travels in a custom section. */
export interface LinkInfo {
  readonly version: 3;
  /** The name under which the module imports the kernel's functions in JavaScript: none of the plugin's imports has it. */
  readonly importModule: string;
  /** What stands before the names of the kernel's exports: no export of the plugin begins with it. */
  readonly exportPrefix: string;
  /** The name under which it exports what was its start function. */
  readonly start: string | undefined;
  /** The functions that the original imports. */
  readonly imports: readonly LinkedImport[];
}

/** A plugin with the kernel in its own module. */
export interface LinkedPlugin {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly info: LinkInfo;
}

/** The custom section that holds the {@link LinkInfo}, as JSON. */
export const LINK_SECTION = 'cc_lb.kernel.v1';

/** Two memories: the smallest module that not every engine takes. */
const TWO_MEMORIES = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0);

let engineLinks: boolean | undefined;

/** Whether the engine takes modules with a plugin's memory and the kernel's. */
export function canLink(): boolean {
  engineLinks ??= WebAssembly.validate(TWO_MEMORIES);
  return engineLinks;
}

/**
 * Links the kernel into a plugin: its functions and memory become the module's own, and what the plugin imports of `extism:host/env` refers to
 * them. Calls then stay in the module, where an engine inlines them. The plugin can name neither the memory nor the functions beyond those
 * that it imports: its own indices end before.
 *
 * Host functions are called through adapters, which the module has in it too: so a host needs to compile nothing beside the module.
 *
 * An import of the kernel's that is unknown or of another type stays as it is, so that linking changes no verdict on a module.
 *
 * @param bytes of a valid module: out of an invalid one another could come, valid or not.
 * @param meterModule the module name under which metering imports its functions, when it is written into the module: those stay as they are.
 * @throws WasmFormatError `LimitExceeded` when an addition would pass an engine's limit.
 */
export function linkKernel(bytes: Uint8Array, meterModule?: string): LinkedPlugin {
  const module = readModule(bytes);
  const places = importPlaces(module, meterModule);
  const info = linkInfo(module, places);
  const kept = places.importedFunctions - places.linked.size;
  const writer = new ModuleWriter({
    types: module.types.length,
    importedFunctions: kept,
    definedFunctions: module.functions.length - places.importedFunctions,
    memories: count(module, 'memory') + module.memories.length,
    globals: count(module, 'global') + definedGlobalTypes(bytes, module).length,
  });
  const keptImport = (index: number): number => index - (places.linkedBefore[index] ?? 0);
  const adapted = [...places.adapted].map(([index, signature]) => ({ signature, index: keptImport(index) }));
  const kernel = emitKernel(writer, info.importModule, (name) => info.exportPrefix + name, adapted);
  const standIns = new Map([...places.adapted.keys()].map((index, place) => [index, kernel.adapters[place]]));
  for (const [index, name] of places.linked) standIns.set(index, kernel.functions.get(name));
  const added = writer.importedCount;
  const own: IndexMap = (index) => {
    if (index >= places.importedFunctions) return index - places.linked.size + added;
    return places.linked.has(index) ? undefined : keptImport(index);
  };
  const functions: IndexMap = (index) => standIns.get(index) ?? own(index);
  if (info.start !== undefined && module.start !== undefined) {
    writer.export(info.start, 'function', functions(module.start) ?? 0);
  }
  writer.custom(LINK_SECTION, new TextEncoder().encode(JSON.stringify(info)));
  const linked = rewriteModule(bytes, module, {
    indices: { function: functions },
    names: { function: own },
    dropImport: (place) => places.dropped.has(place),
    drop: (section) => section.id === SECTION.start || section.name === LINK_SECTION,
    additions: () => writer.additions(),
  });
  return { bytes: linked, info };
}

/**
 * What the custom section of a compiled plugin says of the kernel in it; `undefined` when there is none.
 *
 * @throws BuildPluginError `InvalidArgument` when another version wrote it.
 */
export function linkOf(module: WebAssembly.Module): LinkInfo | undefined {
  if (WebAssembly.Module.customSections(module, LINK_SECTION).length === 0) return undefined;
  const info = readJsonSection(module, LINK_SECTION);
  if (typeof info === 'object' && info !== null && 'version' in info && info.version === 3) {
    // This package alone writes the section, with this version, from a value of this type. A forged one is the caller's to keep out: whoever
    // hands in a compiled module vouches for it (SECURITY.md).
    return info as LinkInfo;
  }
  const expected =
    'a module made from what preparePlugin gives, with the section of the kernel that this version writes';
  throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'wasm', expected });
}

type KernelName = Parameters<typeof kernelFunctionSignature>[0];

/** The imports of a module that are linked. */
interface ImportPlaces {
  readonly importedFunctions: number;
  /** The kernel function that each linked import is, by its function index. */
  readonly linked: ReadonlyMap<number, KernelName>;
  /** For each imported function, how many before it are linked. */
  readonly linkedBefore: readonly number[];
  /** Linked imports by their places among all imports. */
  readonly dropped: ReadonlySet<number>;
  /** The types of the host functions among the others, by their function indices. */
  readonly adapted: ReadonlyMap<number, Signature>;
  /** All that the plugin itself imports. */
  readonly imports: readonly LinkedImport[];
}

function importPlaces(module: WasmModule, meterModule: string | undefined): ImportPlaces {
  const linked = new Map<number, KernelName>();
  const adapted = new Map<number, Signature>();
  const imports: LinkedImport[] = [];
  const linkedBefore: number[] = [];
  const dropped = new Set<number>();
  module.imports.forEach((imported, place) => {
    if (imported.kind !== 'function') return;
    linkedBefore.push(linked.size);
    if (imported.module === meterModule) return;
    const type = module.types[imported.typeIndex];
    if (type?.kind !== 'func') return;
    const { kind: _, ...functionType } = type;
    imports.push({ module: imported.module, name: imported.name, ...functionType });
    const index = linkedBefore.length - 1;
    const name = kernelFunctionOf(module, imported);
    if (name !== undefined) {
      linked.set(index, name);
      dropped.add(place);
      return;
    }
    const signature = imported.module === KERNEL_NAMESPACE ? undefined : hostSignature(functionType);
    if (signature !== undefined) adapted.set(index, signature);
  });
  return { importedFunctions: linkedBefore.length, linked, linkedBefore, dropped, adapted, imports };
}

/** The type of an import that a host function can have: of numbers only. */
function hostSignature({ params, results, distinct }: FunctionType): Signature | undefined {
  if (distinct === true) return undefined;
  return params.every(isNumberType) && results.every(isNumberType) ? { params, results } : undefined;
}

function kernelFunctionOf(
  module: WasmModule,
  imported: Extract<ModuleImport, { kind: 'function' }>,
): KernelName | undefined {
  const { name } = imported;
  if (imported.module !== KERNEL_NAMESPACE || !isKernelFunctionName(name)) return undefined;
  const type = module.types[imported.typeIndex];
  const { params, results } = kernelFunctionSignature(name);
  if (type?.kind !== 'func' || type.distinct === true) return undefined;
  const same = type.params.join() === params.join() && type.results.join() === results.join();
  return same ? name : undefined;
}

function linkInfo(module: WasmModule, { imports }: ImportPlaces): LinkInfo {
  const importModules = new Set(module.imports.map((imported) => imported.module));
  const exportNames = module.exports.map(({ name }) => name);
  let importModule = 'kernel';
  while (importModules.has(importModule)) importModule += "'";
  let exportPrefix = 'kernel ';
  while (exportNames.some((name) => name.startsWith(exportPrefix))) exportPrefix = `'${exportPrefix}`;
  const start = module.start === undefined ? undefined : `${exportPrefix}start`;
  return { version: 3, importModule, exportPrefix, start, imports };
}

function count(module: WasmModule, kind: ModuleImport['kind']): number {
  return module.imports.filter((imported) => imported.kind === kind).length;
}
