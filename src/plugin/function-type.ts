import type { FunctionType } from '../wasm/index.ts';

/**
 * How many parameters or results of a type a text spells out. Real functions have fewer; a module
 * may declare a thousand.
 */
const TYPES_SHOWN = 16;

/**
 * A function type as the errors write it: `(i64, i32) -> (i64)`. Of a long list the beginning, and
 * how many more there are.
 */
export function formatFunctionType({ params, results, distinct }: FunctionType): string {
  const own = distinct === true ? ', declared as a type that is no other' : '';
  return `(${list(params)}) -> (${list(results)})${own}`;
}

function list(types: readonly string[]): string {
  const shown = types.slice(0, TYPES_SHOWN).join(', ');
  return types.length > TYPES_SHOWN ? `${shown}, … ${types.length - TYPES_SHOWN} more` : shown;
}

/**
 * Whether two function types are the same. A `distinct` type equals no other, whatever its
 * parameters.
 */
export function sameFunctionType(a: FunctionType, b: FunctionType): boolean {
  return a.distinct !== true && b.distinct !== true && sameTypes(a.params, b.params) && sameTypes(a.results, b.results);
}

function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, index) => type === b[index]);
}
