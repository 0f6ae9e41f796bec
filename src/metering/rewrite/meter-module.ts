import { compilationRefusal, EMPTY_MODULE } from '../../compilation.ts';
import { reasonOf, translate } from '../../failure.ts';
import { adviceOn, MODULE_BYTES, type ModuleBytes, unsharedBytes } from '../../module-source.ts';
import { flagRule, functionRule, type OptionRules, optionsRule } from '../../option-rules.ts';
import {
  definedGlobalTypes,
  type FunctionType,
  ModuleBuilder,
  readModule,
  readU32,
  rewriteModule,
  SECTION,
  WasmFormatError,
  type WasmModule,
} from '../../wasm/index.ts';
import { checkOptions, featureRefused, MeteringError } from '../error.ts';
import { type MeterGlobalName, meterGlobals, meterImports } from '../layout.ts';
import { limitValues, type ModuleLimits, moduleLimitRules } from '../limits.ts';
import {
  isMeteringSection,
  METERING_SECTION,
  METERING_VERSION,
  type MeteredModule,
  type MeteringInfo,
} from '../metering-section.ts';
import { type AllowedFeatures, BulkOperations } from './bulk-operations.ts';
import { type CalleeFacts, type CallFuel, NOT_KNOWN_YET } from './callee-facts.ts';
import { constantObjectBytes } from './constant-objects.ts';
import { HandlerAssumptionBroken, type MeteringContext } from './context.ts';
import { type FunctionEdits, FunctionMeter } from './function-meter.ts';
import { type ModuleSpaces, moduleSpaces } from './module-spaces.ts';
import { analyseSmallFunctions } from './small-functions.ts';
import { Structure } from './structure.ts';
import { Support } from './support.ts';

/** How a module is metered. Missing or `undefined` means the default. */
export interface MeteringOptions {
  /** What the module may contain: see `MODULE_LIMITS` for the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
  /**
   * Whether objects of garbage collection may be allocated: true by default. They are charged to
   * `heapMaxBytes`.
   */
  readonly allowGc?: boolean | undefined;
  /**
   * Whether memories may be shared between threads: true by default. Nothing bounds what another
   * thread does to them.
   */
  readonly allowSharedMemory?: boolean | undefined;
  /**
   * Whether `memory.atomic.wait*` may block, for no longer than the deadline allows: true by
   * default.
   */
  readonly allowWaits?: boolean | undefined;
  /**
   * What a call of an imported function costs beside the call itself, where that is known
   * beforehand; `undefined` for all others.
   */
  readonly importFuel?: ((module: string, name: string) => CallFuel | undefined) | undefined;
}

const optionRules: OptionRules<MeteringOptions> = {
  limits: optionsRule(moduleLimitRules),
  allowGc: flagRule,
  allowSharedMemory: flagRule,
  allowWaits: flagRule,
  importFuel: functionRule,
};

/**
 * Writes fuel, deadline, memory and stack metering into a module.
 *
 * @param wasm the bytes of a core module.
 * @throws MeteringError `InvalidArgument`, `MalformedModule`, `InvalidModule`, `LimitExceeded`,
 * `FeatureRefused`, `CompilationRefused`.
 */
export function meterModule(wasm: ModuleBytes, options: MeteringOptions = {}): MeteredModule {
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) {
    const expected = `${MODULE_BYTES}${adviceOn(wasm)}`;
    throw new MeteringError({ kind: 'InvalidArgument', argument: 'wasm', expected });
  }
  checkOptions(options, optionRules);
  const { bytes: metered, info } = meterReadModule(bytes, options);
  return { bytes: metered, info };
}

/** Something that is linked into a module while it is metered. */
export interface ModuleLink {
  /** How many of the module's imported functions it replaces. */
  readonly replacedFunctions: number;

  /** Whether it replaces an import, by the index among all imports. */
  replaces(importIndex: number): boolean;

