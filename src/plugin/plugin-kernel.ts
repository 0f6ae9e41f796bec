import { type HostFunction, hostImplementations, KernelHost, type KernelOptions } from '../kernel/index.ts';
import type { LinkInfo } from './link-section.ts';

/** Functions under their names, and the namespace from which a plugin imports them. */
export type NamedImports = readonly (readonly [namespace: string, imports: WebAssembly.ModuleImports])[];

/** The kernel of one plugin, and what it gives to the plugin's instances. */
export interface PluginKernel {
  readonly host: KernelHost;
  /**
   * Adapts host functions to the kernel.
   *
   * @param functions those that the plugin imports.
   * @param pluginName what the implementations see as the name of the plugin.
   * @returns what the plugin imports for each, in their order.
   * @throws WebAssembly.CompileError if adapters must be compiled, and the engine may not.
   */
  adapt(functions: readonly HostFunction[], pluginName: string): readonly WebAssembly.ImportValue[];
  /**
   * Returns what a new instance imports of its kernel, which is new as well.
   *
   * @throws WebAssembly.CompileError if the kernel must be compiled, and the engine may not.
   */
  imports(): NamedImports;
}

/** Makes the kernel of a plugin. */
export type KernelMaker = (options: KernelOptions) => PluginKernel;

/**
 * Makes kernels for a module that contains the kernel, and adapters for its host functions: nothing
 * is compiled.
 */
export function linkedKernel({ importModule }: LinkInfo): KernelMaker {
  return (options) => {
    const host = new KernelHost(options);
    return {
      host,
      adapt: (functions, pluginName) => hostImplementations(host, functions, pluginName),
      // Only the kernel's JavaScript functions are imported.
      imports: () => [[importModule, host.imports]],
    };
  };
}
