import type { ModuleImport, TableType, ValueType, WasmModule } from '../wasm/index.ts';
import type { IndexType } from './support-text.ts';

/** What metering needs to know of a module beside its code: the index spaces, imports first. */
export interface ModuleSpaces {
  readonly module: WasmModule;
  readonly importedFunctions: number;
  /** How many globals there are, imported and defined. */
  readonly globals: number;
  readonly memories: readonly { readonly type: IndexType; readonly imported: boolean }[];
  readonly tables: readonly { readonly type: IndexType; readonly elementType: ValueType; readonly imported: boolean }[];
  /** Whether the host, or another instance, can call a function: by an export, or through a table that the module shares. */
  readonly isExported: (functionIndex: number) => boolean;
}

/** @param definedGlobals how many globals the module's own section declares. */
export function moduleSpaces(module: WasmModule, definedGlobals: number): ModuleSpaces {
  const imported = <K extends ModuleImport['kind']>(kind: K) =>
    module.imports.filter((candidate): candidate is Extract<ModuleImport, { kind: K }> => candidate.kind === kind);
  const table = ({ elementType, limits }: TableType, isImported: boolean) => ({
    type: limits.indexType,
    elementType,
    imported: isImported,
  });
  const exported = new Set(module.exports.flatMap(({ kind, index }) => (kind === 'function' ? [index] : [])));
  const sharesTable = imported('table').length > 0 || module.exports.some(({ kind }) => kind === 'table');
  return {
    module,
    importedFunctions: imported('function').length,
    globals: imported('global').length + definedGlobals,
    memories: [
      ...imported('memory').map(({ limits }) => ({ type: limits.indexType, imported: true })),
      ...module.memories.map(({ indexType }) => ({ type: indexType, imported: false })),
    ],
    tables: [...imported('table').map((type) => table(type, true)), ...module.tables.map((type) => table(type, false))],
    isExported: sharesTable ? () => true : (index) => exported.has(index),
  };
}
