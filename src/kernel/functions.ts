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
  readonly meaning: string;
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
  meaning: 'logs the message block at this level and frees it',
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
    meaning: 'allocates a block of that many bytes; returns 0 if length is 0 or memory is exhausted',
  },
  free: {
    params: [handle],
    results: [],
    runs: 'webassembly',
    fuel: 78,
    meaning: 'frees the block that starts at the handle; ignores any other handle',
  },
  length: {
    params: [handle],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 72,
    meaning: 'returns the length of the live block that starts at the handle, else 0',
  },
  length_unsafe: {
    params: [handle],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 32,
    meaning: 'does the same as length',
  },
  load_u8: {
    params: [offset],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 21,
    meaning: 'returns a byte of kernel memory; 0 if out of bounds',
  },
  load_u64: {
    params: [offset],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 24,
    meaning: 'returns eight bytes of kernel memory; 0 if out of bounds',
  },
  store_u8: {
    params: [offset, { name: 'byte', type: 'i32' }],
    results: [],
    runs: 'webassembly',
    fuel: 18,
    meaning: 'stores the low 8 bits; nothing if out of bounds',
  },
  store_u64: {
    params: [offset, { name: 'word', type: 'i64' }],
    results: [],
    runs: 'webassembly',
    fuel: 21,
    meaning: 'stores eight bytes; nothing if out of bounds',
  },
  input_length: { params: [], results: ['i64'], runs: 'webassembly', fuel: 13, meaning: "returns the input's length" },
  input_offset: { params: [], results: ['i64'], runs: 'webassembly', fuel: 13, meaning: "returns the input's handle" },
  input_load_u8: {
    params: [index],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 26,
    meaning: 'returns a byte of the input; 0 past its end',
  },
  input_load_u64: {
    params: [index],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 28,
    meaning: 'returns eight bytes of the input; 0 if they pass its end',
  },
  input_set: {
    params: [offset, length],
    results: [],
    runs: 'webassembly',
    fuel: 44,
    meaning: 'declares the input; ignores a range out of bounds',
  },
  output_set: {
    params: [offset, length],
    results: [],
    runs: 'webassembly',
    fuel: 44,
    meaning: 'declares the output; ignores a range out of bounds',
  },
  output_length: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
    meaning: "returns the output's length",
  },
  output_offset: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
    meaning: "returns the output's offset",
  },
  error_set: {
    params: [handle],
    results: [],
    runs: 'webassembly',
    fuel: 28,
    meaning: 'sets the error message; 0 clears it; ignores a handle out of bounds',
  },
  error_get: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
    meaning: "returns the error message's handle, or 0",
  },
  reset: {
    params: [],
    results: [],
    runs: 'webassembly',
    fuel: 526,
    meaning: 'drops all blocks, zeroes the used memory, clears input, output and error',
  },
  memory_bytes: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 13,
    meaning: 'returns the size of kernel memory in bytes',
  },
  config_get: {
    params: [key],
    results: ['i64'],
    runs: 'javascript',
    fuel: 217,
    meaning: 'returns a block with the value of a configuration key, or 0; frees the key',
  },
  var_get: {
    params: [key],
    results: ['i64'],
    runs: 'javascript',
    fuel: 217,
    meaning: 'returns a copy of a variable, or 0; frees the key',
  },
  var_set: {
    params: [key, value],
    results: [],
    runs: 'javascript',
    fuel: 346,
    meaning: 'copies a block into a variable, or removes the variable if value is 0; frees both',
  },
  http_request: {
    params: [
      { name: 'request', type: 'i64' },
      { name: 'body', type: 'i64' },
    ],
    results: ['i64'],
    runs: 'javascript',
    fuel: 150,
    meaning: 'ends the call: plugins may not reach any host',
  },
  http_status_code: {
    params: [],
    results: ['i32'],
    runs: 'webassembly',
    fuel: 0,
    meaning: 'returns 0: there is never a response',
  },
  http_headers: {
    params: [],
    results: ['i64'],
    runs: 'webassembly',
    fuel: 0,
    meaning: 'returns 0: there is never a response',
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
    meaning: 'returns trace 0, debug 1, info 2, warn 3, error 4, off 2147483647',
  },
} as const satisfies Readonly<Record<string, KernelFunction>>;

/** The ABI name of a kernel function. */
export type KernelFunctionName = keyof typeof kernelFunctions;

/** All ABI names, in the order of the table. */
// Object.keys of a literal returns exactly its keys, and `keyof` names the same.
export const kernelFunctionNames = Object.keys(kernelFunctions) as readonly KernelFunctionName[];

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
