import { assemble, ModuleWriter, type NumberType, type Signature } from '../wasm/index.ts';
import { allocatorFunctions } from './code/allocator.ts';
import { crossingFunction } from './code/crossing.ts';
import type { FunctionText } from './code/function.ts';
import { kernelGlobals } from './code/globals.ts';
import { inputOutputFunctions } from './code/input-output.ts';
import { memoryAccessFunctions } from './code/memory-access.ts';
import { isKernelFunctionName, kernelFunctionNames, kernelFunctionSignature, kernelFunctions } from './functions.ts';

/** The module name under which emitted modules import JavaScript functions, and adapters the kernel's globals. */
export const JAVASCRIPT_MODULE = 'javascript';
export const KERNEL_MODULE = 'kernel';

/** Globals that the host reads or sets, and that host-function adapters share with the kernel. */
export const sharedGlobals = ['log_level', 'crossing', 'failed'] as const;

/** The kernel functions that run in JavaScript. */
export const javascriptFunctionNames = kernelFunctionNames.filter(
  (name) => kernelFunctions[name].runs === 'javascript',
);

/** Functions of the host that the kernel itself calls: no plugin can import them. */
const hostFunctions = {
  /** Takes pages from the memory budget (negative: gives them back); 0 when there are not as many. */
  take_pages: { params: ['i32'], results: ['i32'] },
  /** Looks at the clock, and sets `failed` when the deadline has passed. */
  read_clock: { params: [], results: [] },
} as const satisfies Readonly<Record<string, Signature>>;

/** The name of a function of the host that the kernel itself calls. */
export type KernelHostFunctionName = keyof typeof hostFunctions;

const webassemblyFunctions: Readonly<Record<string, FunctionText>> = {
  ...allocatorFunctions,
  ...memoryAccessFunctions,
  ...inputOutputFunctions,
};

/**
 * The kernel as a module of its own. It imports the functions that run in JavaScript, and exports every function of the ABI, `begin`,
 * the memory and the shared globals.
 */
export function emitKernelModule(): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  const functions = new Map<string, number>();
  for (const name of javascriptFunctionNames) {
    functions.set(javascriptName(name), module.importFunction(JAVASCRIPT_MODULE, name, kernelFunctionSignature(name)));
  }
  for (const [name, signature] of Object.entries(hostFunctions)) {
    functions.set(javascriptName(name), module.importFunction(JAVASCRIPT_MODULE, name, signature));
  }
  const texts = { ...webassemblyFunctions, ...crossingFunctions() };
  for (const name of Object.keys(texts)) functions.set(name, functions.size);

  const globals = new Map<string, number>();
  for (const [name, { type, initial }] of Object.entries(kernelGlobals)) {
    globals.set(name, module.global(type, true, BigInt(initial)));
  }
  for (const text of Object.values(texts)) defineFunction(module, text, functions, globals);

  module.export('memory', 'memory', module.memory(1));
  for (const name of sharedGlobals) module.export(name, 'global', indexOf(globals, name));
  for (const name of Object.keys(texts)) {
    if (isKernelFunctionName(name) || name === 'begin') module.export(name, 'function', indexOf(functions, name));
  }
  return module.bytes();
}

/**
 * A module of functions with the given types, each of which calls a JavaScript function of the same type so that its failure cannot be
 * caught (see {@link crossingFunction}). Imports `javascript` "0", "1", ... and the kernel's globals; exports "0", "1", ...
 */
export function emitAdapterModule(signatures: readonly Signature[]): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  const functions = new Map<string, number>();
  const globals = new Map<string, number>();
  signatures.forEach((signature, index) => {
    functions.set(javascriptName(String(index)), module.importFunction(JAVASCRIPT_MODULE, String(index), signature));
  });
  for (const name of ['crossing', 'failed'] as const)
    globals.set(name, module.importGlobal(KERNEL_MODULE, name, 'i32', true));
  signatures.forEach((signature, index) => {
    const text = crossingFunction(signature, javascriptName(String(index)));
    module.export(String(index), 'function', defineFunction(module, text, functions, globals));
  });
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

function defineFunction(
  module: ModuleWriter,
  text: FunctionText,
  functions: ReadonlyMap<string, number>,
  globals: ReadonlyMap<string, number>,
): number {
  const locals = new Map(
    [...Object.keys(text.params), ...Object.keys(text.locals)].map((name, index) => [name, index]),
  );
  const params: NumberType[] = Object.values(text.params);
  const body = assemble(text.body, { locals, globals, functions, memory: 0 });
  return module.function({ params, results: text.results }, Object.values(text.locals), body);
}

function indexOf(indices: ReadonlyMap<string, number>, name: string): number {
  const index = indices.get(name);
  if (index === undefined) throw new RangeError(`the kernel defines no ${name}`);
  return index;
}