  /**
   * Adds its parts.
   *
   * @param parts has the imports of metering. More parts may be added to it later, but no imports.
   */
  addTo(parts: ModuleBuilder): LinkedIndices;
}

/** The indices in the linked module of the original's functions, by their index in the original. */
export interface LinkedIndices {
  /** What is called. */
  functions(index: number): number;
  /** What keeps its name; `undefined` for an import that is replaced. */
  names(index: number): number | undefined;
}

/**
 * Gets what was done to each function, by its index in the original, when it has been rewritten.
 * It may get functions twice: the second time counts.
 *
 * @param edits computes it.
 */
export type FunctionTrace = (functionIndex: number, edits: () => FunctionEdits) => void;

/** A metered module, and what its original's bytes say. */
export interface ReadAndMetered extends MeteredModule {
  readonly module: WasmModule;
}

/**
 * {@link meterModule} for bytes that are not shared; also returns the original as it was read.
 *
 * @param linkOf makes what is linked into the module at the same time, from the module as it was
 * read. The code is gone through once for both.
 * @param trace for those who show what metering does.
 * @throws what `meterModule` throws, and what `linkOf` and the link throw.
 */
export function meterReadModule(
  bytes: Uint8Array<ArrayBuffer>,
  options: MeteringOptions,
  linkOf?: (module: WasmModule) => ModuleLink,
  trace?: FunctionTrace,
): ReadAndMetered {
  const structure = new Structure(bytes, limitValues(options.limits));
  return translate(
    () => {
      structure.sections();
      const module = readModule(bytes);
      const original = { bytes, module, options, structure, link: linkOf?.(module), trace };
      const metered = rewriteAssumingNoHandlers(original);
      // Additions could make an index valid that is out of range in the original, so it is the
      // original that must be valid.
      validate(bytes);
      return { ...metered, module };
    },
    WasmFormatError,
    ({ message: reason, failure }, options) =>
      new MeteringError(
        failure.kind === 'LimitExceeded' ? failure : { kind: 'MalformedModule', offset: failure.offset, reason },
        options,
      ),
  );
}

/**
 * @throws MeteringError `InvalidModule` with the engine's own words; `CompilationRefused` if the
 * engine refuses every module.
 */
function validate(bytes: Uint8Array<ArrayBuffer>): void {
  if (WebAssembly.validate(bytes)) return;
  const refusal = compilationRefusal();
  // Some engines validate where they may not compile. Then the module is invalid, but the engine
  // does not say why.
  if (refusal !== undefined) {
    if (WebAssembly.validate(EMPTY_MODULE))
      throw new MeteringError({ kind: 'InvalidModule', reason: 'it is not valid' });
    throw new MeteringError({ kind: 'CompilationRefused', reason: refusal });
  }
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    // The main thread of a page may not compile a large module, not even to hear what is wrong with
    // it.
    if (error instanceof RangeError) throw new MeteringError({ kind: 'InvalidModule', reason: 'it is not valid' });
    const reason = reasonOf(error);
    throw new MeteringError({ kind: 'InvalidModule', reason }, { cause: error });
  }
  throw new MeteringError({ kind: 'InvalidModule', reason: 'it is not valid' });
}

/**
 * Assumes that the module has no handlers, which allows longer regions; starts again if one turns
 * up.
 */
function rewriteAssumingNoHandlers(original: Original): MeteredModule {
  try {
    return rewrite(original, true);
  } catch (error) {
    if (error instanceof HandlerAssumptionBroken) return rewrite(original, false);
    throw error;
  }
}

/** A module that is to be metered. */
interface Original {
  readonly bytes: Uint8Array;
  readonly module: WasmModule;
  readonly options: MeteringOptions;
  readonly structure: Structure;
  readonly link: ModuleLink | undefined;
  readonly trace: FunctionTrace | undefined;
}

