import { recover } from '../../failure.ts';
import { checkArgument, type OptionRules, telemetryRule } from '../../option-rules.ts';
import type { Telemetry } from '../../telemetry.ts';
import { HookCallError } from '../call-error.ts';
import type { HookName } from '../hook.ts';
import type { HookOutcome } from '../plugin.ts';
import { HookPolicyError } from './policy-error.ts';

/** The target of the log event of a hook whose answer was not used. */
const LOG_TARGET = 'cc_lb_plugin.dispatch';

/**
 * What a host does if a hook failed or its answer is not taken.
 *
 * - `keep_candidates`: the candidates pass on as they were.
 * - `client_request`: the client's own request goes to the upstream.
 * - `original_response`: the response passes on as it was.
 * - `original_events`: the events pass on as they are from there.
 * - `end_stream`: an error frame is sent, and the stream ends.
 */
export type HookFallback =
  | 'keep_candidates'
  | 'client_request'
  | 'original_response'
  | 'original_events'
  | 'end_stream';

/** Why a host did not use a plugin's answer. */
export type HookFallbackError = HookCallError | HookPolicyError;

/** Where a policy reports. */
export interface FallbackOptions {
  /** Receives a warning if a hook's answer is not used; nothing is reported by default. */
  readonly telemetry?: Telemetry | undefined;
}

/** The rules of {@link FallbackOptions}. */
export const fallbackRules: OptionRules<FallbackOptions> = { telemetry: telemetryRule };

/** What was taken from an answer, or why nothing was. */
export type Taken<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: HookFallbackError };

/**
 * Takes what a host uses of an outcome.
 *
 * @param take refuses an answer with a HookPolicyError. Other errors pass unchanged.
 * @throws TypeError if `outcome` is none, which would otherwise seem to be a fault of the plugin.
 */
export function taken<Response, T>(outcome: HookOutcome<Response>, take: (response: Response) => T): Taken<T> {
  checkArgument(
    'outcome',
    outcome?.kind === 'ok' || outcome?.kind === 'error',
    'what a function of a HookPlugin returns: the outcome, neither its response nor a promise',
  );
  if (outcome.kind === 'error') return { ok: false, error: outcome.error };
  return recover<Taken<T>, HookPolicyError, Taken<T>>(
    () => ({ ok: true, value: take(outcome.response) }),
    HookPolicyError,
    (error) => ({ ok: false, error }),
  );
}

/** Logs that a hook's answer was not used. The event has no text of the plugin. */
export function reportFallback(
  hook: HookName,
  policy: HookFallback,
  error: HookFallbackError,
  { telemetry }: FallbackOptions,
): void {
  const { kind } = error.failure;
  // The message of a call may have the engine's text about a trap.
  const fields =
    error instanceof HookCallError ? { error: kind, phase: error.phase } : { error: `${kind}: ${error.message}` };
  telemetry?.log({
    level: 'warn',
    target: LOG_TARGET,
    message: "a hook's answer was not used; the policy replaces it",
    fields: { hook, policy, ...fields },
  });
}
