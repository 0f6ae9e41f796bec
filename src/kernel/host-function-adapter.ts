import type { Signature } from '../wasm/index.ts';
import { emitAdapterModule, JAVASCRIPT_MODULE } from './code/emit.ts';
import { KernelFunctionError } from './functions.ts';
import { type HostFunction, type HostFunctionContext, hostFunctionSignature } from './host-function.ts';
import { hostValueConversions, type RawValue } from './host-values.ts';
import type { CrossingGlobals, Kernel } from './kernel.ts';

/** Adapter modules by the types of their functions: hosts give many plugins the same functions. */
const modules = new Map<string, WebAssembly.Module>();

/**
 * Makes host functions importable: as WebAssembly functions that end the call, uncatchably, when the implementation throws.
 *
 * @returns the exported function of each host function, in their order.
 */
export function adaptHostFunctions(
  kernel: Kernel,
  functions: readonly HostFunction[],
  pluginName: string,
): WebAssembly.ExportValue[] {
  if (functions.length === 0) return [];
  const imports = hostImplementations(kernel, functions, pluginName);
  const instance = new WebAssembly.Instance(adapterModule(functions.map(hostFunctionSignature)), {
    [JAVASCRIPT_MODULE]: Object.fromEntries(imports.entries()),
  });
  // It was emitted with both.
  kernel.adapt(instance.exports as unknown as CrossingGlobals);
  // The adapter module exports "0", "1", ... one for each signature that it was emitted for.
  return functions.map((_, index) => instance.exports[index] as WebAssembly.ExportValue);
}

/**
 * The JavaScript of host functions, for a module that has adapters of its own (see `emitKernel`): they throw nothing, and what fails is stored in
 * the kernel.
 *
 * @returns a function for each host function, in their order.
 */
export function hostImplementations(kernel: Kernel, functions: readonly HostFunction[], pluginName: string) {
  const context: HostFunctionContext = {
    pluginName,
    readBytes: (handle) => kernel.memory.block(handle).slice(),
    writeBytes: (bytes) => kernel.memory.write(bytes),
  };
  return functions.map((declared) => guardedImplementation(kernel, declared, context));
}

function adapterModule(signatures: readonly Signature[]): WebAssembly.Module {
  const key = signatures.map(({ params, results }) => `${params.join()}>${results.join()}`).join(';');
  let module = modules.get(key);
  if (module === undefined) {
    module = new WebAssembly.Module(emitAdapterModule(signatures));
    modules.set(key, module);
  }
  return module;
}

/** The JavaScript function that the adapter imports: decodes, calls, encodes; stores what is thrown instead of throwing it. */
function guardedImplementation(kernel: Kernel, declared: HostFunction, context: HostFunctionContext) {
  const { name, params, results, implementation } = declared;
  const failureResult = neutralResult(declared);
  return (...raw: RawValue[]): RawValue | readonly RawValue[] | undefined => {
    try {
      const args = params.map((kind, index) => hostValueConversions[kind].decode(kernel.memory, raw[index] ?? 0));
      const returned = implementation(...args, context);
      silence(returned);
      const result = encodeResults(kernel, results, returned);
      kernel.readClock();
      return result;
    } catch (thrown) {
      kernel.fail({ kind: 'HostFunction', function: name, thrown });
      return failureResult;
    }
  };
}

/**
 * A promise is refused as a result, and then nobody waits for it: were it rejected, that would end the process on some runtimes, for an
 * error that the call has failed with already.
 */
function silence(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(() => undefined);
}

function encodeResults(
  kernel: Kernel,
  kinds: HostFunction['results'],
  returned: unknown,
): RawValue | readonly RawValue[] | undefined {
  const [first] = kinds;
  if (first === undefined) {
    if (returned === undefined) return undefined;
    throw new KernelFunctionError('a host function without results must return nothing, and be synchronous');
  }
  if (kinds.length === 1) return hostValueConversions[first].encode(kernel.memory, returned);
  if (!Array.isArray(returned) || returned.length !== kinds.length) {
    throw new KernelFunctionError(`a host function with ${kinds.length} results must return an array of as many`);
  }
  return kinds.map((kind, index) => hostValueConversions[kind].encode(kernel.memory, returned[index]));
}

/** Zeros of the right types: what goes back to the adapter, which will not look at it, when the implementation failed. */
function neutralResult(declared: HostFunction): RawValue | readonly RawValue[] | undefined {
  const zeros = hostFunctionSignature(declared).results.map((type) => (type === 'i64' ? 0n : 0));
  return zeros.length > 1 ? zeros : zeros[0];
}
