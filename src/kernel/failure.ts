export { reasonOf } from '../failure.ts';

/**
 * Why the kernel had to end a plugin call.
 *
 * - `HostFunction`: a host function threw, or was given a handle that is no block's. `thrown` is what it threw.
 * - `KernelFunction`: a kernel function was used in a way that ends the call: an invalid handle, a full variable store, HTTP.
 */
export type KernelFailure =
  | { readonly kind: 'HostFunction'; readonly function: string; readonly reason: string; readonly thrown: unknown }
  | { readonly kind: 'KernelFunction'; readonly function: string; readonly reason: string };

/** Thrown by the JavaScript side of kernel functions, and by the accessors of host functions; the message is the failure's reason. */
export class KernelFunctionError extends Error {
  override readonly name = 'KernelFunctionError';
}
