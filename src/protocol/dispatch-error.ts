import { FailureError, type FailureErrorOptions, type FailureMessages, failureMessage } from '../failure.ts';
import { type Interruption, interruptionMessages } from '../interruption.ts';
import { exhaustionText } from '../metering/budget-use.ts';
import type { CallFailure } from '../plugin/call-error.ts';
import type { JsonType } from './messages/index.ts';
import type { Undecoded } from './undecoded.ts';

/** Where a dispatch failed: the label `stage` of the counter (abi/PROTOCOL.md, Layer 5). */
export type DispatchStage =
  | 'version_lookup'
  | 'request_envelope'
  | 'serialize_request'
  | 'plugin_call'
  | 'deserialize_response'
  | 'response_envelope'
  | 'response_decode'
  | 'panic';

/**
 * Why a dispatch fell back. No text here repeats request data. Text of the plugin and its answer is
 * in `call`, `reason` and `fault`, and in the cause. It is not in the error's message, and not in
 * the log.
 *
 * - `MissingNegotiatedVersion`: the metadata has no version of the function.
 * - `RequestValue`: the request is not of the function's type.
 * - `RequestNotObject`: the request is not written as a JSON object.
 * - `SerializeRequestEnvelope`: the version in the metadata is invalid.
 * - `PluginCall`: the call failed.
 * - `DeserializeResponseEnvelope`, `ResponseNotObject`: the output is not JSON, or not an object.
 *   `offset` is in bytes of the output.
 * - `ResponseVersionMissing`, `ResponseVersionInvalid`, `ResponseVersionMismatch`: `_v` is missing,
 *   is not an unsigned integer, or is another version. `expected` is the negotiated one.
 * - `ResponseDecode`: the rest of the object is not of the response type. `fault` has the names and
 *   types.
 * - `Aborted`, `DeadlineExceeded`, `RunnerEnded`: the host ended a call in a worker or a process.
 * - `Panic`: a defect in the host's code, such as a getter of the request that throws. The cause is
 *   what it threw.
 */
export type DispatchFailure =
  | { readonly kind: 'MissingNegotiatedVersion' }
  | { readonly kind: 'RequestValue'; readonly reason: string }
  | { readonly kind: 'RequestNotObject' }
  | { readonly kind: 'SerializeRequestEnvelope'; readonly reason: string }
  | { readonly kind: 'PluginCall'; readonly reason: string; readonly call: CallFailure }
  | ({ readonly kind: 'DeserializeResponseEnvelope' } & Undecoded)
  | { readonly kind: 'ResponseNotObject'; readonly foundType: JsonType }
  | { readonly kind: 'ResponseVersionMissing'; readonly expected: number }
  | ({ readonly kind: 'ResponseVersionInvalid'; readonly expected: number } & Undecoded)
  | { readonly kind: 'ResponseVersionMismatch'; readonly expected: number; readonly actual: number | bigint }
  | ({ readonly kind: 'ResponseDecode' } & Undecoded)
  | Interruption
  | { readonly kind: 'Panic' };

type Kind = DispatchFailure['kind'];

const stages: Readonly<Record<Kind, DispatchStage>> = {
  MissingNegotiatedVersion: 'version_lookup',
  RequestValue: 'request_envelope',
  RequestNotObject: 'request_envelope',
  SerializeRequestEnvelope: 'serialize_request',
  PluginCall: 'plugin_call',
  DeserializeResponseEnvelope: 'deserialize_response',
  ResponseNotObject: 'response_envelope',
  ResponseVersionMissing: 'response_envelope',
  ResponseVersionInvalid: 'response_envelope',
  ResponseVersionMismatch: 'response_envelope',
  ResponseDecode: 'response_decode',
  Aborted: 'plugin_call',
  DeadlineExceeded: 'plugin_call',
  RunnerEnded: 'plugin_call',
  Panic: 'panic',
};

const messages: FailureMessages<DispatchFailure> = {
  MissingNegotiatedVersion: () => 'the metadata has no negotiated version of this function',
  RequestValue: (f) => `the request has the wrong type: ${f.reason}`,
  RequestNotObject: () => 'the request is not written as a JSON object',
  SerializeRequestEnvelope: (f) => `the request cannot be written: ${f.reason}`,
  PluginCall: (f) => failureMessage(calls, f.call),
  DeserializeResponseEnvelope: (f) => `the answer is not JSON (byte ${f.offset}, expected ${f.fault.expected})`,
  ResponseNotObject: (f) => `the answer is not a JSON object but of the type ${f.foundType}`,
  ResponseVersionMissing: (f) => `the answer has no version _v, expected ${f.expected}`,
  ResponseVersionInvalid: (f) => `the answer's _v is not an unsigned integer, expected ${f.expected}`,
  ResponseVersionMismatch: (f) => `the answer's version _v is not ${f.expected}`,
  ResponseDecode: ({ path, offset, fault: { kind, expected, hasKey } }) => {
    const at = hasKey ? 'in a map' : `at ${path}`;
    return `the answer has the wrong type (${kind} ${at}, byte ${offset}, expected ${expected})`;
  },
  ...interruptionMessages,
  Panic: () => "the host's own code failed: see the cause",
};

/**
 * The messages of failed calls without text of the plugin, of host functions or of their arguments:
 * a plugin can put the request into any of those.
 */
const calls: FailureMessages<CallFailure> = {
  Disposed: () => 'the plugin was disposed',
  Reentrant: () => 'the plugin is already being called',
  InvalidArgument: (f) => `${f.argument} must be ${f.expected}`,
  Instantiate: () => 'the plugin could not be instantiated',
  FunctionNotFound: () => 'the plugin does not export this function',
  HasParameters: (f) => `its export takes ${f.params} parameters`,
  TooManyResults: (f) => `its export has ${f.results} results`,
  OutOfFuel: (f) => `the plugin ${exhaustionText(f)}`,
  Timeout: (f) => `the plugin ${exhaustionText(f)}`,
  OutOfMemory: (f) => `the plugin ${exhaustionText(f)}`,
  StackOverflow: (f) => `the plugin ${exhaustionText(f)}`,
  HostFunction: (f) => `the host function ${f.function} failed`,
  KernelFunction: (f) => `the kernel function ${f.function} failed`,
  Trap: (f) => `the plugin trapped: ${f.reason}`,
  PluginError: () => 'the plugin set an error',
  ErrorMessageUnreadable: () => 'the plugin set an error that is not UTF-8',
  NonZeroExit: (f) => `the plugin returned the code ${f.code}`,
  OutputNotUtf8: () => 'the output is not UTF-8',
};

/**
 * A dispatch that fell back. The message is safe to log; `failure` and `cause` may contain text of
 * the plugin.
 */
export class DispatchError extends FailureError<DispatchFailure> {
  override readonly name = 'DispatchError';
  readonly stage: DispatchStage;

  /** @param options `subject` is the name of the wire function. */
  constructor(failure: DispatchFailure, options?: FailureErrorOptions) {
    super(failure, options);
    this.stage = stages[failure.kind];
  }

  protected override get messages(): FailureMessages<DispatchFailure> {
    return messages;
  }
}
