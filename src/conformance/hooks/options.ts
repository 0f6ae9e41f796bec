import type { AdmitHooksOptions } from '../../hooks/admit.ts';
import { hookLimitRules, type SettledLimits, settleLimits } from '../../hooks/budget.ts';
import { hookSlotKinds } from '../../hooks/hook.ts';
import { type ModuleLimits, moduleLimitRules } from '../../metering/limits.ts';
import { checkOptions, functionRule, limitRule, type OptionRules, oneOfRule, optionsRule } from '../../option-rules.ts';
import type { Progress } from '../options.ts';
import type { ConformanceSlot } from '../report.ts';

/** The slots, in the order in which a plugin is tried for them. */
export const conformanceSlots: readonly ConformanceSlot[] = hookSlotKinds;

/** How a plugin of the hook ABI is verified. Missing or `undefined` means the default. */
export interface VerifyHooksOptions
  extends Pick<AdmitHooksOptions, 'memoryMaxPages' | 'tableMaxEntries' | 'stackSlots' | 'limits'> {
  /** What the plugin is verified for. Without it, all slots that it is right for. */
  readonly slot?: ConformanceSlot | undefined;
  /**
   * Fuel for each call: 1,000,000,000 by default. A call ends after a minute too: one bulk
   * instruction burns one fuel, however much it moves.
   */
  readonly fuel?: number | undefined;
  /** Called after each check. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** {@link VerifyHooksOptions} with the defaults filled in. */
export interface ResolvedHooksOptions {
  readonly slot: ConformanceSlot | undefined;
  /** What calls and probes may use. */
  readonly limits: SettledLimits;
  /** What the module may contain. */
  readonly moduleLimits: ModuleLimits | undefined;
}

const rules: OptionRules<VerifyHooksOptions> = {
  slot: oneOfRule(conformanceSlots),
  fuel: limitRule,
  memoryMaxPages: hookLimitRules.memoryMaxPages,
  tableMaxEntries: hookLimitRules.tableMaxEntries,
  stackSlots: hookLimitRules.stackSlots,
  limits: optionsRule(moduleLimitRules),
  onProgress: functionRule,
};

/**
 * Milliseconds of a call: ten times what the default fuel lasts if no instruction moves much. So
 * results do not depend on the machine, unless the plugin moves gigabytes.
 */
const WALL_MS = 60_000;

/**
 * Fills in the defaults.
 *
 * @throws TypeError that names the first unknown or malformed option.
 */
export function resolveHooksOptions(options: VerifyHooksOptions): ResolvedHooksOptions {
  checkOptions(options, rules);
  const { slot, fuel, limits: moduleLimits, memoryMaxPages, tableMaxEntries, stackSlots } = options;
  const bounds = { memoryMaxPages, tableMaxEntries, stackSlots };
  return {
    slot,
    limits: settleLimits({ ...bounds, call: { fuel, wallMs: WALL_MS }, probe: { wallMs: WALL_MS } }),
    moduleLimits,
  };
}
