import { functionType, type WasmModule } from '../wasm/index.ts';
import type { Declarations } from './inspect-warnings.ts';

/** Returns the declarations of a module that was read. */
export function declarationsOf(module: WasmModule): Declarations {
  const functions = module.exports.flatMap(({ name, kind, index }) => {
    const type = kind === 'function' ? functionType(module, index) : undefined;
    return type === undefined ? [] : [[name, type] as const];
  });
  return {
    functions: new Map(functions),
    initialPages: sum(module.memories),
    initialEntries: sum(module.tables.map(({ limits }) => limits)),
  };
}

function sum(limits: readonly { readonly minimum: number | bigint }[]): number {
  return limits.reduce((total, { minimum }) => total + Number(minimum), 0);
}