function rewrite(original: Original, withoutHandlers: boolean): MeteredModule {
  const { bytes, module, options, structure, link } = original;
  refuseSharedMemory(module, options.allowSharedMemory ?? true);
  const spaces = moduleSpaces(bytes, module, definedGlobalTypes(bytes, module));
  structure.declarations(module, spaces.globals);
  boundSpaces(module, spaces);
  const initialHeapBytes = constantObjectBytes(bytes, module, options.allowGc ?? true);
  const info = meteringInfo(module, spaces.importedFunctions, initialHeapBytes);
  const { parts, support, functions, names } = addParts(spaces, info, link);
  const unknown: MeteringContext = {
    spaces,
    support,
    structure,
    bulk: new BulkOperations(spaces, support, allowedFeatures(options)),
    withoutHandlers,
    importedCallees: importedCallees(module, options.importFuel),
    ownCallees: undefined,
    functionIndices: Uint32Array.from(module.functions, (_, index) => functions(index)),
  };
  const ownCallees = withoutHandlers ? analyseSmallFunctions(bytes, unknown) : [];
  const context: MeteringContext = { ...unknown, ownCallees };
  const rewritten = rewriteModule(bytes, module, {
    indices: { function: functions },
    names: { function: names },
    dropImport: (importIndex) => link?.replaces(importIndex) === true,
    drop: (section) => section.id === SECTION.start || isMeteringSection(section.name),
    bodies: (contents, count, sink) => {
      const meter = new FunctionMeter(bytes, context);
      for (let index = module.functions.length - count; index < module.functions.length; index++) {
        meter.rewrite(contents.part(readU32(contents), 'a function body'), index, sink);
        original.trace?.(index, () => meter.written());
      }
    },
    additions: () => {
      exportMeter(support, info, module, functions);
      parts.custom(METERING_SECTION, new TextEncoder().encode(JSON.stringify(info)));
      return parts.additions();
    },
  });
  return { bytes: rewritten, info };
}

/** Adds what metering and the link bring along: imports, then globals and functions. */
function addParts(
  { module, importedFunctions, memories, globals }: ModuleSpaces,
  info: MeteringInfo,
  link?: ModuleLink,
) {
  const parts = new ModuleBuilder({
    types: module.types.length,
    importedFunctions: importedFunctions - (link?.replacedFunctions ?? 0),
    definedFunctions: module.functions.length - importedFunctions,
    memories: memories.length,
    globals,
  });
  const support = new Support(parts, info.importModule);
  const added = parts.importedCount;
  const shift = (index: number): number => (index < importedFunctions ? index : index + added);
  const { functions, names } = link?.addTo(parts) ?? { functions: shift, names: shift };
  support.defineAlways();
  return { parts, support, functions, names };
}

function allowedFeatures({ allowGc, allowWaits }: MeteringOptions): AllowedFeatures {
  return { gc: allowGc ?? true, waits: allowWaits ?? true };
}

/**
 * Imports, exports and globals that engines take (WebAssembly JavaScript API, implementation
 * limits).
 */
const ENGINE_MAX = { import: 100_000, export: 100_000, global: 1_000_000 } as const;

/**
 * What metering adds to the imports, exports and globals of a module at most: its functions and
 * globals, and the start function.
 */
const ADDED_MAX = 5;

/** What engines take, with what metering adds: there is a global for each function too. */
function boundSpaces(module: WasmModule, { globals }: ModuleSpaces): void {
  const counts = [
    ['import', module.imports.length, ENGINE_MAX.import - ADDED_MAX],
    ['export', module.exports.length, ENGINE_MAX.export - ADDED_MAX],
    ['global', globals + module.functions.length, ENGINE_MAX.global - ADDED_MAX],
  ] as const;
  for (const [name, count, max] of counts) {
    if (count <= max) continue;
    const offset = module.sections.find(({ id }) => id === SECTION[name])?.offset ?? 0;
    throw new MeteringError({ kind: 'LimitExceeded', offset, reason: `the module has more than ${max} ${name}s` });
  }
}

