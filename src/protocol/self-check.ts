import { unwrap } from '../failure.ts';
import { checkArgument, checkOptions, functionRule, type OptionRules } from '../option-rules.ts';
import { checkSource, layerOptionRules, type PluginSource } from './layer-call.ts';
import type { PluginSlot, SelfCheckResponse } from './messages/index.ts';
import { runSelfCheckLayer, type SelfCheckOptions } from './self-check-layer.ts';

export {
  SelfCheckExecutionError,
  type SelfCheckExecutionFailure,
  type SelfCheckViolation,
} from './self-check-error.ts';
export type { SelfCheckOptions } from './self-check-layer.ts';
export { validateSelfCheckRequest, validateSelfCheckResponse } from './self-check-validation.ts';

const optionRules: OptionRules<SelfCheckOptions> = { ...layerOptionRules, clock: functionRule };

/**
 * Runs a plugin's self-check (abi/PROTOCOL.md, Layer 3).
 *
 * It builds the plugin anew and disposes of it afterwards. If `slots` is empty, the plugin must
 * have the export, but it is not called: the answer is success at the clock's time. `admit` makes
 * the same self-check, and reports the fuel that the plugin's call burnt.
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
  checkSource(plugin);
  checkArgument('slots', slots === 'all' || Array.isArray(slots), "an array of slots, or 'all'");
  checkOptions(options, optionRules);
  return unwrap(runSelfCheckLayer(plugin, slots, options));
}
