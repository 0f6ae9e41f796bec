import type { CodeWriter, NumberType, Signature } from '../../wasm/index.ts';
import {
  type KernelFunctionName,
  kernelFunctionNames,
  kernelFunctionSignature,
  kernelFunctions,
} from '../functions.ts';

/*
 * What an emitted module and its host agree on: names of imports, shared globals, and how a call of
 * JavaScript ends.
 */

/** The module name of the JavaScript functions that emitted modules import. */
export const JAVASCRIPT_MODULE = 'javascript';

/** The kernel functions that run in JavaScript. */
export const javascriptFunctionNames = /* @__PURE__ */ kernelFunctionNames.filter(
  (name) => kernelFunctions[name].runs === 'javascript',
);

/** Functions of the host that the kernel itself calls. A plugin cannot import them. */
export const kernelHostFunctions = {
  /** Takes pages from the memory budget (negative: returns them). Returns 0 if it has too few. */
  take_pages: { params: ['i32'], results: ['i32'] },
  /**
   * Charges for bytes that were zeroed, and reads the clock. Sets `failed` if fuel or time is
   * exhausted.
   */
  charge_bytes: { params: ['f64'], results: [] },
} as const satisfies Readonly<Record<string, Signature>>;

/** The functions that the kernel imports, in this order. */
export const kernelImports: readonly (readonly [name: string, type: Signature])[] = /* @__PURE__ */ (() => [
  ...javascriptFunctionNames.map((name) => [name, kernelFunctionSignature(name)] as const),
  ...Object.entries(kernelHostFunctions),
])();

/** The name of a function of the host that the kernel itself calls. */
export type KernelHostFunctionName = keyof typeof kernelHostFunctions;

/**
 * Globals in which WebAssembly and the host record how a call of JavaScript ended. An adapter
 * module has its own.
 */
export const crossingGlobals = ['crossing', 'failed'] as const;

/** Globals of the kernel that the host reads or sets. */
export const sharedGlobals = /* @__PURE__ */ (() => ['log_level', ...crossingGlobals] as const)();

/** Functions of the ABI that the host itself calls. A plugin's module exports no others. */
export const hostCalledFunctions = [
  'alloc',
  'free',
  'length',
  'output_offset',
  'output_length',
  'error_get',
] as const satisfies readonly KernelFunctionName[];

/** A function as text: its type, its locals and its instructions (see `assemble` in src/wasm). */
export interface FunctionText {
  /** Parameter types by name. */
  readonly params: Readonly<Record<string, NumberType>>;
  readonly results: readonly NumberType[];
  /** Local types by name. */
  readonly locals: Readonly<Record<string, NumberType>>;
  readonly body: string;
}

/**
 * Marks instructions that call JavaScript, so that the host notices an exception which passes the
 * kernel.
 *
 * @param instructions as text.
 * @returns the instructions, with the global `crossing` set to 1 before and to 0 after them.
 */
export function crossing(instructions: string): string {
  return `i32.const 1  global.set $crossing  ${instructions}  i32.const 0  global.set $crossing`;
}

/** What a function that calls JavaScript refers to, by index. */
export interface CrossingIndices {
  /** The imported JavaScript function. */
  readonly javascript: number;
  /** The two {@link crossingGlobals}. */
  readonly crossing: number;
  readonly failed: number;
}

/**
 * Writes a function that calls a JavaScript function so that a plugin cannot catch its failure.
 *
 * A plugin can catch what JavaScript throws. So JavaScript never throws: it stores its failure and
 * sets `$failed`, and this function executes the trap that ends the call. An exception may still
 * pass this function, such as a stack overflow of the engine. Then `$crossing` stays 1, which the
 * host reads after the call.
 *
 * @param code where its instructions are written, without the final `end`.
 * @param parameters how many the JavaScript function has, and so this one.
 */
export function writeCrossing(code: CodeWriter, parameters: number, indices: CrossingIndices): void {
  const { javascript, crossing, failed } = indices;
  code.i32Const(1).globalSet(crossing);
  for (let index = 0; index < parameters; index++) code.localGet(index);
  code.call(javascript).i32Const(0).globalSet(crossing);
  code.globalGet(failed).if().unreachable().end();
}
