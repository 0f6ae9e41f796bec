import {
  adaptHostFunctions,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  Kernel,
  kernelFunctionSignature,
} from '../kernel/index.ts';
import type { KernelPlace } from './plugin-kernel.ts';

/**
 * For a module that does not contain the kernel. The kernel and the adapters of host functions are
 * compiled when they are first needed.
 */
export const separateKernel: KernelPlace = {
  typeOf: (name) => (isKernelFunctionName(name) ? kernelFunctionSignature(name) : undefined),
  make(options) {
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
  },
};
