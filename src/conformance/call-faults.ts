import type { CallFailure } from '../plugin/index.ts';
import type { DispatchError } from '../protocol/dispatch.ts';

/** What to change when a call failed in this way. */
const hints: Readonly<Record<CallFailure['kind'], string>> = {
  Disposed: 'This is a defect of the suite.',
  Reentrant: 'This is a defect of the suite.',
  InvalidArgument: 'This is a defect of the suite.',
  Instantiate:
    'Make start function, _initialize and constructors do without host functions, and with less fuel and memory.',
  FunctionNotFound: 'Export the function under its wire name.',
  HasParameters: 'Export the function without parameters: input comes from input_load_u8 and input_length.',
  TooManyResults: 'Export the function with one i32 result, or none.',
  OutOfFuel: 'Look for a loop that does not end, or for work that grows faster than the request.',
  Timeout: 'Look for a loop that does not end, or for work that grows faster than the request.',
  OutOfMemory: 'Free what a call allocated before the next, and start with fewer memory pages.',
  StackOverflow: 'Look for recursion that does not end.',
  HostFunction:
    'Look at what the host function was given: a handle of another length, text that is not UTF-8, a quota.',
  KernelFunction: 'Look at the handle that the kernel function was given, and at the size of variables.',
  Trap: 'Do not panic: answer with error_set and a code other than 0. Built with panic=abort, each unwrap is such a trap.',
  PluginError:
    'Answer this request: it follows the protocol. The error text is what the plugin itself says against it.',
  ErrorMessageUnreadable: 'Answer this request, and write errors as UTF-8.',
  NonZeroExit: 'Return 0 with the answer; on an error, say which with error_set.',
  OutputNotUtf8: 'Write the answer as UTF-8.',
};

/** What to change when a call failed. */
export function callHint({ kind }: CallFailure): string {
  return hints[kind];
}

/** What a dispatch failed of, in the plugin's own words where it has some. */
export function describeFault({ failure, message }: DispatchError): string {
  if (failure.kind === 'ResponseVersionMismatch') {
    return `${failure.kind}: _v is ${failure.actual}, expected ${failure.expected}`;
  }
  if (failure.kind !== 'PluginCall') return `${failure.kind}: ${'reason' in failure ? failure.reason : message}`;
  return `${failure.call.kind}: ${failure.reason}`;
}

/** What to change when a dispatch failed; `undefined` when the check itself says it. */
export function faultHint({ failure }: DispatchError): string | undefined {
  return failure.kind === 'PluginCall' ? callHint(failure.call) : undefined;
}
