import type { CallUse } from '../call-use.ts';
import type { MetricOf } from '../metrics/table.ts';
import type { CallFailure } from '../plugin/call-error.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { DispatchError, type DispatchStage } from './dispatch-error.ts';
import type { FallbackPolicy, WireFunction } from './messages/index.ts';

/** Counts the dispatches that fell back, with the labels `function` and `stage`. */
const ERRORS_COUNTER: MetricOf<'counter'> = 'cc_lb_plugin_dispatch_errors_total';

/** The target of the log event of a dispatch that fell back. */
const LOG_TARGET = 'cc_lb_plugin.dispatch';

/**
 * The plugin's response; or the fallback policy of the function, and why it applies. `used` is
 * missing if the plugin was not called.
 */
export type DispatchOutcome<Res> =
  | { readonly kind: 'ok'; readonly response: Res; readonly used?: CallUse }
  | {
      readonly kind: 'fallback';
      readonly policy: FallbackPolicy;
      readonly error: DispatchError;
      readonly used?: CallUse;
    };

/** How to dispatch a call. */
export interface DispatchOptions {
  /**
   * Receives the counter and the log event of a dispatch that falls back; nothing is reported by
   * default.
   */
  readonly telemetry?: Telemetry | undefined;
}

/**
 * Makes an outcome of a dispatch, whatever it throws.
 *
 * @param useOf returns what the plugin used. It is only asked if the plugin was called.
 */
export function outcomeOf<Req, Res>(
  fn: WireFunction<Req, Res>,
  { telemetry = noTelemetry }: DispatchOptions,
  dispatch: () => Res,
  useOf: () => CallUse | undefined,
): DispatchOutcome<Res> {
  const withUse = <O extends object>(outcome: O, used: CallUse | undefined): O & { used?: CallUse } =>
    used === undefined ? outcome : { ...outcome, used };
  try {
    const response = dispatch();
    return withUse({ kind: 'ok', response }, useOf());
  } catch (thrown) {
    const error =
      thrown instanceof DispatchError
        ? thrown
        : new DispatchError({ kind: 'Panic' }, { cause: thrown, subject: fn.name });
    const policy = fallBack(fn, error, telemetry);
    return withUse({ kind: 'fallback', policy, error }, reachedPlugin(error) ? useOf() : undefined);
  }
}

/** The failures of calls that did not begin. */
const notBegun: readonly CallFailure['kind'][] = ['Disposed', 'Reentrant', 'InvalidArgument'];

/** The stages after the call of the plugin. */
const afterCall: readonly DispatchStage[] = ['deserialize_response', 'response_envelope', 'response_decode'];

/** Whether the plugin was called before a dispatch failed. */
function reachedPlugin({ failure, stage }: DispatchError): boolean {
  return failure.kind === 'PluginCall' ? !notBegun.includes(failure.call.kind) : afterCall.includes(stage);
}

/** Reports a dispatch that falls back. @returns the policy. */
export function fallBack<Req, Res>(
  { name, fallback: policy }: WireFunction<Req, Res>,
  error: DispatchError,
  telemetry: Telemetry,
): FallbackPolicy {
  telemetry.counter(ERRORS_COUNTER, 1, { function: name, stage: error.stage });
  telemetry.log({
    level: 'warn',
    target: LOG_TARGET,
    message: 'a dispatch failed; its fallback replaces the response',
    fields: { function: name, error: `${error.failure.kind}: ${error.message}`, policy },
  });
  return policy;
}
