/**
 * The Extism kernel: memory and allocator, the functions of `extism:host/env`, variables, and host
 * functions. Knows nothing of cc-lb.
 */

export { type AdaptedImport, emitKernel } from './code/emit.ts';
export {
  FUEL_PER_BYTE,
  isKernelFunctionName,
  KERNEL_NAMESPACE,
  type KernelFailure,
  type KernelFunction,
  KernelFunctionError,
  type KernelFunctionName,
  type KernelLogLevel,
  type KernelParameter,
  kernelFunctionNames,
  kernelFunctionSignature,
  kernelFunctions,
  logLevels,
} from './functions.ts';
export {
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
export { adaptHostFunctions } from './host-function-adapter.ts';
export { hostImplementations } from './host-implementations.ts';
export { createKernel, Kernel, type KernelExports } from './kernel.ts';
export { KernelHost } from './kernel-host.ts';
export { kernelFunctionMeanings } from './meanings.ts';
export { decodeUtf8, KernelMemory } from './memory.ts';
export type { KernelMeter, KernelOptions } from './options.ts';
