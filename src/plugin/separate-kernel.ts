import { adaptHostFunctions, KERNEL_NAMESPACE, Kernel } from '../kernel/index.ts';
import type { KernelMaker } from './plugin-kernel.ts';

/**
 * Makes kernels with an instance of their own, for a module that does not contain one. The kernel
 * and the adapters of host functions are compiled when they are first needed.
 */
export const separateKernel: KernelMaker = (options) => {
  const host = new Kernel(options);
  return {
    host,
    adapt: (functions, pluginName) => adaptHostFunctions(host, functions, pluginName),
    imports() {
      host.instantiate();
      const { memory: _, ...functions } = host.exports;
      return [[KERNEL_NAMESPACE, functions]];
    },
  };
};
