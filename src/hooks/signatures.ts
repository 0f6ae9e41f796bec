import type { FunctionType } from '../wasm/index.ts';

/** The types that the functions of a plugin must have. */
export const SIGNATURES = {
  cc_lb_alloc: { params: ['i32', 'i32'], results: ['i32'] },
  cc_lb_free: { params: ['i32', 'i32', 'i32'], results: [] },
  hook: { params: ['i32', 'i32'], results: ['i64'] },
} as const satisfies Readonly<Record<string, FunctionType>>;

/** Writes the type of a function as failures show it: `i32,i32 -> i64`. */
export function signatureOf({ params, results }: FunctionType): string {
  return `${params.join()} -> ${results.join()}`.trim();
}
