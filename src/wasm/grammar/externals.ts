import type { Limits, ValueType } from '../encoding/types.ts';

/*
 * What modules import and export. Prepared plugins are loaded with this alone, without what reads
 * modules.
 */

/** The kinds of imports and exports, as the JavaScript API names them. */
export type ExternalKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

/** The external kinds, each at the index of its byte (specification 5.5.5, "Import Section"). */
export const EXTERNAL_KINDS: readonly ExternalKind[] = ['function', 'table', 'memory', 'global', 'tag'];

/** The type of a table: the type of its entries, and how many it has. */
export interface TableType {
  readonly elementType: ValueType;
  readonly limits: Limits;
}

/** The type of a global (specification 5.3.14). */
export interface GlobalType {
  readonly valueType: ValueType;
  readonly mutable: boolean;
}

/** The type of an import. `typeIndex` is an index of the type section. */
export type ExternalType =
  | { readonly kind: 'function'; readonly typeIndex: number }
  | ({ readonly kind: 'table' } & TableType)
  | { readonly kind: 'memory'; readonly limits: Limits }
  | ({ readonly kind: 'global' } & GlobalType)
  | { readonly kind: 'tag'; readonly typeIndex: number };

/** An import, with the type that it must have. */
export type ModuleImport = { readonly module: string; readonly name: string } & ExternalType;

/** An export. `index` is an index in the index space of its kind, where imports come first. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}
