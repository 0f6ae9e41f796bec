import { FunctionNames } from '../../inspection/function-names.ts';
import { FunctionPrinter, readModule } from '../../wasm/index.ts';
import type { PluginInput } from '../worker/plugin-input.ts';

/** What is looked for among the functions of a plugin. */
export interface FunctionQuery extends PluginInput {
  /** An index, or a part of a name; '' for all. */
  readonly query: string;
}

/** A function that was found. */
export interface FoundFunction {
  readonly index: number;
  /** What it is called; '' if nothing names it. Anything may stand in it. */
  readonly name: string;
  readonly isImported: boolean;
  /** The bytes of its body; 0 if it is imported. */
  readonly size: number;
}

/** The functions that were found. */
export interface FoundFunctions {
  /**
   * At most {@link FOUND_MAX}: that of the index, then those that are exported, then by size.
   */
  readonly functions: readonly FoundFunction[];
  /** How many were found, with those that are not listed. */
  readonly found: number;
  /** How many functions the module has. */
  readonly total: number;
}

/** The most functions that are listed. */
export const FOUND_MAX = 100;

/** Looks for functions by index or name. Upper and lower case are the same. */
export function findFunctions({ bytes, query }: FunctionQuery): FoundFunctions {
  const module = readModule(bytes);
  const printer = new FunctionPrinter(bytes, module);
  const names = new FunctionNames(module, printer);
  const wanted = query.trim().toLowerCase();
  const asIndex = /^\d+$/.test(wanted) ? Number(wanted) : undefined;
  const found: { readonly index: number; readonly size: number; readonly rank: number }[] = [];
  for (let index = 0; index < module.functions.length; index++) {
    if (wanted !== '' && index !== asIndex && !names.of(index).toLowerCase().includes(wanted)) continue;
    const rank = index === asIndex ? 0 : names.isExported(index) ? 1 : 2;
    found.push({ index, size: printer.bodyBytes(index), rank });
  }
  found.sort((a, b) => a.rank - b.rank || b.size - a.size || a.index - b.index);
  const functions = found
    .slice(0, FOUND_MAX)
    .map(({ index, size }) => ({ index, name: names.of(index), size, isImported: index < names.imported }));
  return { functions, found: found.length, total: module.functions.length };
}
