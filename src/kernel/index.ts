/** The Extism kernel: memory and allocator, the functions of `extism:host/env`, variables, host functions. Knows nothing of cc-lb. */

export { type AdaptedImport, emitKernel } from './code/emit.ts';
export { type KernelFailure, KernelFunctionError, reasonOf } from './failure.ts';
export {
  FUEL_PER_BYTE,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  type KernelFunction,
  type KernelFunctionName,
  type KernelParameter,
  kernelFunctionNames,
  kernelFunctionSignature,
  kernelFunctions,
} from './functions.ts';
export {
  areHostValueKinds,
  type HostFunction,
  type HostFunctionContext,
  type HostImplementation,
  type HostValueKind,
  type HostValueTypes,
  hostFunction,
  hostFunctionSignature,
  hostValueKinds,
  USER_NAMESPACE,
} from './host-function.ts';
export { adaptHostFunctions, hostImplementations } from './host-function-adapter.ts';
export { createKernel, Kernel, type KernelExports, type KernelMeter, type KernelOptions } from './kernel.ts';
export { type KernelLogLevel, logLevels } from './log-level.ts';
export { decodeUtf8, KernelMemory } from './memory.ts';
