import { withStackText } from '../metering/run/stack-text.ts';
import type { CallFailure } from '../plugin/index.ts';
import type { DispatchError } from '../protocol/dispatch.ts';

/** What to change in the plugin after a failure of each kind. */
const hints: Readonly<Record<CallFailure['kind'], string>> = {
  Disposed: 'This is a defect of the suite, not of the plugin.',
  Reentrant: 'This is a defect of the suite, not of the plugin.',
  InvalidArgument: 'This is a defect of the suite, not of the plugin.',
  Instantiate:
    'Do less in the start function, _initialize and constructors: call no host function, use less fuel and memory.',
  FunctionNotFound: 'Export the function under its wire name.',
  HasParameters: 'Export the function without parameters. Read its input with input_length and input_load_u8.',
  TooManyResults: 'Export the function with one i32 result or without a result.',
  OutOfFuel: 'Look for an endless loop, or for work that grows faster than the request.',
  Timeout: 'Look for an endless loop, or for work that grows faster than the request.',
  OutOfMemory: 'Free the memory of a call before the next call, and start with fewer memory pages.',
  StackOverflow: 'Look for endless recursion.',
  HostFunction:
    'Check the arguments of the host function: the length of a handle, text that is not UTF-8, a storage quota.',
  KernelFunction: 'Check the handle that the plugin passed to the kernel function, and the size of its variables.',
  Trap: 'Do not panic or unwrap. Report an error with error_set and a code other than 0.',
  PluginError: 'Answer this request: it follows the protocol. The text after PluginError comes from the plugin.',
  ErrorMessageUnreadable: 'Answer this request, and write errors as UTF-8.',
  NonZeroExit: 'Return 0 with the answer. To report an error, set its text with error_set.',
  OutputNotUtf8: 'Write the answer as UTF-8.',
};

/** What to change in the plugin after a call failed. */
export function callHint({ kind }: CallFailure): string {
  return hints[kind];
}

/** Why a dispatch failed, and where the plugin trapped. Holds its error text, if it set one. */
export function describeFault({ failure, message }: DispatchError): string {
  if (failure.kind === 'ResponseVersionMismatch') {
    return `${failure.kind}: _v is ${failure.actual}, expected ${failure.expected}`;
  }
  if (failure.kind !== 'PluginCall') return `${failure.kind}: ${'reason' in failure ? failure.reason : message}`;
  return withStackText(`${failure.call.kind}: ${failure.reason}`, failure);
}

/** What to change after a dispatch failed. `undefined` if the hint of the check applies. */
export function faultHint({ failure }: DispatchError): string | undefined {
  return failure.kind === 'PluginCall' ? callHint(failure.call) : undefined;
}
