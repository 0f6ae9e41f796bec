import { hookCallHint, withTrapPlace } from '../../hints/index.ts';
import type { HookCallError } from '../../hooks/call-error.ts';
import { withStackText } from '../../metering/run/stack-text.ts';
import { type Finding, fail } from '../check.ts';
import type { Measurement } from '../report.ts';

/** Why a call failed: its kind, the message, which starts with the hook, and where it trapped. */
export function describeCallFault({ failure, message }: HookCallError): string {
  return withStackText(`${failure.kind}: ${message}`, failure);
}

/**
 * Finds that a call failed, and says what to change.
 *
 * @param what the request has.
 * @param hint what to do if the plugin trapped, which depends on the request.
 */
export function callFailed(what: string, error: HookCallError, hint: string, measured: Measurement): Finding {
  const { failure } = error;
  const isTrap = failure.kind === 'GuestTrap' && failure.stop.kind === 'Trap';
  const change = isTrap ? withTrapPlace(hint, failure.stop) : hookCallHint(failure);
  return fail(`${what}: ${describeCallFault(error)}`, change, measured);
}
