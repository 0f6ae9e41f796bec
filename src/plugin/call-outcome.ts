import { type Result, reasonOf } from '../failure.ts';
import type { KernelHost } from '../kernel/index.ts';
import { type ExhaustedKind, isStackOverflow } from '../metering/failure.ts';
import type { RunMeter } from '../metering/run/run-meter.ts';
import { type StackReader, withSaid, withStack } from '../metering/run/trap-stack.ts';
import { hasNoValue } from '../metering/run/value-types.ts';
import { isErrorNamed } from '../realms.ts';
import { type CallFailure, PluginCallError } from './call-error.ts';

/**
 * Checks the outcome of a call, in the order of abi/KERNEL.md ("A call, step by step", step 8). If
 * the call succeeded, its output is in the kernel.
 *
 * @param meter the meter of the call.
 * @param outcome what the export returned or threw.
 * @param result the type of the export's only result; `none`; `undefined` if only the engine knows.
 * @param stacks finds where the plugin trapped.
 * @throws PluginCallError if the call failed.
 */
export function concludeCall(
  kernel: KernelHost,
  meter: RunMeter,
  outcome: Result<unknown>,
  result: string | undefined,
  stacks?: StackReader | undefined,
): void {
  const message = kernel.errorMessage();
  const trap = trapFailure(kernel, meter, outcome, stacks);
  if (trap !== undefined) {
    const cause = message === undefined ? thrownBy(kernel, outcome) : new PluginCallError(messageFailure(message));
    const said = trap.kind === 'Trap' && typeof message === 'string' ? withSaid(trap, message) : trap;
    throw new PluginCallError(said, { cause });
  }
  if (message !== undefined) throw new PluginCallError(messageFailure(message));
  const code = outcome.ok ? resultCode(outcome.value, result) : 0;
  if (code !== 0) throw new PluginCallError({ kind: 'NonZeroExit', code });
}

/**
 * Returns why the call ended before it returned, or with no fuel left.
 *
 * A failure that the meter or kernel recorded comes before what the engine threw: they end a call
 * with a trap of their own.
 *
 * @param stacks finds where the plugin trapped.
 * @returns `undefined` if the call returned in time.
 */
export function trapFailure(
  kernel: KernelHost,
  meter: RunMeter,
  outcome: Result<unknown>,
  stacks?: StackReader | undefined,
): CallFailure | undefined {
  const { exhausted } = meter;
  if (exhausted !== undefined) return exhaustedFailure(meter, exhausted);
  const stored = kernel.failure;
  if (stored !== undefined) return { kind: stored.kind, function: stored.function, reason: stored.reason };
  // An exception that bypassed the kernel is the engine's stack overflow, even if the plugin caught
  // it.
  if (kernel.crossingAborted) return { kind: 'StackOverflow' };
  return outcome.ok ? undefined : engineFailure(outcome.error, stacks);
}

/** Makes the failure of a call that used up a budget. */
export function exhaustedFailure(meter: RunMeter, kind: ExhaustedKind): CallFailure {
  const use = meter.useOf(kind);
  return use === undefined ? { kind } : { kind, use };
}

/**
 * Classifies what an engine throws out of WebAssembly: a trap, its stack overflow, or an exception
 * that the plugin threw and did not catch.
 *
 * @param stacks finds where the plugin trapped.
 */
export function engineFailure(thrown: unknown, stacks?: StackReader | undefined): CallFailure {
  if (isStackOverflow(thrown)) return { kind: 'StackOverflow' };
  if (isErrorNamed(thrown, 'RuntimeError')) {
    const trap = { kind: 'Trap', reason: reasonOf(thrown) } as const;
    return stacks === undefined ? trap : withStack(trap, () => stacks.read(thrown));
  }
  return { kind: 'Trap', reason: 'an exception that the plugin threw was not caught' };
}

function thrownBy(kernel: KernelHost, outcome: Result<unknown>): unknown {
  const stored = kernel.failure;
  if (stored?.kind === 'HostFunction') return stored.thrown;
  return outcome.ok ? undefined : outcome.error;
}

function messageFailure(message: string | null): CallFailure {
  return message === null ? { kind: 'ErrorMessageUnreadable' } : { kind: 'PluginError', message };
}

/**
 * Refuses an export whose result has no JavaScript value, since JavaScript cannot call it. The
 * outcome is the same as for a result of any type but i32.
 *
 * @throws PluginCallError `NonZeroExit` with the code -1.
 */
export function refuseResult(result: string | undefined): void {
  if (result !== undefined && hasNoValue(result)) throw new PluginCallError({ kind: 'NonZeroExit', code: -1 });
}

/** Returns the i32 result; 0 if there is none; -1 for a result of another type. */
function resultCode(returned: unknown, result: string | undefined): number {
  if (result === 'none' || returned === undefined) return 0;
  const isI32 = result === undefined ? Number.isInteger(returned) : result === 'i32';
  return isI32 && typeof returned === 'number' ? returned : -1;
}
