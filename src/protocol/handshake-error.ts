import { FailureError, type FailureMessages, failureMessage } from '../failure.ts';
import { exhaustionText, isExhaustion } from '../metering/budget-use.ts';
import type { WithStack } from '../metering/run/trap-stack.ts';
import type { BuildFailure } from '../plugin/build-error.ts';
import type { CallFailure } from '../plugin/call-error.ts';
import type { Undecoded } from './undecoded.ts';

/**
 * What is wrong with an offer, or with an accept compared with it (abi/PROTOCOL.md, Layer 2, steps
 * 1 and 7).
 *
 * - Of an offer: `FunctionCountExceeded`, `FunctionVersionCountExceeded`, `VersionOutOfRange`,
 *   `CapabilityCountExceeded`.
 * - Of an accept: the others. `ChosenForUnknownFunction`: the function was not offered, or the
 *   plugin does not list it as supported.
 */
export type HandshakeViolation =
  | { readonly kind: 'FunctionCountExceeded'; readonly count: number; readonly max: number }
  | {
      readonly kind: 'FunctionVersionCountExceeded';
      readonly function: string;
      readonly count: number;
      readonly max: number;
    }
  | { readonly kind: 'VersionOutOfRange'; readonly version: number; readonly min: number; readonly max: number }
  | { readonly kind: 'CapabilityCountExceeded'; readonly count: number; readonly max: number }
  | { readonly kind: 'HandshakeSchemaVersionMismatch'; readonly got: number; readonly expected: number }
  | { readonly kind: 'ChosenForUnknownFunction'; readonly function: string }
  | { readonly kind: 'ChosenVersionNotOffered'; readonly function: string; readonly version: number }
  | {
      readonly kind: 'DowngradeAttempt';
      readonly function: string;
      readonly chosen: number;
      readonly maxIntersection: number;
    }
  | { readonly kind: 'RequiredCapabilityUnavailable'; readonly capability: string };

/**
 * Why a handshake failed. In the order of the steps:
 *
 * - `Validation`: the offer breaks the rules, or the accept does not fit the offer.
 * - `Instantiate`: the plugin could not be compiled or built. `build` says why.
 * - `MissingHandshakeExport`, `SerializeOffer`: nothing was called. `SerializeOffer` is the host's
 *   mistake.
 * - `Timeout`: the call exhausted its fuel or time, or returned with an error that mentions a
 *   timeout, a deadline or fuel. `call` says which, and how much was used of how much.
 * - `Call`: the call failed otherwise, or its output is not UTF-8. `call` says why, and `stack`
 *   where the plugin trapped, if the engine tells.
 * - `OutputTooLarge`: the output has `bytes` bytes.
 * - `DecodeAccept`: the output is not the JSON of an accept. `offset` is in bytes. `fault` has the
 *   names and types.
 * - `ImplementedFunctionCountExceeded` to `ChosenVersionNotSupported`: the accept contradicts the
 *   offer or itself.
 * - `DeclaredFunctionMissing`, `UndeclaredExport`: the accept contradicts the exports. `found` is
 *   what is exported under the name of a missing function, such as `function (i32) -> (i32)`.
 */
export type HandshakeExecutionFailure =
  | { readonly kind: 'Validation'; readonly violation: HandshakeViolation }
  | { readonly kind: 'Instantiate'; readonly reason: string; readonly build: BuildFailure }
  | { readonly kind: 'MissingHandshakeExport' }
  | { readonly kind: 'SerializeOffer'; readonly reason: string }
  | { readonly kind: 'Timeout'; readonly call: CallFailure }
  | ({ readonly kind: 'Call'; readonly reason: string; readonly call: CallFailure } & WithStack)
  | { readonly kind: 'OutputTooLarge'; readonly bytes: number; readonly max: number }
  | ({ readonly kind: 'DecodeAccept' } & Undecoded)
  | { readonly kind: 'ImplementedFunctionCountExceeded'; readonly count: number; readonly max: number }
  | { readonly kind: 'ImplementedUnknownFunction'; readonly function: string }
  | { readonly kind: 'SupportedUnknownFunction'; readonly function: string }
  | {
      readonly kind: 'SupportedVersionOutOfRange';
      readonly function: string;
      readonly version: number;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'ChosenFunctionNotImplemented'; readonly function: string }
  | { readonly kind: 'ChosenVersionNotSupported'; readonly function: string; readonly version: number }
  | { readonly kind: 'DeclaredFunctionMissing'; readonly function: string; readonly found?: string }
  | { readonly kind: 'UndeclaredExport'; readonly function: string };

