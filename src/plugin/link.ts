import { emitKernel, isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctionSignature } from '../kernel/index.ts';
import {
  definedGlobalTypes,
  type FunctionType,
  type IndexMap,
  isNumberType,
  type ModuleImport,
  ModuleWriter,
  readModule,
  rewriteModule,
  SECTION,
  type Signature,
  WasmFormatError,
  type WasmModule,
} from '../wasm/index.ts';
import { sameFunctionType } from './compiled-plugin.ts';
import { LINK_SECTION, type LinkedImport, type LinkInfo, writeLinkSection } from './link-section.ts';

/** A plugin with the kernel in its own module. */
export interface LinkedPlugin {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly info: LinkInfo;
}

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
 * @param module what the bytes say, where they have been read.
 * @throws WasmFormatError `LimitExceeded` when an addition would pass an engine's limit.
 */
export function linkKernel(bytes: Uint8Array, meterModule?: string, module = readModule(bytes)): LinkedPlugin {
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
  writer.custom(LINK_SECTION, writeLinkSection(info));
  const linked = rewriteModule(bytes, module, {
    indices: { function: functions },
    names: { function: own },
    dropImport: (place) => places.dropped.has(place),
    drop: (section) => section.id === SECTION.start || section.name === LINK_SECTION,
    additions: () => writer.additions(),
  });
  return { bytes: linked, info };
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

/**
 * What the adapters of host functions together may have: one each, and as much again for each ten
 * parameters and results. No real plugin comes near; a module of 300 KB can import 50,000 functions
 * of 1,000 parameters, for which adapters would take gigabytes.
 */
const ADAPTERS_MAX = 10_000;

function importPlaces(module: WasmModule, meterModule: string | undefined): ImportPlaces {
  const linked = new Map<number, KernelName>();
  const adapted = new Map<number, Signature>();
  const imports: LinkedImport[] = [];
  const linkedBefore: number[] = [];
  const dropped = new Set<number>();
  const typeOf = importTypes(module);
  let adapters = 0;
  module.imports.forEach((imported, place) => {
    if (imported.kind !== 'function') return;
    linkedBefore.push(linked.size);
    if (imported.module === meterModule) return;
    const known = typeOf(imported.typeIndex);
    if (known === undefined) return;
    const { type, signature } = known;
    imports.push({ module: imported.module, name: imported.name, type });
    const index = linkedBefore.length - 1;
    if (imported.module === KERNEL_NAMESPACE) {
      const name = kernelFunctionOf(imported.name, type);
      if (name === undefined) return;
      linked.set(index, name);
      dropped.add(place);
    } else if (signature !== undefined) {
      adapted.set(index, signature);
      adapters += 1 + (type.params.length + type.results.length) / 10;
      if (adapters > ADAPTERS_MAX) throw tooManyAdapters(module);
    }
  });
  return { importedFunctions: linkedBefore.length, linked, linkedBefore, dropped, adapted, imports };
}

function tooManyAdapters({ sections }: WasmModule): WasmFormatError {
  const offset = sections.find(({ id }) => id === SECTION.import)?.offset ?? 0;
  const reason = 'it imports so many host functions, with so many parameters, that their adapters have no room';
  return new WasmFormatError({ kind: 'LimitExceeded', offset, reason });
}

/**
 * The types of imports by their index, each worked out once; a signature only for those that a host
 * function can have, of numbers only.
 */
function importTypes({ types }: WasmModule): (index: number) => ImportType | undefined {
  const known = new Map<number, ImportType | undefined>();
  return (index) => {
    if (known.has(index)) return known.get(index);
    const defined = types[index];
    const type = defined?.kind === 'func' ? importType(defined) : undefined;
    known.set(index, type);
    return type;
  };
}

interface ImportType {
  readonly type: FunctionType;
  readonly signature: Signature | undefined;
}

function importType({ params, results, distinct }: FunctionType): ImportType {
  if (distinct === true) return { type: { params, results, distinct }, signature: undefined };
  const signature = params.every(isNumberType) && results.every(isNumberType) ? { params, results } : undefined;
  return { type: { params, results }, signature };
}

function kernelFunctionOf(name: string, type: FunctionType): KernelName | undefined {
  return isKernelFunctionName(name) && sameFunctionType(type, kernelFunctionSignature(name)) ? name : undefined;
}

function linkInfo(module: WasmModule, { imports }: ImportPlaces): LinkInfo {
  const importModule = `kernel${freeMarks(module.imports, (imported) => /^kernel('*)$/.exec(imported.module))}`;
  const exportPrefix = `${freeMarks(module.exports, ({ name }) => /^('*)kernel /.exec(name))}kernel `;
  const start = module.start === undefined ? undefined : `${exportPrefix}start`;
  return { importModule, exportPrefix, start, imports };
}

/**
 * As few quotation marks as make a name that nothing of the plugin has. Its names are gone through
 * once, however many marks they have.
 */
function freeMarks<T>(taken: readonly T[], marksOf: (item: T) => RegExpExecArray | null): string {
  const counts = new Set(taken.map((item) => marksOf(item)?.[1]?.length));
  let count = 0;
  while (counts.has(count)) count++;
  return "'".repeat(count);
}

function count(module: WasmModule, kind: ModuleImport['kind']): number {
  return module.imports.filter((imported) => imported.kind === kind).length;
}
