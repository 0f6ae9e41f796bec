import { CodeWriter, ModuleBuilder, type Signature } from '../../wasm/index.ts';
import { type KernelFunctionName, kernelFunctionNames, kernelFunctionSignature } from '../functions.ts';
import {
  crossingGlobals,
  hostCalledFunctions,
  JAVASCRIPT_MODULE,
  javascriptFunctionNames,
  kernelImports,
  sharedGlobals,
  writeCrossing,
} from './abi.ts';
import { kernelCode } from './code.generated.ts';
import { kernelGlobals } from './layout.ts';

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
 * {@link writeCrossing}.
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
  const imports = kernelImports.map(([name, signature]) => module.importFunction(importModule, name, signature));
  const functions = new Map<string, number>();
  const first = module.nextFunction;
  for (const name of [...Object.keys(kernelCode), ...javascriptFunctionNames]) {
    functions.set(name, first + functions.size);
  }
  // The keys of an object that is declared with these only.
  const globals = defineGlobals(module, Object.keys(kernelGlobals) as (keyof typeof kernelGlobals)[]);
  const memory = module.memory(1);

  // In the order of `kernelSymbols`.
  const indices = [memory, memory, ...imports, ...globals.values(), ...functions.values()];
  for (const relocatable of Object.values(kernelCode)) module.relocatable(relocatable, indices);
  javascriptFunctionNames.forEach((name, at) => {
    defineCrossing(module, kernelFunctionSignature(name), imports[at] ?? 0, globals);
  });
  const adapters = adapted.map(({ signature, index }) => defineCrossing(module, signature, index, globals));

  module.export(exportName('memory'), 'memory', memory);
  for (const name of sharedGlobals) module.export(exportName(name), 'global', indexOf(globals, name));
  for (const name of [...exported, 'begin']) {
    module.export(exportName(name), 'function', indexOf(functions, name));
  }
  return { functions: new Map(kernelFunctionNames.map((name) => [name, indexOf(functions, name)])), adapters };
}

/**
 * Emits a module of adapters: functions that call a JavaScript function so that a plugin cannot
 * catch its failure, see {@link writeCrossing}.
 *
 * @param signatures the type of each function.
 * @returns a module that imports "0", "1", ... of {@link JAVASCRIPT_MODULE}; and exports the
 * adapters "0", "1", ..., and its own globals `crossing` and `failed`.
 */
export function emitAdapterModule(signatures: readonly Signature[]): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const imports = signatures.map((signature, index) =>
    module.importFunction(JAVASCRIPT_MODULE, String(index), signature),
  );
  const globals = defineGlobals(module, crossingGlobals);
  signatures.forEach((signature, index) => {
    module.export(String(index), 'function', defineCrossing(module, signature, imports[index] ?? 0, globals));
  });
  for (const name of crossingGlobals) module.export(name, 'global', indexOf(globals, name));
  return module.bytes();
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

/** Defines a function that calls JavaScript, see {@link writeCrossing}. Returns its index. */
function defineCrossing(
  module: ModuleBuilder,
  signature: Signature,
  javascript: number,
  globals: ReadonlyMap<string, number>,
): number {
  const code = new CodeWriter();
  const [crossing, failed] = [indexOf(globals, 'crossing'), indexOf(globals, 'failed')];
  writeCrossing(code, signature.params.length, { javascript, crossing, failed });
  return module.function(signature, [], code.bytes);
}

function indexOf(indices: ReadonlyMap<string, number>, name: string): number {
  const index = indices.get(name);
  if (index === undefined) throw new RangeError(`the kernel defines no ${name}`);
  return index;
}
