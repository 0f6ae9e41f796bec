import { FailureError, type FailureMessages } from '../failure.ts';
import type { BudgetUse } from '../metering/budget-use.ts';
import type { WithStack } from '../metering/run/trap-stack.ts';

/**
 * Why a call into a plugin failed. The plugin remains usable, unless it was disposed.
 *
 * - `Disposed`, `Reentrant`, `InvalidArgument`: the host's mistakes; nothing ran.
 * - `Instantiate`: the instance could not be made or initialised. The next call tries again.
 * - `FunctionNotFound`, `HasParameters`, `TooManyResults`: no export of that name is a function
 *   that can be called.
 * - `OutOfFuel`, `Timeout`, `OutOfMemory`, `StackOverflow`: the call exhausted a budget. `use` says
 *   how much was used; it is missing if that is not counted, and always for the stack.
 * - `HostFunction`: a host function threw. `KernelFunction`: a kernel function ended the call.
 * - `Trap`: any other trap. If the plugin had set an error, that is the cause. `stack` tells where
 *   the plugin was, if the engine does.
 * - `PluginError`: the plugin returned, and had set an error. `message` is its text.
 * - `ErrorMessageUnreadable`: the same, but the text is not UTF-8.
 * - `NonZeroExit`: the plugin returned a code other than 0.
 * - `OutputNotUtf8`: the caller asked for text, but the output is not UTF-8.
 */
export type CallFailure =
  | { readonly kind: 'Disposed' }
  | { readonly kind: 'Reentrant' }
  | { readonly kind: 'InvalidArgument'; readonly argument: string; readonly expected: string }
  | { readonly kind: 'Instantiate'; readonly reason: string }
  | { readonly kind: 'FunctionNotFound'; readonly function: string }
  | { readonly kind: 'HasParameters'; readonly function: string; readonly params: number }
  | { readonly kind: 'TooManyResults'; readonly function: string; readonly results: number }
  | { readonly kind: 'OutOfFuel'; readonly use?: BudgetUse }
  | { readonly kind: 'Timeout'; readonly use?: BudgetUse }
  | { readonly kind: 'OutOfMemory'; readonly use?: BudgetUse }
  | { readonly kind: 'StackOverflow'; readonly use?: BudgetUse }
  | { readonly kind: 'HostFunction'; readonly function: string; readonly reason: string }
  | { readonly kind: 'KernelFunction'; readonly function: string; readonly reason: string }
  | ({ readonly kind: 'Trap'; readonly reason: string } & WithStack)
  | { readonly kind: 'PluginError'; readonly message: string }
  | { readonly kind: 'ErrorMessageUnreadable' }
  | { readonly kind: 'NonZeroExit'; readonly code: number }
  | { readonly kind: 'OutputNotUtf8'; readonly function: string };

const messages: FailureMessages<CallFailure> = {
  Disposed: () => 'the plugin was disposed',
  Reentrant: () => 'the plugin is already being called: a host function may not call back into it',
  InvalidArgument: (f) => `${f.argument} must be ${f.expected}`,
  Instantiate: (f) => `the plugin could not be instantiated: ${f.reason}`,
  FunctionNotFound: (f) => `Function not found: ${f.function}`,
  HasParameters: (f) => `Function ${f.function} takes ${f.params} parameters, but exports are called with none`,
  TooManyResults: (f) => `Function ${f.function} has ${f.results} results, but at most one is allowed`,
  OutOfFuel: () => 'plugin ran out of fuel',
  Timeout: () => 'timeout',
  OutOfMemory: () => 'oom',
  StackOverflow: () => 'stack overflow',
  HostFunction: (f) => `host function ${f.function} failed: ${f.reason}`,
  KernelFunction: (f) => `kernel function ${f.function} failed: ${f.reason}`,
  Trap: (f) => `wasm trap: ${f.reason}`,
  PluginError: (f) => f.message,
  ErrorMessageUnreadable: () => 'unable to load error message from memory',
  NonZeroExit: (f) => `Returned non-zero exit code: ${f.code}`,
  OutputNotUtf8: (f) => `the output of ${f.function} is not valid UTF-8`,
};

/**
 * A call into a plugin failed. If the plugin trapped after it had set an error, `cause` has that
 * error's text; else it is what was thrown.
 */
export class PluginCallError extends FailureError<CallFailure> {
  override readonly name = 'PluginCallError';

  protected override get messages(): FailureMessages<CallFailure> {
    return messages;
  }
}
