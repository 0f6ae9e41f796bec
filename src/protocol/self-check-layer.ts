import { type Clock, systemClock, unixSeconds } from '../clock.ts';
import { reasonOf, translate } from '../failure.ts';
import { withStackOf } from '../metering/run/trap-stack.ts';
import type { BuildPluginError } from '../plugin/build-error.ts';
import { PluginCallError } from '../plugin/call-error.ts';
import type { Plugin } from '../plugin/plugin.ts';
import {
  decodeAnswer,
  type LayerOptions,
  type LayerResult,
  type PluginSource,
  pluginOptions,
  reportedCall,
  withFreshPlugin,
} from './layer-call.ts';
import {
  allWireFunctions,
  encodeJson,
  JsonEncodeError,
  type PluginSlot,
  SELF_CHECK_FUEL,
  SELF_CHECK_OUTPUT_MAX_BYTES,
  SELF_CHECK_WALL_MS,
  type SelfCheckRequest,
  type SelfCheckResponse,
  selfCheckRequest,
  selfCheckResponse,
} from './messages/index.ts';
import { SelfCheckExecutionError } from './self-check-error.ts';
import { validateSelfCheckRequest, validateSelfCheckResponse } from './self-check-validation.ts';
import { functionForSlot } from './slots.ts';

/** The export of the self-check. */
const SELF_CHECK_EXPORT = 'cc_lb_self_check';

/** How to make a self-check. */
export interface SelfCheckOptions extends LayerOptions {
  /**
   * Supplies the time at which the check begins, in milliseconds. The request has it in seconds.
   */
  readonly clock?: Clock | undefined;
}

/**
 * Runs Layer 3 for `executeSelfCheck` and `admit`, which have checked the arguments.
 *
 * @returns the response, or the error of `executeSelfCheck`; in both cases with the fuel that the
 * plugin's call burnt.
 * @throws TypeError if an entry of `slots` is not a slot.
 */
export function runSelfCheckLayer(
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
  const rules = { type: selfCheckResponse, max: SELF_CHECK_OUTPUT_MAX_BYTES, kind: 'DecodeResponse' } as const;
  return decodeAnswer(answer, rules, (failure, options) => new SelfCheckExecutionError(failure, options));
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
