import type { FunctionType } from '../wasm/index.ts';

/** The types that the functions of a plugin must have, as {@link signatureOf} writes them. */
export const SIGNATURES = {
  cc_lb_alloc: 'i32,i32 -> i32',
  cc_lb_free: 'i32,i32,i32 ->',
  hook: 'i32,i32 -> i64',
} as const;

/** Writes the type of a function as failures show it: `i32,i32 -> i64`. */
export function signatureOf({ params, results }: FunctionType): string {
  return `${params.join()} -> ${results.join()}`.trim();
}
