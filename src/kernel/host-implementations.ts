import { isPromise, silence } from '../realms.ts';
import { KernelFunctionError } from './functions.ts';
import { type HostFunction, type HostFunctionContext, hostFunctionSignature } from './host-function.ts';
import { hostValueConversions, type RawValue } from './host-values.ts';
import type { KernelHost } from './kernel-host.ts';

/**
 * Makes the JavaScript functions that adapters call, also the adapters in a linked plugin (see
 * `emitKernel`). They never throw: a failure is stored in the kernel.
 *
 * @param kernel the kernel of the plugin.
 * @param functions the host functions.
 * @param pluginName what the implementations see as the name of the plugin.
 * @returns a function for each host function, in their order.
 */
export function hostImplementations(kernel: KernelHost, functions: readonly HostFunction[], pluginName: string) {
  const context: HostFunctionContext = {
    pluginName,
    readBytes: (handle) => kernel.memory.block(handle).slice(),
    writeBytes: (bytes) => kernel.memory.write(bytes),
  };
  return functions.map((declared) => guardedImplementation(kernel, declared, context));
}

/** Makes a function that decodes the arguments, calls the implementation and encodes its result. */
function guardedImplementation(kernel: KernelHost, declared: HostFunction, context: HostFunctionContext) {
  const { name, params, results, implementation } = declared;
  const failureResult = neutralResult(declared);
  return (...raw: RawValue[]): RawValue | readonly RawValue[] | undefined => {
    try {
      const args = params.map((kind, index) => hostValueConversions[kind].decode(kernel.memory, raw[index] ?? 0));
      const returned = implementation(...args, context);
      // A promise is refused as a result, so nobody else would handle its rejection.
      if (isPromise(returned)) silence(returned);
      const result = encodeResults(kernel, results, returned);
      kernel.readClock();
      return result;
    } catch (thrown) {
      kernel.fail({ kind: 'HostFunction', function: name, thrown });
      return failureResult;
    }
  };
}

function encodeResults(
  kernel: KernelHost,
  kinds: HostFunction['results'],
  returned: unknown,
): RawValue | readonly RawValue[] | undefined {
  const [first] = kinds;
  if (first === undefined) {
    if (returned === undefined) return undefined;
    throw new KernelFunctionError('a host function without results must return nothing, and be synchronous');
  }
  if (kinds.length === 1) return hostValueConversions[first].encode(kernel.memory, returned);
  if (!Array.isArray(returned) || returned.length !== kinds.length) {
    throw new KernelFunctionError(`a host function with ${kinds.length} results must return an array of as many`);
  }
  return kinds.map((kind, index) => hostValueConversions[kind].encode(kernel.memory, returned[index]));
}

/** Zeros of the result types, returned if the implementation failed. The adapter ignores them. */
function neutralResult(declared: HostFunction): RawValue | readonly RawValue[] | undefined {
  const zeros = hostFunctionSignature(declared).results.map((type) => (type === 'i64' ? 0n : 0));
  return zeros.length > 1 ? zeros : zeros[0];
}
