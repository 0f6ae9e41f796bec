import { type Clock, systemClock, unixSeconds } from '../clock.ts';
import {
  FailureError,
  type FailureErrorOptions,
  type FailureMessages,
  reasonOf,
  translate,
  unwrap,
} from '../failure.ts';
import { exhaustionText, isExhaustion } from '../metering/budget-use.ts';
import { type WithStack, withStackOf } from '../metering/run/trap-stack.ts';
import { checkArgument, checkOptions, functionRule, isObject, type OptionRules } from '../option-rules.ts';
import type { BuildFailure, BuildPluginError } from '../plugin/build-error.ts';
import { type CallFailure, PluginCallError } from '../plugin/call-error.ts';
import type { Plugin } from '../plugin/plugin.ts';
import {
  checkSource,
  type LayerOptions,
  type LayerResult,
  layerOptionRules,
  type PluginSource,
  pluginOptions,
  reportedCall,
  withFreshPlugin,
} from './layer-call.ts';
import {
  allWireFunctions,
  decodeJson,
  encodeJson,
  IMPLEMENTED_FUNCTIONS_MAX,
  JsonDecodeError,
  JsonEncodeError,
  type PluginSlot,
  SELF_CHECK_FUEL,
  SELF_CHECK_OUTPUT_MAX_BYTES,
  SELF_CHECK_WALL_MS,
  type SelfCheckRequest,
  type SelfCheckResponse,
  selfCheckRequest,
  selfCheckResponse,
  utf8Length,
} from './messages/index.ts';
import { functionForSlot } from './slots.ts';
import { type Undecoded, undecoded } from './undecoded.ts';

/** The export of the self-check. */
const SELF_CHECK_EXPORT = 'cc_lb_self_check';

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
  MissingSelfCheckExport: () => `the plugin has no export ${SELF_CHECK_EXPORT} of type () -> i32 or () -> ()`,
  Clock: (f) => `the host's clock failed: ${f.reason}`,
  SerializeRequest: (f) => `the self-check request cannot be written: ${f.reason}`,
  Call: ({ call, reason }) => `${SELF_CHECK_EXPORT} ${isExhaustion(call) ? exhaustionText(call) : `failed: ${reason}`}`,
  OutputTooLarge: (f) => `the answer of ${SELF_CHECK_EXPORT} has ${f.bytes} bytes, at most ${f.max} are allowed`,
  DecodeResponse: (f) => `the answer of ${SELF_CHECK_EXPORT} is not a self-check response: ${f.reason}`,
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

/** How to make a self-check. */
export interface SelfCheckOptions extends LayerOptions {
  /**
   * Supplies the time at which the check begins, in milliseconds. The request has it in seconds.
   */
  readonly clock?: Clock | undefined;
}

const optionRules: OptionRules<SelfCheckOptions> = { ...layerOptionRules, clock: functionRule };

/**
 * Runs a plugin's self-check (abi/PROTOCOL.md, Layer 3).
 *
 * It builds the plugin anew and disposes of it afterwards. If `slots` is empty, the plugin must
 * have the export, but it is not called: the answer is success at the clock's time.
 *
 * @param plugin the compiled plugin, or the result of compiling it: `compilePlugin(bytes)`.
 * @param slots the slots whose wire functions are tested; `all` for the seven wire functions, as in
 * version 0.1 of the protocol.
 * @param options `wallMs` and `fuel` replace the protocol's 200 ms and 10,000,000. The other limits
 * replace the defaults of this package, where the protocol has none.
 * @returns a response of status `success`.
 * @throws SelfCheckExecutionError with the first failure in the protocol's order. TypeError if an
 * argument is malformed. BuildPluginError `CompilationRefused` where the engine may not compile.
 * Exceptions from `telemetry` propagate.
 */
export function executeSelfCheck(
  plugin: PluginSource,
  slots: readonly PluginSlot[] | 'all',
  options: SelfCheckOptions = {},
): SelfCheckResponse {
  return unwrap(runSelfCheck(plugin, slots, options));
}

/**
 * Does what {@link executeSelfCheck} does, and measures the fuel that the plugin's call burnt.
 *
 * @returns the response or the error of `executeSelfCheck`, and the fuel in both cases.
 * @throws TypeError if an argument is malformed.
 */
export function runSelfCheck(
  plugin: PluginSource,
  slots: readonly PluginSlot[] | 'all',
  options: SelfCheckOptions = {},
): LayerResult<SelfCheckResponse> {
  checkSource(plugin);
  checkArgument('slots', slots === 'all' || Array.isArray(slots), "an array of slots, or 'all'");
  checkOptions(options, optionRules);
  return selfCheckOf(plugin, slots, options);
}

