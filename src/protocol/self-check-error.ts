import { FailureError, type FailureErrorOptions, type FailureMessages } from '../failure.ts';
import { exhaustionText, isExhaustion } from '../metering/budget-use.ts';
import type { WithStack } from '../metering/run/trap-stack.ts';
import type { BuildFailure } from '../plugin/build-error.ts';
import type { CallFailure } from '../plugin/call-error.ts';
import type { SelfCheckResponse } from './messages/index.ts';
import type { Undecoded } from './undecoded.ts';

/**
 * What is wrong with a request or response.
 *
 * - `EmptyRequest`: the request names no function.
 * - `TooManyFunctions`: the request names more than 16 functions, or the response has more than 16
 *   failures.
 * - `InvalidTimestamp`: the time in `field` is not after 1970.
 */
export type SelfCheckViolation =
  | { readonly kind: 'EmptyRequest' }
  | { readonly kind: 'TooManyFunctions'; readonly count: number; readonly max: number }
  | { readonly kind: 'InvalidTimestamp'; readonly field: 'initiated_at' | 'completed_at' };

/**
 * Why a self-check failed (abi/PROTOCOL.md, Layer 3).
 *
 * - `Instantiate`: the plugin could not be built. `build` says why.
 * - `MissingSelfCheckExport`: the plugin lacks the export.
 * - `Clock`: the host's clock threw, or returned an invalid time.
 * - `SerializeRequest`: the host's request cannot be written.
 * - `Validation`: the request or the response breaks the rules.
 * - `Call`: the call failed, also if it ran out of fuel or time; or its output is not UTF-8. `call`
 *   says why, and how much was used of how much; `stack` where the plugin trapped, if the engine
 *   tells.
 * - `OutputTooLarge`: the output has `bytes` bytes.
 * - `DecodeResponse`: the output is not the JSON of a response. `offset` is in bytes. `fault` has
 *   the names and types.
 * - `SuccessWithFailures`, `FailureWithoutFailures`: the response contradicts itself.
 * - `FailureStatus`: the plugin found `failures` failures in itself.
 */
export type SelfCheckExecutionFailure =
  | { readonly kind: 'Validation'; readonly violation: SelfCheckViolation }
  | { readonly kind: 'Instantiate'; readonly reason: string; readonly build: BuildFailure }
  | { readonly kind: 'MissingSelfCheckExport' }
  | { readonly kind: 'Clock'; readonly reason: string }
  | { readonly kind: 'SerializeRequest'; readonly reason: string }
  | ({ readonly kind: 'Call'; readonly reason: string; readonly call: CallFailure } & WithStack)
  | { readonly kind: 'OutputTooLarge'; readonly bytes: number; readonly max: number }
  | ({ readonly kind: 'DecodeResponse' } & Undecoded)
  | { readonly kind: 'SuccessWithFailures'; readonly count: number }
  | { readonly kind: 'FailureWithoutFailures' }
  | { readonly kind: 'FailureStatus'; readonly failures: number };

const messages: FailureMessages<SelfCheckExecutionFailure> = {
  Validation: ({ violation }) => describeViolation(violation),
  Instantiate: (f) => `the plugin could not be built: ${f.reason}`,
  MissingSelfCheckExport: () => `the plugin has no export cc_lb_self_check of type () -> i32 or () -> ()`,
  Clock: (f) => `the host's clock failed: ${f.reason}`,
  SerializeRequest: (f) => `the self-check request cannot be written: ${f.reason}`,
  Call: ({ call, reason }) => `cc_lb_self_check ${isExhaustion(call) ? exhaustionText(call) : `failed: ${reason}`}`,
  OutputTooLarge: (f) => `the answer of cc_lb_self_check has ${f.bytes} bytes, at most ${f.max} are allowed`,
  DecodeResponse: (f) => `the answer of cc_lb_self_check is not a self-check response: ${f.reason}`,
  SuccessWithFailures: (f) => `the status is success, but failures has ${counted(f.count)}`,
  FailureWithoutFailures: () => 'the status is failure, but failures is empty',
  FailureStatus: (f) => `the self-check found ${counted(f.failures)}`,
};

function counted(failures: number): string {
  return `${failures} ${failures === 1 ? 'failure' : 'failures'}`;
}

function describeViolation(violation: SelfCheckViolation): string {
  if (violation.kind === 'EmptyRequest') return 'a self-check request must name a function to test';
  if (violation.kind === 'InvalidTimestamp') return `${violation.field} must be a time after 1970`;
  return `${violation.count} functions or failures, at most ${violation.max} are allowed`;
}

/** A failed self-check. `cause` is the underlying error, if there is one. */
export class SelfCheckExecutionError extends FailureError<SelfCheckExecutionFailure> {
  override readonly name = 'SelfCheckExecutionError';
  /** The plugin's answer, if it could be decoded. It names the failures that the plugin found. */
  readonly response: SelfCheckResponse | undefined;

  constructor(
    failure: SelfCheckExecutionFailure,
    { response, ...options }: FailureErrorOptions & { readonly response?: SelfCheckResponse } = {},
  ) {
    super(failure, options);
    this.response = response;
  }

  protected override get messages(): FailureMessages<SelfCheckExecutionFailure> {
    return messages;
  }
}