function refuseSharedMemory(module: WasmModule, allowed: boolean): void {
  if (allowed) return;
  const imported = module.imports.flatMap((candidate) => (candidate.kind === 'memory' ? [candidate.limits] : []));
  if (![...imported, ...module.memories].some(({ shared }) => shared)) return;
  const offset = module.sections.find(({ id }) => id === SECTION.memory || id === SECTION.import)?.offset ?? 0;
  throw featureRefused(offset, 'shared memory');
}

function importedCallees(
  module: WasmModule,
  importFuel: MeteringOptions['importFuel'],
): readonly (CalleeFacts | undefined)[] {
  return module.imports
    .filter(({ kind }) => kind === 'function')
    .map(({ module: from, name }) => {
      const known = importFuel?.(from, name);
      return known === undefined ? undefined : { ...NOT_KNOWN_YET, ...known, stack: known.leaf ? 0 : undefined };
    });
}

function meteringInfo(module: WasmModule, imported: number, initialHeapBytes: number): MeteringInfo {
  const importModules = new Set(module.imports.map((each) => each.module));
  const exportNames = new Set(module.exports.map(({ name }) => name));
  const free = (name: string, taken: ReadonlySet<string>): string => {
    let found = name;
    while (taken.has(found)) found += "'";
    return found;
  };
  const global = (name: string): string => free(`meter ${name}`, exportNames);
  const types = new TypeList(module);
  return {
    version: METERING_VERSION,
    importModule: free('meter', importModules),
    globals: { counter: global('counter'), time: global('time'), stack: global('stack'), heap: global('heap') },
    ...(module.start === undefined ? {} : { start: free('meter start', exportNames) }),
    imports: module.imports.flatMap((each) => {
      if (each.kind !== 'function') return [];
      const type = types.indexOf(each.typeIndex);
      return type === undefined ? [] : [{ module: each.module, name: each.name, type }];
    }),
    exports: module.exports.flatMap(({ name, kind, index }) => {
      const type = kind === 'function' ? types.indexOf(module.functions[index] ?? -1) : undefined;
      return type === undefined ? [] : [{ name, type }];
    }),
    types: types.types,
    functions: { imported, added: Object.keys(meterImports).length, defined: module.functions.length - imported },
    initialPages: sum(module.memories.map(({ minimum }) => minimum)),
    initialHeapBytes,
    initialEntries: sum(module.tables.map(({ limits }) => limits.minimum)),
  };
}

/** The function types of a module that are asked for, each once. */
class TypeList {
  readonly types: FunctionType[] = [];
  readonly #module: WasmModule;
  readonly #places = new Map<number, number>();

  constructor(module: WasmModule) {
    this.#module = module;
  }

  /**
   * The index in the list of a type by its index in the module; `undefined` if it is not a function
   * type.
   */
  indexOf(typeIndex: number): number | undefined {
    const known = this.#places.get(typeIndex);
    if (known !== undefined) return known;
    const type = this.#module.types[typeIndex];
    if (type?.kind !== 'func') return undefined;
    const { params, results, distinct } = type;
    this.#places.set(typeIndex, this.types.length);
    return this.types.push(distinct === undefined ? { params, results } : { params, results, distinct }) - 1;
  }
}

function sum(values: readonly (number | bigint)[]): number {
  return values.reduce((total: number, value) => total + Number(value), 0);
}

function exportMeter(
  support: Support,
  info: MeteringInfo,
  { start }: WasmModule,
  functions: (index: number) => number,
): void {
  // The names of the layout.
  for (const name of Object.keys(meterGlobals) as MeterGlobalName[]) {
    support.export(info.globals[name], 'global', support.global(name));
  }
  if (info.start !== undefined && start !== undefined) support.export(info.start, 'function', functions(start));
}
