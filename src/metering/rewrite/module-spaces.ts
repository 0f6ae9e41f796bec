import {
  type FunctionType,
  functionType,
  isNumberType,
  type ModuleImport,
  referencedFunctions,
  type TableType,
  type ValueType,
  type WasmModule,
} from '../../wasm/index.ts';
import type { IndexType } from './support-functions.ts';

/** What metering needs to know of a module beside its code: the index spaces, imports first. */
export interface ModuleSpaces {
  readonly module: WasmModule;
  readonly importedFunctions: number;
  /** How many globals there are, imported and defined. */
  readonly globals: number;
  readonly memories: readonly { readonly type: IndexType; readonly imported: boolean }[];
  readonly tables: readonly { readonly type: IndexType; readonly elementType: ValueType; readonly imported: boolean }[];
  /**
   * Whether the host, or another instance, can call a function: by an export, or by a reference
   * that may get out of the module.
   */
  readonly isExported: (functionIndex: number) => boolean;
  /**
   * Whether exceptions can be kept, any number of them: in a table, in an object, or each in the
   * next.
   */
  readonly keepsExceptions: boolean;
  /** Bytes of the values that an exception of the module's tags carries at most. */
  readonly exceptionBytes: number;
}

/** @param globalTypes of the globals that the module's own section declares. */
export function moduleSpaces(bytes: Uint8Array, module: WasmModule, globalTypes: readonly ValueType[]): ModuleSpaces {
  const imported = <K extends ModuleImport['kind']>(kind: K) =>
    module.imports.filter((candidate): candidate is Extract<ModuleImport, { kind: K }> => candidate.kind === kind);
  const table = ({ elementType, limits }: TableType, isImported: boolean) => ({
    type: limits.indexType,
    elementType,
    imported: isImported,
  });
  const tables = [
    ...imported('table').map((type) => table(type, true)),
    ...module.tables.map((type) => table(type, false)),
  ];
  const globals = [...imported('global').map(({ valueType }) => valueType), ...globalTypes];
  const called = callableFunctions(bytes, module, globals);
  return {
    module,
    importedFunctions: imported('function').length,
    globals: globals.length,
    memories: [
      ...imported('memory').map(({ limits }) => ({ type: limits.indexType, imported: true })),
      ...module.memories.map(({ indexType }) => ({ type: indexType, imported: false })),
    ],
    tables,
    isExported: (index) => called.has(index),
    keepsExceptions: keepsExceptions(module, [...globals, ...tables.map(({ elementType }) => elementType)]),
    exceptionBytes: module.tags.reduce((most, _, index) => Math.max(most, tagBytes(tagType(module, index))), 0),
  };
}

/**
 * The functions that can be called from outside: those that are exported and, when references get
 * out of the module, those that there can be one of.
 */
function callableFunctions(bytes: Uint8Array, module: WasmModule, globals: readonly ValueType[]): ReadonlySet<number> {
  if (sharesReferences(module, globals)) return referencedFunctions(bytes, module);
  return new Set(module.exports.flatMap(({ kind, index }) => (kind === 'function' ? [index] : [])));
}

/**
 * Whether a reference can get out of a module, or into it: by a table, or as a value of an import
 * or export.
 */
function sharesReferences(module: WasmModule, globals: readonly ValueType[]): boolean {
  const shared = [
    ...(['function', 'global', 'tag', 'table'] as const).flatMap((kind) =>
      module.imports.filter((imported) => imported.kind === kind).map((_, index) => ({ kind, index })),
    ),
    ...module.exports,
  ];
  const hasObjects = module.types.some(({ kind }) => kind !== 'func');
  const values = (type: FunctionType | undefined): readonly ValueType[] =>
    type === undefined ? [] : [...type.params, ...type.results];
  return shared.some(({ kind, index }) => {
    if (kind === 'table') return true;
    if (kind === 'function') return values(functionType(module, index)).some((type) => isReference(type, hasObjects));
    if (kind === 'tag') return values(tagType(module, index)).some((type) => isReference(type, hasObjects));
    return kind === 'global' && isReference(globals[index] ?? 'i32', hasObjects);
  });
}

/**
 * Whether a value of a type can be, or hold, a reference to a function. Those from the host can
 * when there are objects, which it may have been given.
 */
function isReference(type: ValueType, hasObjects: boolean): boolean {
  if (type === 'externref' || type === 'nullexternref') return hasObjects;
  return !isNumberType(type) && type !== 'v128';
}

function tagType(module: WasmModule, index: number): FunctionType | undefined {
  const type = module.types[module.tags[index] ?? -1];
  return type?.kind === 'func' ? type : undefined;
}

/** Bytes of the values that an exception of a tag carries. */
export function tagBytes(type: FunctionType | undefined): number {
  return (type?.params ?? []).reduce((bytes, param) => bytes + (param === 'v128' ? 16 : 8), 0);
}

/** @param places types of globals and of the elements of tables. */
function keepsExceptions(module: WasmModule, places: readonly ValueType[]): boolean {
  if (module.tags.length === 0) return false;
  const carried = module.tags.flatMap((_, index) => tagType(module, index)?.params ?? []);
  // What is in objects is not known, but that they are charged is.
  return [...places, ...carried].some((type) => /exn/.test(type)) || module.types.some(({ kind }) => kind !== 'func');
}