const violations: FailureMessages<HandshakeViolation> = {
  FunctionCountExceeded: (v) => `the offer has ${v.count} functions, at most ${v.max} are allowed`,
  FunctionVersionCountExceeded: (v) =>
    `the offer has ${v.count} versions of ${v.function}, at most ${v.max} are allowed`,
  VersionOutOfRange: (v) => `the offer has a version ${v.version}, expected ${v.min} to ${v.max}`,
  CapabilityCountExceeded: (v) => `the offer has ${v.count} capabilities, at most ${v.max} are allowed`,
  HandshakeSchemaVersionMismatch: (v) =>
    `the accept has handshake_schema_version ${v.got}, but the offer has ${v.expected}`,
  ChosenForUnknownFunction: (v) =>
    `chosen_versions has ${v.function}, which was not offered or is not in plugin_supported`,
  ChosenVersionNotOffered: (v) => `chosen_versions has version ${v.version} of ${v.function}, which was not offered`,
  DowngradeAttempt: (v) =>
    `chosen_versions has version ${v.chosen} of ${v.function}, but both sides support version ${v.maxIntersection}`,
  RequiredCapabilityUnavailable: (v) => `required_capabilities has ${v.capability}, which was not offered`,
};

const messages: FailureMessages<HandshakeExecutionFailure> = {
  Validation: (f) => failureMessage(violations, f.violation),
  Instantiate: (f) => `the plugin could not be built: ${f.reason}`,
  MissingHandshakeExport: () => 'the plugin has no export cc_lb_handshake of type () -> i32 or () -> ()',
  SerializeOffer: (f) => `the offer cannot be written: ${f.reason}`,
  Timeout: ({ call }) => `cc_lb_handshake ${timeoutText(call)}`,
  Call: ({ call, reason }) => `cc_lb_handshake ${isExhaustion(call) ? exhaustionText(call) : `failed: ${reason}`}`,
  OutputTooLarge: (f) => `the answer of cc_lb_handshake has ${f.bytes} bytes, at most ${f.max} are allowed`,
  DecodeAccept: (f) => `the answer of cc_lb_handshake is not an accept: ${f.reason}`,
  ImplementedFunctionCountExceeded: (f) =>
    `implemented_functions has ${f.count} functions, at most ${f.max} are allowed`,
  ImplementedUnknownFunction: (f) => `implemented_functions has ${f.function}, which was not offered`,
  SupportedUnknownFunction: (f) => `plugin_supported has ${f.function}, which was not offered`,
  SupportedVersionOutOfRange: (f) =>
    `plugin_supported has version ${f.version} of ${f.function}, expected ${f.min} to ${f.max}`,
  ChosenFunctionNotImplemented: (f) => `chosen_versions has ${f.function}, which is not in implemented_functions`,
  ChosenVersionNotSupported: (f) =>
    `chosen_versions has version ${f.version} of ${f.function}, which is not in plugin_supported`,
  DeclaredFunctionMissing: (f) =>
    f.found === undefined
      ? `implemented_functions has ${f.function}, but the plugin has no such export of type () -> i32 or () -> ()`
      : `implemented_functions has ${f.function}, which the plugin exports as ${f.found}, ` +
        'expected type () -> i32 or () -> ()',
  UndeclaredExport: (f) => `the plugin exports ${f.function}, which is not in implemented_functions`,
};

/** Says what a call ran out of: fuel or time, or what its own error says. */
function timeoutText(call: CallFailure): string {
  if (isExhaustion(call)) return exhaustionText(call);
  return 'message' in call ? `set an error that speaks of time or fuel: ${call.message}` : 'timed out';
}

/**
 * A failed handshake, or an offer or accept that breaks the rules. `cause` is the underlying error,
 * if there is one.
 */
export class HandshakeExecutionError extends FailureError<HandshakeExecutionFailure> {
  override readonly name = 'HandshakeExecutionError';

  protected override get messages(): FailureMessages<HandshakeExecutionFailure> {
    return messages;
  }
}

/**
 * Refuses an offer or an accept.
 *
 * @throws HandshakeExecutionError `Validation`.
 */
export function refuse(violation: HandshakeViolation): never {
  throw new HandshakeExecutionError({ kind: 'Validation', violation });
}
