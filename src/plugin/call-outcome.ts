import { type Result, reasonOf } from '../failure.ts';
import type { Kernel } from '../kernel/index.ts';
import { isStackOverflow } from '../metering/error.ts';
import { hasNoValue } from '../metering/run/js-values.ts';
import type { Meter } from '../metering/run/meter.ts';
import { type CallFailure, PluginCallError } from './call-error.ts';

/**
 * The outcome of a call, in the order in which abi/KERNEL.md ("A call, step by step", step 8) looks at it.
 *
 * @param meter what the call was metered by.
 * @param result the type of the export's only result, `none`, or `undefined` when only the engine knows.
 * @returns when the call succeeded: the output is in the kernel.
 * @throws PluginCallError when it did not.
 */
export function concludeCall(kernel: Kernel, meter: Meter, outcome: Result<unknown>, result: string | undefined): void {
  const message = kernel.errorMessage();
  const trap = trapFailure(kernel, meter, outcome);
  if (trap !== undefined) {
    const cause = message === undefined ? thrownBy(kernel, outcome) : new PluginCallError(messageFailure(message));
    throw new PluginCallError(trap, { cause });
  }
  if (message !== undefined) throw new PluginCallError(messageFailure(message));
  const code = outcome.ok ? resultCode(outcome.value, result) : 0;
  if (code !== 0) throw new PluginCallError({ kind: 'NonZeroExit', code });
}

/**
 * Why the call ended before it returned, or with no fuel left; `undefined` when it returned in time. What was stored comes before what
 * the engine threw: the trap that the engine tells of is only how the call was ended.
 */
export function trapFailure(kernel: Kernel, meter: Meter, outcome: Result<unknown>): CallFailure | undefined {
  const { exhausted } = meter;
  if (exhausted !== undefined) return { kind: exhausted };
  const stored = kernel.failure;
  if (stored !== undefined) return { kind: stored.kind, function: stored.function, reason: stored.reason };
  // An exception that went past the kernel is the engine's own stack overflow, even if the plugin caught it and went on.
  if (kernel.crossingAborted) return { kind: 'StackOverflow' };
  return outcome.ok ? undefined : engineFailure(outcome.error);
}

/** Maps what an engine throws out of WebAssembly: traps, its stack overflow, and exceptions of the plugin that nobody caught. */
export function engineFailure(thrown: unknown): CallFailure {
  if (isStackOverflow(thrown)) return { kind: 'StackOverflow' };
  if (thrown instanceof WebAssembly.RuntimeError) return { kind: 'Trap', reason: reasonOf(thrown) };
  return { kind: 'Trap', reason: 'an exception that the plugin threw was not caught' };
}

function thrownBy(kernel: Kernel, outcome: Result<unknown>): unknown {
  const stored = kernel.failure;
  if (stored?.kind === 'HostFunction') return stored.thrown;
  return outcome.ok ? undefined : outcome.error;
}

function messageFailure(message: string | null): CallFailure {
  return message === null ? { kind: 'ErrorMessageUnreadable' } : { kind: 'PluginError', message };
}

/**
 * An export with a result that JavaScript has no value for is not run: it cannot be called from there. The outcome is that of a result of another type than i32.
 *
 * @throws PluginCallError `NonZeroExit` with the code -1.
 */
export function refuseResult(result: string | undefined): void {
  if (result !== undefined && hasNoValue(result)) throw new PluginCallError({ kind: 'NonZeroExit', code: -1 });
}

/** The i32 result, 0 when there is none, -1 for a result of another type. */
function resultCode(returned: unknown, result: string | undefined): number {
  if (result === 'none' || returned === undefined) return 0;
  const isI32 = result === undefined ? Number.isInteger(returned) : result === 'i32';
  return isI32 && typeof returned === 'number' ? returned : -1;
}
