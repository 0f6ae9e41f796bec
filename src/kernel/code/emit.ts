import { type AssemblyScope, assemble, ModuleBuilder, type NumberType, type Signature } from '../../wasm/index.ts';
import { type KernelFunctionName, kernelFunctionNames, kernelFunctionSignature } from '../functions.ts';
import {
  crossingFunction,
  crossingGlobals,
  type FunctionText,
  hostCalledFunctions,
  JAVASCRIPT_MODULE,
  javascriptFunctionNames,
  kernelHostFunctions,
  sharedGlobals,
} from './abi.ts';
import { allocatorFunctions } from './allocator.ts';
import { inputOutputFunctions } from './input-output.ts';
import { kernelGlobals } from './layout.ts';
import { memoryAccessFunctions } from './memory-access.ts';

/**
 * Emits the kernel as a module of its own.
 *
 * @returns a module that imports the functions that run in JavaScript, and exports every function
 * of the ABI, `begin`, the memory and the shared globals.
 */
export function emitKernelModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  emitKernel(module, JAVASCRIPT_MODULE, (name) => name, [], kernelFunctionNames);
  return module.bytes();
}

/** A JavaScript function that the module of a plugin imports, and that gets an adapter. */
export interface AdaptedImport {
  readonly signature: Signature;
  /** Its function index. */
  readonly index: number;
}

/** Where the kernel is in the module that it was emitted into. */
export interface EmittedKernel {
  /** The function index of every function of the ABI. */
  readonly functions: ReadonlyMap<KernelFunctionName, number>;
  /** The function index of the adapter of each adapted import, in their order. */
  readonly adapters: readonly number[];
}

/**
 * Emits the kernel into a module.
 *
 * @param module the module.
 * @param importModule the module name of its imports, the functions that run in JavaScript.
 * @param exportName gives the name of an export from its name in the kernel: the exported functions
 * of the ABI, `begin`, `memory`, and the shared globals.
 * @param adapted imports that get an adapter: a function to call instead of them, see
 * {@link crossingFunction}.
 * @param exported the functions of the ABI that are exported; by default those that the host calls.
 * Each takes memory in every instance.
 * @returns the indices of what was emitted.
 */
export function emitKernel(
  module: ModuleBuilder,
  importModule: string,
  exportName: (name: string) => string,
  adapted: readonly AdaptedImport[] = [],
  exported: readonly KernelFunctionName[] = hostCalledFunctions,
): EmittedKernel {
  const functions = new Map<string, number>();
  for (const name of javascriptFunctionNames) {
    functions.set(javascriptName(name), module.importFunction(importModule, name, kernelFunctionSignature(name)));
  }
  for (const [name, signature] of Object.entries(kernelHostFunctions)) {
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

  // The keys of an object that is declared with these only.
  const globals = defineGlobals(module, Object.keys(kernelGlobals) as (keyof typeof kernelGlobals)[]);
  const memory = module.memory(1);
  for (const text of Object.values(texts)) defineFunction(module, text, { functions, globals, memory });
  const adapters = adapted.map(({ signature, index }) => {
    const text = crossingFunction(signature, 'adapted');
    return defineFunction(module, text, { functions: new Map([['adapted', index]]), globals, memory });
  });

  module.export(exportName('memory'), 'memory', memory);
  for (const name of sharedGlobals) module.export(exportName(name), 'global', indexOf(globals, name));
  for (const name of [...exported, 'begin']) {
    module.export(exportName(name), 'function', indexOf(functions, name));
  }
  return { functions: new Map(kernelFunctionNames.map((name) => [name, indexOf(functions, name)])), adapters };
}

/**
 * Emits a module of adapters: functions that call a JavaScript function so that a plugin cannot
 * catch its failure, see {@link crossingFunction}.
 *
 * @param signatures the type of each function.
 * @returns a module that imports "0", "1", ... of {@link JAVASCRIPT_MODULE}; and exports the
 * adapters "0", "1", ..., and its own globals `crossing` and `failed`.
 */
export function emitAdapterModule(signatures: readonly Signature[]): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const functions = new Map<string, number>();
  signatures.forEach((signature, index) => {
    functions.set(javascriptName(String(index)), module.importFunction(JAVASCRIPT_MODULE, String(index), signature));
  });
  const globals = defineGlobals(module, crossingGlobals);
  signatures.forEach((signature, index) => {
    const text = crossingFunction(signature, javascriptName(String(index)));
    module.export(String(index), 'function', defineFunction(module, text, { functions, globals, memory: 0 }));
  });
  for (const name of crossingGlobals) module.export(name, 'global', indexOf(globals, name));
  return module.bytes();
}

/** The name of an imported JavaScript function in the text of functions. */
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

/** Defines globals of the kernel. Returns their indices by name. */
function defineGlobals(
  module: ModuleBuilder,
  names: readonly (keyof typeof kernelGlobals)[],
): ReadonlyMap<string, number> {
  return new Map(
    names.map((name) => {
      const { type, initial } = kernelGlobals[name];
      return [name, module.global(type, true, BigInt(initial))];
    }),
  );
}

/** Defines a function. Returns its index. */
function defineFunction(module: ModuleBuilder, text: FunctionText, scope: Omit<AssemblyScope, 'locals'>): number {
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