/** {@link runSelfCheck} with arguments that were checked. */
export function selfCheckOf(
  plugin: PluginSource,
  slots: readonly PluginSlot[] | 'all',
  options: SelfCheckOptions,
): LayerResult<SelfCheckResponse> {
  const { clock = systemClock } = options;
  const build = pluginOptions(options, { wallMs: SELF_CHECK_WALL_MS, fuel: SELF_CHECK_FUEL });
  const functions = slots === 'all' ? allWireFunctions : slots.map(functionForSlot);
  const refuse = (error: BuildPluginError) =>
    new SelfCheckExecutionError({ kind: 'Instantiate', reason: error.message, build: error.failure }, { cause: error });
  return withFreshPlugin(plugin, build, refuse, (fresh) => {
    if (!fresh.functionExists(SELF_CHECK_EXPORT)) throw new SelfCheckExecutionError({ kind: 'MissingSelfCheckExport' });
    const now = readClock(clock);
    const response: SelfCheckResponse =
      functions.length === 0
        ? { status: 'success', failures: [], completed_at: now }
        : decodeResponse(call(fresh, writeRequest({ functions_to_test: functions, initiated_at: now })));
    validateSelfCheckResponse(response);
    checkStatus(response);
    return response;
  });
}

/**
 * Checks a request: 1 to 16 functions, a time after 1970 (abi/PROTOCOL.md, "Self-check: order of
 * checks").
 *
 * @throws SelfCheckExecutionError `Validation` with `EmptyRequest`, `TooManyFunctions` or
 * `InvalidTimestamp`.
 */
export function validateSelfCheckRequest(request: SelfCheckRequest): void {
  checkArgument('request', isObject(request) && Array.isArray(request.functions_to_test), 'a self-check request');
  const count = request.functions_to_test.length;
  if (count === 0) violate({ kind: 'EmptyRequest' });
  checkCount(count);
  if (request.initiated_at <= 0) violate({ kind: 'InvalidTimestamp', field: 'initiated_at' });
}

/**
 * Checks a response: a time after 1970, at most 16 failures (abi/PROTOCOL.md, "Self-check: order of
 * checks"). It does not compare the status with the failures.
 *
 * @throws SelfCheckExecutionError `Validation` with `InvalidTimestamp` or `TooManyFunctions`.
 */
export function validateSelfCheckResponse(response: SelfCheckResponse): void {
  checkArgument('response', isObject(response) && Array.isArray(response.failures), 'a self-check response');
  if (response.completed_at <= 0) violate({ kind: 'InvalidTimestamp', field: 'completed_at' }, response);
  checkCount(response.failures.length, response);
}

function checkCount(count: number, response?: SelfCheckResponse): void {
  const max = IMPLEMENTED_FUNCTIONS_MAX;
  if (count > max) violate({ kind: 'TooManyFunctions', count, max }, response);
}

function violate(violation: SelfCheckViolation, response?: SelfCheckResponse): never {
  throw new SelfCheckExecutionError({ kind: 'Validation', violation }, response === undefined ? {} : { response });
}

function readClock(clock: Clock): number {
  try {
    return unixSeconds(clock);
  } catch (error) {
    throw new SelfCheckExecutionError({ kind: 'Clock', reason: reasonOf(error) }, { cause: error });
  }
}

function writeRequest(request: SelfCheckRequest): string {
  validateSelfCheckRequest(request);
  return translate(
    () => encodeJson(selfCheckRequest, request, 'declared'),
    JsonEncodeError,
    ({ message: reason }, options) => new SelfCheckExecutionError({ kind: 'SerializeRequest', reason }, options),
  );
}

function call(plugin: Plugin, request: string): string {
  return translate(
    () => plugin.callText(SELF_CHECK_EXPORT, request),
    PluginCallError,
    (error, options) => {
      const { reason, call } = reportedCall(error);
      return new SelfCheckExecutionError(withStackOf({ kind: 'Call', reason, call }, call), options);
    },
  );
}

function decodeResponse(answer: string): SelfCheckResponse {
  const [bytes, max] = [utf8Length(answer), SELF_CHECK_OUTPUT_MAX_BYTES];
  if (bytes > max) throw new SelfCheckExecutionError({ kind: 'OutputTooLarge', bytes, max });
  return translate(
    () => decodeJson(selfCheckResponse, answer),
    JsonDecodeError,
    (error, options) => new SelfCheckExecutionError({ kind: 'DecodeResponse', ...undecoded(error) }, options),
  );
}

function checkStatus(response: SelfCheckResponse): void {
  const count = response.failures.length;
  if (response.status === 'success') {
    if (count === 0) return;
    throw new SelfCheckExecutionError({ kind: 'SuccessWithFailures', count }, { response });
  }
  if (count === 0) throw new SelfCheckExecutionError({ kind: 'FailureWithoutFailures' }, { response });
  throw new SelfCheckExecutionError({ kind: 'FailureStatus', failures: count }, { response });
}
