import { dispatchHint } from '../hints/index.ts';
import { exhaustionText, isExhaustion } from '../metering/budget-use.ts';
import { withStackText } from '../metering/run/stack-text.ts';
import type { DispatchError } from '../protocol/dispatch.ts';
import { type Finding, fail } from './check.ts';
import type { Measurement } from './report.ts';

/** Why a dispatch failed, and where the plugin trapped. Holds its error text, if it set one. */
export function describeFault({ failure, message }: DispatchError): string {
  if (failure.kind === 'ResponseVersionMismatch') {
    return `${failure.kind}: _v is ${failure.actual}, expected ${failure.expected}`;
  }
  if (failure.kind !== 'PluginCall') return `${failure.kind}: ${'reason' in failure ? failure.reason : message}`;
  const { call, reason } = failure;
  const found = isExhaustion(call) ? `the plugin ${exhaustionText(call)}` : reason;
  return withStackText(`${call.kind}: ${found}`, failure);
}

/**
 * Finds that a dispatch failed, and says what to change.
 *
 * @param where what was dispatched, if the check does not say it.
 */
export function dispatchFailed(error: DispatchError, where?: string, measured?: Measurement): Finding {
  const fault = describeFault(error);
  return fail(where === undefined ? fault : `${where}: ${fault}`, dispatchHint(error.failure), measured);
}
