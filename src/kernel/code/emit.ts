import { type AssemblyScope, assemble, ModuleWriter, type NumberType, type Signature } from '../../wasm/index.ts';
import {
  type KernelFunctionName,
  kernelFunctionNames,
  kernelFunctionSignature,
  kernelFunctions,
} from '../functions.ts';
import { allocatorFunctions } from './allocator.ts';
import { crossingFunction } from './crossing.ts';
import type { FunctionText } from './function.ts';
import { kernelGlobals } from './globals.ts';
import { inputOutputFunctions } from './input-output.ts';
import { memoryAccessFunctions } from './memory-access.ts';

/** The module name under which emitted modules import JavaScript functions. */
export const JAVASCRIPT_MODULE = 'javascript';

/** Globals by which WebAssembly and the host tell each other how a call of JavaScript ended. Adapters of host functions have their own. */
export const crossingGlobals = ['crossing', 'failed'] as const;

/** Globals that the host reads or sets. */
export const sharedGlobals = /* @__PURE__ */ (() => ['log_level', ...crossingGlobals] as const)();

/** The kernel functions that run in JavaScript. */
export const javascriptFunctionNames = /* @__PURE__ */ kernelFunctionNames.filter(
  (name) => kernelFunctions[name].runs === 'javascript',
);

/** Functions of the host that the kernel itself calls: no plugin can import them. */
const hostFunctions = {
  /** Takes pages from the memory budget (negative: gives them back); 0 when there are not as many. */
  take_pages: { params: ['i32'], results: ['i32'] },
  /**
   * Charges for bytes that were zeroed, looks at the clock, and sets `failed` when fuel or time is
   * up.
   */
  charge_bytes: { params: ['f64'], results: [] },
} as const satisfies Readonly<Record<string, Signature>>;

/** The name of a function of the host that the kernel itself calls. */
export type KernelHostFunctionName = keyof typeof hostFunctions;

/**
 * The kernel as a module of its own. It imports the functions that run in JavaScript, and exports every function of the ABI, `begin`,
 * the memory and the shared globals.
 */
export function emitKernelModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  emitKernel(module, JAVASCRIPT_MODULE, (name) => name);
  return module.bytes();
}

/** A JavaScript function that a module imports itself, and that its code is to call so that a failure cannot be caught. */
export interface AdaptedImport {
  readonly signature: Signature;
  /** Its function index. */
  readonly index: number;
}

/** Where the kernel's functions are in the module that it was written into. */
export interface EmittedKernel {
  /** The function index of every function of the ABI. */
  readonly functions: ReadonlyMap<KernelFunctionName, number>;
  /** The function index of what stands in for each adapted import, in their order. */
  readonly adapters: readonly number[];
}

/**
 * Writes the kernel into a module.
 *
 * @param importModule the module name under which it imports the functions that run in JavaScript.
 * @param exportName under which name something is exported: every function of the ABI, `begin`, `memory`, the shared globals.
 * @param adapted imports to write functions for that stand in for them (see {@link crossingFunction}).
 */
export function emitKernel(
  module: ModuleWriter,
  importModule: string,
  exportName: (name: string) => string,
  adapted: readonly AdaptedImport[] = [],
): EmittedKernel {
  const functions = new Map<string, number>();
  for (const name of javascriptFunctionNames) {
    functions.set(javascriptName(name), module.importFunction(importModule, name, kernelFunctionSignature(name)));
  }
  for (const [name, signature] of Object.entries(hostFunctions)) {
    functions.set(javascriptName(name), module.importFunction(importModule, name, signature));
  }
  const texts: Readonly<Record<string, FunctionText>> = {
    ...allocatorFunctions,
    ...memoryAccessFunctions,
    ...inputOutputFunctions,
    ...crossingFunctions(),
  };
  const first = module.nextFunction;
  Object.keys(texts).forEach((name, at) => {
    functions.set(name, first + at);
  });

  const globals = new Map<string, number>();
  for (const [name, { type, initial }] of Object.entries(kernelGlobals)) {
    globals.set(name, module.global(type, true, BigInt(initial)));
  }
  const memory = module.memory(1);
  for (const text of Object.values(texts)) defineFunction(module, text, { functions, globals, memory });
  const adapters = adapted.map(({ signature, index }) => {
    const text = crossingFunction(signature, 'adapted');
    return defineFunction(module, text, { functions: new Map([['adapted', index]]), globals, memory });
  });

  module.export(exportName('memory'), 'memory', memory);
  for (const name of sharedGlobals) module.export(exportName(name), 'global', indexOf(globals, name));
  for (const name of [...kernelFunctionNames, 'begin']) {
    module.export(exportName(name), 'function', indexOf(functions, name));
  }
  return { functions: new Map(kernelFunctionNames.map((name) => [name, indexOf(functions, name)])), adapters };
}

/**
 * A module of functions with the given types, each of which calls a JavaScript function of the same type so that its failure cannot be
 * caught (see {@link crossingFunction}). Imports `javascript` "0", "1", ...; exports "0", "1", ..., and `crossing` and `failed` of its own.
 */
export function emitAdapterModule(signatures: readonly Signature[]): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  const functions = new Map<string, number>();
  const globals = new Map<string, number>();
  signatures.forEach((signature, index) => {
    functions.set(javascriptName(String(index)), module.importFunction(JAVASCRIPT_MODULE, String(index), signature));
  });
  for (const name of crossingGlobals) {
    const { type, initial } = kernelGlobals[name];
    globals.set(name, module.global(type, true, BigInt(initial)));
  }
  signatures.forEach((signature, index) => {
    const text = crossingFunction(signature, javascriptName(String(index)));
    module.export(String(index), 'function', defineFunction(module, text, { functions, globals, memory: 0 }));
  });
  for (const name of crossingGlobals) module.export(name, 'global', indexOf(globals, name));
  return module.bytes();
}

function javascriptName(name: string): string {
  return `javascript_${name}`;
}

function crossingFunctions(): Record<string, FunctionText> {
  const texts = javascriptFunctionNames.map((name) => [
    name,
    crossingFunction(kernelFunctionSignature(name), javascriptName(name)),
  ]);
  return Object.fromEntries(texts);
}

function defineFunction(module: ModuleWriter, text: FunctionText, scope: Omit<AssemblyScope, 'locals'>): number {
  const locals = new Map(
    [...Object.keys(text.params), ...Object.keys(text.locals)].map((name, index) => [name, index]),
  );
  const params: NumberType[] = Object.values(text.params);
  const body = assemble(text.body, { locals, ...scope });
  return module.function({ params, results: text.results }, Object.values(text.locals), body);
}

function indexOf(indices: ReadonlyMap<string, number>, name: string): number {
  const index = indices.get(name);
  if (index === undefined) throw new RangeError(`the kernel defines no ${name}`);
  return index;
}
