import { JAVASCRIPT_MODULE } from './code/abi.ts';
import { emitKernelModule } from './code/emit.ts';
import { kernelFunctionNames } from './functions.ts';
import { exportsNamed, type KernelExports, KernelHost } from './kernel-host.ts';
import { checkKernelOptions, type KernelOptions } from './options.ts';

export type { KernelExports } from './kernel-host.ts';

let kernelModule: WebAssembly.Module | undefined;

/** Returns the compiled kernel. Compiles it on the first call. */
function compiledKernel(): WebAssembly.Module {
  kernelModule ??= new WebAssembly.Module(emitKernelModule());
  return kernelModule;
}

/**
 * The kernel of one plugin: its memory, input, output, error, variables and log (abi/KERNEL.md).
 * {@link createKernel} makes one with an instance of its own. If the kernel is linked into a
 * plugin, it is bound to each instance of that plugin.
 */
export class Kernel extends KernelHost {
  #instance: WebAssembly.Exports | undefined;
  #exports: KernelExports | undefined;

  constructor(options: KernelOptions = {}) {
    checkKernelOptions(options);
    super(options);
  }

  override bind(instance: WebAssembly.Exports, nameOf?: (name: string) => string): void {
    super.bind(instance, nameOf);
    this.#instance = instance;
    this.#exports = undefined;
  }

  /**
   * Makes a new instance of the kernel, separate from the plugin's.
   *
   * @throws WebAssembly.CompileError if the engine may not compile at run time.
   */
  instantiate(): void {
    this.bind(new WebAssembly.Instance(compiledKernel(), { [JAVASCRIPT_MODULE]: this.imports }).exports);
  }

  /**
   * Every function of the ABI by its name, and the memory.
   *
   * @throws RangeError if the kernel has no instance yet, or is linked into a plugin: that module
   * exports only what the host calls.
   */
  get exports(): KernelExports {
    if (this.#exports === undefined) {
      if (this.#instance === undefined) throw new RangeError('the kernel has no instance yet');
      const exports = exportsNamed(['memory', ...kernelFunctionNames], this.#instance);
      if (Object.values(exports).includes(undefined))
        throw new RangeError('a linked kernel exports only what the host calls');
      // The same table emitted the code and declares this type, so the object has exactly the
      // properties of its type.
      this.#exports = Object.freeze(exports) as unknown as KernelExports;
    }
    return this.#exports;
  }
}

/**
 * Makes a kernel with an instance of its own. It works alone: every function can be called from
 * JavaScript.
 *
 * @throws TypeError that names the first option that is unknown or malformed.
 * WebAssembly.CompileError if the engine may not compile at run time.
 */
export function createKernel(options: KernelOptions = {}): Kernel {
  const kernel = new Kernel(options);
  kernel.instantiate();
  return kernel;
}
