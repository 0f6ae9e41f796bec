import type { NumberType, Signature } from '../wasm/index.ts';

/** The namespace from which plugins import the kernel's functions. */
export const KERNEL_NAMESPACE = 'extism:host/env';

/**
 * Fuel for each byte that JavaScript reads from or writes to a block for a plugin, in kernel
 * functions and for arguments and results of host functions. `reset` charges it too if it zeroes
 * many bytes. Wasmtime charges as much for a byte of `memory.copy`.
 */
export const FUEL_PER_BYTE = 1;

/** A function of `extism:host/env`. The names of its parameters show which of them are handles. */
export interface KernelFunction {
  readonly params: readonly KernelParameter[];
  readonly results: readonly NumberType[];
  /**
   * `webassembly`: code that this package emits. `javascript`: a JavaScript function behind emitted
   * WebAssembly.
   */
  readonly runs: 'webassembly' | 'javascript';
  /**
   * Fuel for a call, not counting the call instruction. It is what the reference's metered kernel
   * burns while few blocks are live (abi/KERNEL.md, "Fuel").
   */
  readonly fuel: number;
}

/** A named parameter of a kernel function. */
export interface KernelParameter {
  readonly name: string;
  readonly type: NumberType;
}

const handle = { name: 'handle', type: 'i64' } as const;
const offset = { name: 'offset', type: 'i64' } as const;
const index = { name: 'index', type: 'i64' } as const;
const length = { name: 'length', type: 'i64' } as const;
const key = { name: 'key', type: 'i64' } as const;
const value = { name: 'value', type: 'i64' } as const;
const message = { name: 'message', type: 'i64' } as const;

const logs = {
  params: [message],
  results: [],
  runs: 'javascript',
  fuel: 150,
} as const;

/**
 * Every function that a plugin may import from `extism:host/env`, by its ABI name (abi/KERNEL.md).
 */
export const kernelFunctions = {
  alloc: {
    params: [length],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 67,
  },
  free: {
    params: [handle],
    results: [],
    runs: 'webassembly',
    fuel: 78,
  },
  length: {
    params: [handle],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 72,
  },
  length_unsafe: {
    params: [handle],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 32,
  },
  load_u8: {
    params: [offset],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 21,
  },
  load_u64: {
    params: [offset],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 24,
  },
  store_u8: {
    params: [offset, { name: 'byte', type: 'i32' }],
    results: [],
    runs: 'webassembly',
    fuel: 18,
  },
  store_u64: {
    params: [offset, { name: 'word', type: 'i64' }],
    results: [],
    runs: 'webassembly',
    fuel: 21,
  },
  input_length: { params: [], results: ['i64'], runs: 'webassembly', fuel: 13 },
  input_offset: { params: [], results: ['i64'], runs: 'webassembly', fuel: 13 },
  input_load_u8: {
    params: [index],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 26,
  },
  input_load_u64: {
    params: [index],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 28,
  },
  input_set: {
    params: [offset, length],
    results: [],
    runs: 'webassembly',
    fuel: 44,
  },
  output_set: {
    params: [offset, length],
    results: [],
    runs: 'webassembly',
    fuel: 44,
  },
  output_length: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
  },
  output_offset: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
  },
  error_set: {
    params: [handle],
    results: [],
    runs: 'webassembly',
    fuel: 28,
  },
  error_get: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
  },
  reset: {
    params: [],
    results: [],
    runs: 'webassembly',
    fuel: 526,
  },
  memory_bytes: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
  },
  config_get: {
    params: [key],
    results: ['i64'],
    runs: 'javascript',
    fuel: 217,
  },
  var_get: {
    params: [key],
    results: ['i64'],
    runs: 'javascript',
    fuel: 217,
  },
  var_set: {
    params: [key, value],
    results: [],
    runs: 'javascript',
    fuel: 346,
  },
  http_request: {
    params: [
      { name: 'request', type: 'i64' },
      { name: 'body', type: 'i64' },
    ],
    results: ['i64'],
    runs: 'javascript',
    fuel: 150,
  },
  http_status_code: {
    params: [],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 0,
  },
  http_headers: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 0,
  },
  log_trace: logs,
  log_debug: logs,
  log_info: logs,
  log_warn: logs,
  log_error: logs,
  get_log_level: {
    params: [],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 0,
  },
} as const satisfies Readonly<Record<string, KernelFunction>>;

/** The ABI name of a kernel function. */
export type KernelFunctionName = keyof typeof kernelFunctions;

/** The name of a kernel function that runs in JavaScript. */
export type JavascriptFunctionName = {
  [N in KernelFunctionName]: (typeof kernelFunctions)[N]['runs'] extends 'javascript' ? N : never;
}[KernelFunctionName];

/** All ABI names, in the order of the table. */
// Object.keys of a literal returns exactly its keys, and `keyof` names the same.
export const kernelFunctionNames = /* @__PURE__ */ Object.keys(kernelFunctions) as readonly KernelFunctionName[];

/** Whether a name is that of a kernel function. */
export function isKernelFunctionName(name: string): name is KernelFunctionName {
  return Object.hasOwn(kernelFunctions, name);
}

/** Returns the WebAssembly type of a kernel function. */
export function kernelFunctionSignature(name: KernelFunctionName): Signature {
  const { params, results }: KernelFunction = kernelFunctions[name];
  return { params: params.map((param) => param.type), results };
}

/** The levels at which a plugin may log, from the least to the most severe. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** A level at which a plugin may log. */
export type KernelLogLevel = (typeof logLevels)[number];

/** What `get_log_level` returns if logging is off: the largest i32. */
const OFF = 0x7fffffff;

/** Returns the number of a level (abi/KERNEL.md, `get_log_level`). */
export function logLevelNumber(level: KernelLogLevel | 'off'): number {
  return level === 'off' ? OFF : logLevels.indexOf(level);
}

/**
 * Why the kernel ended a plugin call.
 *
 * - `HostFunction`: a host function threw, or got an invalid handle. `thrown` is what it threw.
 * - `KernelFunction`: a kernel function had to end the call. The handle was invalid, the variable
 *   store was full, or the plugin asked for HTTP.
 */
export type KernelFailure =
  | { readonly kind: 'HostFunction'; readonly function: string; readonly reason: string; readonly thrown: unknown }
  | { readonly kind: 'KernelFunction'; readonly function: string; readonly reason: string };

/**
 * Thrown in the JavaScript part of kernel functions and by the methods of a host function's
 * context. Its message becomes the failure's reason.
 */
export class KernelFunctionError extends Error {
  override readonly name = 'KernelFunctionError';
}
