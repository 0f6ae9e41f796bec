import { emitKernel, isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctionSignature } from '../kernel/index.ts';
import {
  definedGlobalTypes,
  type FunctionType,
  type IndexMap,
  isNumberType,
  ModuleBuilder,
  type ModuleImport,
  readModule,
  rewriteModule,
  SECTION,
  type Signature,
  WasmFormatError,
  type WasmModule,
} from '../wasm/index.ts';
import { sameFunctionType } from './compiled-plugin.ts';
import { LINK_SECTION, type LinkedImport, type LinkInfo, writeLinkSection } from './link-section.ts';

/** A plugin that has the kernel in its own module. */
export interface LinkedPlugin {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly info: LinkInfo;
}

let engineLinks: boolean | undefined;

/**
 * Whether the engine accepts linked plugins: modules with two memories, that of the plugin and that
 * of the kernel.
 */
export function canLink(): boolean {
  engineLinks ??= WebAssembly.validate(twoMemories());
  return engineLinks;
}

function twoMemories(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.memory(0);
  module.memory(0);
  return module.bytes();
}

/**
 * Links the kernel into a plugin: the functions and the memory of the kernel become part of the
 * module, and imports of `extism:host/env` refer to them. Calls of the kernel then stay in the
 * module, where an engine inlines them. The plugin can name only those kernel functions that it
 * imports, and not the kernel's memory: its indices end before.
 *
 * The module gets an adapter for each host function that it imports, so the host compiles nothing
 * else.
 *
 * An import of an unknown kernel function, or with another type, is left as it is. So linking does
 * not change whether the plugin is accepted.
 *
 * @param bytes of a valid module. An invalid one may become another, valid or not.
 * @param meterModule the module name of the functions that metering imports, if the plugin is
 * metered. These imports are left as they are.
 * @param module what the bytes say, if they have been read.
 * @returns the linked module, and what the host needs to know of it.
 * @throws WasmFormatError `LimitExceeded` if an addition would exceed a limit of engines.
 */
export function linkKernel(bytes: Uint8Array, meterModule?: string, module = readModule(bytes)): LinkedPlugin {
  const imports = classifyImports(module, meterModule);
  const info = linkInfo(module, imports);
  const kept = imports.importedFunctions - imports.linked.size;
  const parts = new ModuleBuilder({
    types: module.types.length,
    importedFunctions: kept,
    definedFunctions: module.functions.length - imports.importedFunctions,
    memories: count(module, 'memory') + module.memories.length,
    globals: count(module, 'global') + definedGlobalTypes(bytes, module).length,
  });
  const keptImport = (index: number): number => index - (imports.linkedBefore[index] ?? 0);
  const adapted = [...imports.adapted].map(([index, signature]) => ({ signature, index: keptImport(index) }));
  const kernel = emitKernel(parts, info.importModule, (name) => info.exportPrefix + name, adapted);
  // What is called instead of an import: its adapter, or the kernel function.
  const replacements = new Map([...imports.adapted.keys()].map((index, at) => [index, kernel.adapters[at]]));
  for (const [index, name] of imports.linked) replacements.set(index, kernel.functions.get(name));
  const added = parts.importedCount;
  const own: IndexMap = (index) => {
    if (index >= imports.importedFunctions) return index - imports.linked.size + added;
    return imports.linked.has(index) ? undefined : keptImport(index);
  };
  const functions: IndexMap = (index) => replacements.get(index) ?? own(index);
  if (info.start !== undefined && module.start !== undefined) {
    parts.export(info.start, 'function', functions(module.start) ?? 0);
  }
  parts.custom(LINK_SECTION, writeLinkSection(info));
  const linked = rewriteModule(bytes, module, {
    indices: { function: functions },
    names: { function: own },
    dropImport: (importIndex) => imports.dropped.has(importIndex),
    drop: (section) => section.id === SECTION.start || section.name === LINK_SECTION,
    additions: () => parts.additions(),
  });
  return { bytes: linked, info };
}

