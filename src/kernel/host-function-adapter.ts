import type { Signature } from '../wasm/index.ts';
import { JAVASCRIPT_MODULE } from './code/abi.ts';
import { emitAdapterModule } from './code/emit.ts';
import { type HostFunction, hostFunctionSignature } from './host-function.ts';
import { hostImplementations } from './host-implementations.ts';
import type { CrossingGlobals, KernelHost } from './kernel-host.ts';

/**
 * Adapter modules by the types of their functions: many plugins of a host get the same functions.
 */
const modules = new Map<string, WebAssembly.Module>();

/**
 * Makes adapters of host functions: WebAssembly functions that a plugin can import. If the
 * implementation throws, the adapter ends the call with a trap that the plugin cannot catch.
 *
 * @param kernel the kernel of the plugin.
 * @param functions the host functions.
 * @param pluginName what the implementations see as the name of the plugin.
 * @returns the adapter of each host function, in their order.
 */
export function adaptHostFunctions(
  kernel: KernelHost,
  functions: readonly HostFunction[],
  pluginName: string,
): WebAssembly.ExportValue[] {
  if (functions.length === 0) return [];
  const imports = hostImplementations(kernel, functions, pluginName);
  const instance = new WebAssembly.Instance(adapterModule(functions.map(hostFunctionSignature)), {
    [JAVASCRIPT_MODULE]: Object.fromEntries(imports.entries()),
  });
  // `emitAdapterModule` exports both globals.
  kernel.adapt(instance.exports as unknown as CrossingGlobals);
  // The adapter module exports "0", "1", ..., one for each signature.
  return functions.map((_, index) => instance.exports[index] as WebAssembly.ExportValue);
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
