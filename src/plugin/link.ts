import { emitKernel, isKernelFunctionName, KERNEL_NAMESPACE, kernelFunctionSignature } from '../kernel/index.ts';
import type { LinkedIndices, ModuleLink } from '../metering/rewrite/meter-module.ts';
import {
  definedGlobalTypes,
  type FunctionType,
  isNumberType,
  ModuleBuilder,
  type ModuleImport,
  OBJECTS_MAX,
  rewriteModule,
  SECTION,
  type Signature,
  WasmFormatError,
  type WasmModule,
} from '../wasm/index.ts';
import { sameFunctionType } from './compiled-plugin.ts';
import type { PluginImport } from './external.ts';
import { LINK_SECTION, type LinkInfo, writeLinkSection } from './link-section.ts';

export { canLink } from './two-memories.ts';

/**
 * The kernel as it is linked into a plugin: its functions and its memory become part of the
 * module, and imports of `extism:host/env` refer to them. Calls of the kernel then stay in the
 * module, where an engine inlines them. The plugin can name only those kernel functions that it
 * imports, and not the kernel's memory: its indices end before.
 *
 * The module gets an adapter for each host function that it imports, so the host compiles nothing
 * else.
 *
 * An import of an unknown kernel function, or with another type, is left as it is. So linking does
 * not change whether the plugin is accepted.
 */
export class KernelLink implements ModuleLink {
  readonly info: LinkInfo;
  readonly #module: WasmModule;
  readonly #imports: ClassifiedImports;

  /**
   * @param module of the plugin.
   * @param isMetered whether metering is written into it at the same time. Then the start function
   * is metering's.
   * @throws WasmFormatError `LimitExceeded` if it imports too many host functions, or has no room.
   */
  constructor(module: WasmModule, isMetered: boolean) {
    this.#module = module;
    this.#imports = classifyImports(module);
    checkRoom(module, this.#imports.adapted.size);
    this.info = linkInfo(module, this.#imports, isMetered);
  }

  get replacedFunctions(): number {
    return this.#imports.linked.size;
  }

  replaces(importIndex: number): boolean {
    return this.#imports.dropped.has(importIndex);
  }

  addTo(parts: ModuleBuilder): LinkedIndices {
    const { linked, linkedBefore, adapted, importedFunctions } = this.#imports;
    const { importModule, exportPrefix } = this.info;
    const keptImport = (index: number): number => index - (linkedBefore[index] ?? 0);
    const adapters = [...adapted].map(([index, signature]) => ({ signature, index: keptImport(index) }));
    const kernel = emitKernel(parts, importModule, (name) => exportPrefix + name, adapters);
    parts.custom(LINK_SECTION, writeLinkSection(this.info));
    // What is called instead of an import: its adapter, or the kernel function.
    const replacements = new Map([...adapted.keys()].map((index, at) => [index, kernel.adapters[at]]));
    for (const [index, name] of linked) replacements.set(index, kernel.functions.get(name));
    const added = parts.importedCount - linked.size;
    const names = (index: number): number | undefined => {
      if (index >= importedFunctions) return index + added;
      return linked.has(index) ? undefined : keptImport(index);
    };
    return { names, functions: (index) => replacements.get(index) ?? names(index) ?? index };
  }

  /**
   * Links the kernel into the module alone, without metering.
   *
   * @param bytes of the module, which must be valid. An invalid one may become another, valid or
   * not.
   * @returns the linked module.
   * @throws WasmFormatError `LimitExceeded` if an addition would exceed a limit of engines.
   */
  link(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const module = this.#module;
    const { importedFunctions, linked } = this.#imports;
    const parts = new ModuleBuilder({
      types: module.types.length,
      importedFunctions: importedFunctions - linked.size,
      definedFunctions: module.functions.length - importedFunctions,
      memories: count(module, 'memory') + module.memories.length,
      globals: count(module, 'global') + definedGlobalTypes(bytes, module).length,
    });
    const { functions, names } = this.addTo(parts);
    const { start } = this.info;
    if (start !== undefined && module.start !== undefined) parts.export(start, 'function', functions(module.start));
    return rewriteModule(bytes, module, {
      indices: { function: functions },
      names: { function: names },
      dropImport: (importIndex) => this.replaces(importIndex),
      drop: (section) => section.id === SECTION.start || section.name === LINK_SECTION,
      additions: () => parts.additions(),
    });
  }
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
  /** All that the plugin imports. */
  readonly own: readonly PluginImport[];
}

/**
 * The most that adapters may take: each host function counts 1, and 1 more for each 10 parameters
 * and results. No real plugin comes near. A module of 300 KB can import 50,000 functions of 1,000
 * parameters, whose adapters would take gigabytes.
 */
const ADAPTERS_MAX = 10_000;

function classifyImports(module: WasmModule): ClassifiedImports {
  const linked = new Map<number, KernelName>();
  const adapted = new Map<number, Signature>();
  const own: PluginImport[] = [];
  const linkedBefore: number[] = [];
  const dropped = new Set<number>();
  const typeOf = importTypes(module);
  let adapters = 0;
  module.imports.forEach((imported, importIndex) => {
    if (imported.kind !== 'function') {
      own.push({ module: imported.module, name: imported.name, kind: imported.kind, type: undefined });
      return;
    }
    const index = linkedBefore.length;
    linkedBefore.push(linked.size);
    const known = typeOf(imported.typeIndex);
    if (known === undefined) return;
    const { type, signature } = known;
    own.push({ module: imported.module, name: imported.name, kind: 'function', type });
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

/** More than the kernel and metering add to the types, imports or exports of a module. */
const ADDED_MAX = 200;

/** @param adapters how many there are: each may need a type. */
function checkRoom({ types, imports, exports, sections }: WasmModule, adapters: number): void {
  const counts = [
    ['type', types.length + adapters],
    ['import', imports.length],
    ['export', exports.length],
  ] as const;
  for (const [name, count] of counts) {
    if (count + ADDED_MAX <= OBJECTS_MAX) continue;
    const offset = sections.find(({ id }) => id === SECTION[name])?.offset ?? 0;
    const reason = `it has ${count} ${name}s, so there is no room for the kernel's`;
    throw new WasmFormatError({ kind: 'LimitExceeded', offset, reason });
  }
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

function linkInfo(module: WasmModule, { own }: ClassifiedImports, isMetered: boolean): LinkInfo {
  const importModule = `kernel${freeMarks(module.imports, (imported) => /^kernel('*)$/.exec(imported.module))}`;
  const exportPrefix = `${freeMarks(module.exports, ({ name }) => /^('*)kernel /.exec(name))}kernel `;
  const start = isMetered || module.start === undefined ? undefined : `${exportPrefix}start`;
  return {
    importModule,
    exportPrefix,
    start,
    imports: own,
    kernelTypes: kernelTypes(own),
  };
}

/**
 * Finds the kernel functions whose names are imported.
 *
 * @returns their types by name; that of an import, if it is right.
 */
function kernelTypes(imports: readonly PluginImport[]): ReadonlyMap<string, FunctionType> {
  const types = new Map<string, FunctionType>();
  for (const { module, name, type } of imports) {
    if (module !== KERNEL_NAMESPACE || !isKernelFunctionName(name)) continue;
    const right = kernelFunctionSignature(name);
    if (type !== undefined && sameFunctionType(type, right)) types.set(name, type);
    else if (!types.has(name)) types.set(name, right);
  }
  return types;
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