type KernelName = Parameters<typeof kernelFunctionSignature>[0];

/** The imports of a module, by what linking does with them. */
interface ClassifiedImports {
  /** How many functions are imported. */
  readonly importedFunctions: number;
  /** The kernel functions among them, by function index. */
  readonly linked: ReadonlyMap<number, KernelName>;
  /** For each imported function, how many before it are linked. */
  readonly linkedBefore: readonly number[];
  /** The linked ones, by index among all imports. */
  readonly dropped: ReadonlySet<number>;
  /** The types of the host functions that get an adapter, by function index. */
  readonly adapted: ReadonlyMap<number, Signature>;
  /** All functions that the plugin itself imports, without those of metering. */
  readonly own: readonly LinkedImport[];
}

/**
 * The most that adapters may take: each host function counts 1, and 1 more for each 10 parameters
 * and results. No real plugin comes near. A module of 300 KB can import 50,000 functions of 1,000
 * parameters, whose adapters would take gigabytes.
 */
const ADAPTERS_MAX = 10_000;

function classifyImports(module: WasmModule, meterModule: string | undefined): ClassifiedImports {
  const linked = new Map<number, KernelName>();
  const adapted = new Map<number, Signature>();
  const own: LinkedImport[] = [];
  const linkedBefore: number[] = [];
  const dropped = new Set<number>();
  const typeOf = importTypes(module);
  let adapters = 0;
  module.imports.forEach((imported, importIndex) => {
    if (imported.kind !== 'function') return;
    const index = linkedBefore.length;
    linkedBefore.push(linked.size);
    if (imported.module === meterModule) return;
    const known = typeOf(imported.typeIndex);
    if (known === undefined) return;
    const { type, signature } = known;
    own.push({ module: imported.module, name: imported.name, type });
    if (imported.module === KERNEL_NAMESPACE) {
      const name = kernelFunctionOf(imported.name, type);
      if (name === undefined) return;
      linked.set(index, name);
      dropped.add(importIndex);
    } else if (signature !== undefined) {
      adapted.set(index, signature);
      adapters += 1 + (type.params.length + type.results.length) / 10;
      if (adapters > ADAPTERS_MAX) throw tooManyAdapters(module);
    }
  });
  return { importedFunctions: linkedBefore.length, linked, linkedBefore, dropped, adapted, own };
}

function tooManyAdapters({ sections }: WasmModule): WasmFormatError {
  const offset = sections.find(({ id }) => id === SECTION.import)?.offset ?? 0;
  const reason = [
    'it imports too many host functions, or with too many parameters: each counts 1, and 1 more for',
    `each 10 parameters and results, and the sum may be at most ${ADAPTERS_MAX}`,
  ].join(' ');
  return new WasmFormatError({ kind: 'LimitExceeded', offset, reason });
}

/**
 * Finds the type of an import by type index. Each is made once, so imports of one type share it.
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
  /** The type, if a host function can have it: number types only. */
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

function linkInfo(module: WasmModule, { own }: ClassifiedImports): LinkInfo {
  const importModule = `kernel${freeMarks(module.imports, (imported) => /^kernel('*)$/.exec(imported.module))}`;
  const exportPrefix = `${freeMarks(module.exports, ({ name }) => /^('*)kernel /.exec(name))}kernel `;
  const start = module.start === undefined ? undefined : `${exportPrefix}start`;
  return { importModule, exportPrefix, start, imports: own };
}

/**
 * The fewest quotation marks that make a name unused. It reads the used names once, however many
 * marks they have.
 *
 * @param marksOf matches a used name; its first group is the marks.
 */
function freeMarks<T>(used: readonly T[], marksOf: (item: T) => RegExpExecArray | null): string {
  const counts = new Set(used.map((item) => marksOf(item)?.[1]?.length));
  let marks = 0;
  while (counts.has(marks)) marks++;
  return "'".repeat(marks);
}

function count(module: WasmModule, kind: ModuleImport['kind']): number {
  return module.imports.filter((imported) => imported.kind === kind).length;
}
