import { type HostFunction, hostImplementations, KernelHost, type KernelOptions } from '../kernel/index.ts';
import type { FunctionType } from '../wasm/index.ts';
import { BuildPluginError } from './build-error.ts';
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
   * @throws BuildPluginError `CompilationRefused` if adapters must be compiled, and the engine may
   * not.
   */
  adapt(functions: readonly HostFunction[], pluginName: string): readonly WebAssembly.ImportValue[];
  /**
   * Returns what a new instance imports of its kernel, which is new as well.
   *
   * @throws BuildPluginError `CompilationRefused` if the kernel must be compiled, and the engine
   * may not.
   */
  imports(): NamedImports;
}

/** Where the kernel of a plugin is: in the plugin's own module, or in an instance of its own. */
export interface KernelPlace {
  /**
   * The error of an engine that refuses to instantiate the plugin: what helps depends on where the
   * kernel is.
   */
  readonly RefusalError: typeof BuildPluginError;
  /** Makes the kernel of a plugin. */
  make(options: KernelOptions): PluginKernel;
  /**
   * Returns the type of a kernel function.
   *
   * @param name one that the plugin imports.
   * @returns `undefined` if the kernel has no function of that name.
   */
  typeOf(name: string): FunctionType | undefined;
}

/**
 * A module that contains the kernel, and adapters for its host functions: nothing is compiled, and
 * the module's section has the kernel's types.
 */
export function linkedKernel({ importModule, kernelTypes }: LinkInfo): KernelPlace {
  return {
    RefusalError: BuildPluginError,
    typeOf: (name) => kernelTypes.get(name),
    make(options) {
      const host = new KernelHost(options);
      return {
        host,
        adapt: (functions, pluginName) => hostImplementations(host, functions, pluginName),
        // Only the kernel's JavaScript functions are imported.
        imports: () => [[importModule, host.imports]],
      };
    },
  };
}
