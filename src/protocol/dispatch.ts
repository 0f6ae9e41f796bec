import { checkArgument, checkOptions, isObject, type OptionRules, telemetryRule } from '../option-rules.ts';
import type { Plugin } from '../plugin/plugin.ts';
import { type DispatchOptions, type DispatchOutcome, outcomeOf } from './dispatch-outcome.ts';
import { checkFunction, writeNegotiatedRequest } from './dispatch-request.ts';
import { outputOf, readResponse } from './dispatch-response.ts';
import type { AugmentedMetadata, WireFunction, WireInput } from './messages/index.ts';

export type { CallUse } from '../call-use.ts';
export { DispatchError, type DispatchFailure, type DispatchStage } from './dispatch-error.ts';
export type { DispatchOptions, DispatchOutcome } from './dispatch-outcome.ts';

const optionRules: OptionRules<DispatchOptions> = { telemetry: telemetryRule };

/**
 * Calls a wire function of a plugin (abi/PROTOCOL.md, Layer 5).
 *
 * If anything fails, the outcome is the function's fallback policy, counted and logged once. The
 * plugin remains usable.
 *
 * @param fn the function: one of `wire`, or the host's own.
 * @param plugin built by the host, with its own limits and host functions.
 * @param metadata the plugin's metadata, which has the negotiated version of the function.
 * @param request the request without `_v`.
 * @returns the response or the fallback policy.
 * @throws TypeError if an argument other than the request is malformed. Exceptions from `telemetry`
 * propagate.
 */
export function dispatchWireCall<Req, Res>(
  fn: WireFunction<Req, Res>,
  plugin: Plugin,
  metadata: Pick<AugmentedMetadata, 'negotiated_functions'>,
  request: WireInput<Req>,
  options: DispatchOptions = {},
): DispatchOutcome<Res> {
  checkFunction(fn);
  checkArgument('plugin', isObject(plugin) && 'callText' in plugin, 'a Plugin, as buildPlugin returns it');
  checkArgument('metadata', isMetadata(metadata), 'the metadata of an admission');
  checkOptions(options, optionRules);
  const dispatch = (): Res => {
    const { text, version } = writeNegotiatedRequest(fn, metadata, request);
    const output = outputOf(fn.name, () => plugin.callText(fn.name, text));
    return readResponse(fn, output, version);
  };
  return outcomeOf(fn, options, dispatch, () => plugin.lastUse);
}

function isMetadata(value: unknown): boolean {
  return isObject(value) && 'negotiated_functions' in value && isObject(value.negotiated_functions);
}
