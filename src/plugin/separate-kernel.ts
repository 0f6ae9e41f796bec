import { instantiationRefusal } from '../compilation.ts';
import {
  adaptHostFunctions,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  Kernel,
  kernelFunctionSignature,
} from '../kernel/index.ts';
import { CompilePluginError } from './compile-error.ts';
import type { KernelPlace } from './plugin-kernel.ts';

/**
 * For a module that does not contain the kernel. The kernel and the adapters of host functions are
 * compiled when they are first needed.
 */
export const separateKernel: KernelPlace = {
  RefusalError: CompilePluginError,
  typeOf: (name) => (isKernelFunctionName(name) ? kernelFunctionSignature(name) : undefined),
  make(options) {
    const host = new Kernel(options);
    return {
      host,
      adapt: (functions, pluginName) => orCompilationRefused(() => adaptHostFunctions(host, functions, pluginName)),
      imports() {
        orCompilationRefused(() => host.instantiate());
        const { memory: _, ...functions } = host.exports;
        return [[KERNEL_NAMESPACE, functions]];
      },
    };
  },
};

function orCompilationRefused<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const reason = instantiationRefusal(error);
    if (reason === undefined) throw error;
    throw new CompilePluginError({ kind: 'CompilationRefused', reason }, { cause: error });
  }
}
