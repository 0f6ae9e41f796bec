import type { CallFailure } from '../plugin/call-error.ts';
import { budgetHint } from './budget.ts';
import { type Hints, hintIn } from './hint.ts';
import { trapHint } from './trap.ts';

/** What to do about a call that failed. */
const callHints: Hints<CallFailure> = {
  Disposed: { none: 'the host called a plugin that it had disposed of' },
  Reentrant: { none: 'the host called the plugin in one of its own functions' },
  InvalidArgument: { none: 'the host passed a malformed argument' },
  Instantiate:
    'Do less in the start function, _initialize and constructors: call no host function, use less fuel and memory.',
  FunctionNotFound: 'Export the function under its wire name.',
  HasParameters:
    'Export the function without parameters, and read the input with input_length and input_load_u8. Rust: ' +
    '#[no_mangle] pub extern "C" fn filter() -> i32, or #[plugin_fn] of extism-pdk.',
  TooManyResults: 'Export the function with one i32 result, or without a result.',
  OutOfFuel: budgetHint,
  Timeout: budgetHint,
  OutOfMemory: budgetHint,
  StackOverflow: budgetHint,
  HostFunction:
    'Check the arguments of the host function: the length of a handle, text that is not UTF-8, a storage quota.',
  KernelFunction: 'Check the handle that the plugin passed to the kernel function, and the size of its variables.',
  Trap: (failure) =>
    trapHint(
      failure,
      failure.reason,
      'Answer each valid request. For others set an error with error_set, and return a code other than 0.',
    ),
  PluginError:
    'Answer this request: it follows the protocol. The text of the error is that of the plugin, which set it with ' +
    'error_set (in Rust: returned Err).',
  ErrorMessageUnreadable: 'Write the texts of errors as UTF-8.',
  NonZeroExit: ({ code }) =>
    code === -1
      ? 'Return an i32 and nothing else: 0 with the answer.'
      : `Return 0 with the answer, and not ${code}. To report an error, set its text with error_set first.`,
  OutputNotUtf8: 'Write the output as UTF-8 JSON: bytes that are not text belong into base64.',
};

/** Says what to do about a call that failed; `undefined` if the plugin cannot help it. */
export function callHint(failure: CallFailure): string | undefined {
  return hintIn(callHints, failure);
}
