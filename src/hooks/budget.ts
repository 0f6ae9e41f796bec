import { type Budget, STACK_SLOTS } from '../metering/index.ts';
import { stackSlotsRule } from '../metering/layout.ts';
import { limitRule, type OptionRules, optionsRule } from '../option-rules.ts';

/**
 * What a plugin's calls may use. Missing or `undefined` means the default, `Infinity` unlimited, as
 * in cc-lb. No state survives a call, so each limit is that of one call.
 */
export interface HookLimits {
  /**
   * Fuel and time of a call, the start function included: 1,000,000,000 and 5,000 ms by default.
   * The time begins with the plugin's first instruction.
   */
  readonly call?: Budget | undefined;
  /** The same for a probe of admission: 10,000,000 and 200 ms by default. */
  readonly probe?: Budget | undefined;
  /**
   * Pages of 64 KiB that the memory may have: 2,048 by default. Beyond them `memory.grow` returns
   * -1.
   */
  readonly memoryMaxPages?: number | undefined;
  /** Entries that all tables may have together: 100,000 by default. cc-lb has no such limit. */
  readonly tableMaxEntries?: number | undefined;
  /** Slots of 8 bytes that the frames on the stack may take together: 65,536 by default. */
  readonly stackSlots?: number | undefined;
}

/** {@link HookLimits} with the defaults. */
export interface SettledLimits {
  readonly call: Required<Budget>;
  readonly probe: Required<Budget>;
  readonly memoryMaxPages: number;
  readonly tableMaxEntries: number;
  readonly stackSlots: number;
}

const CALL = { fuel: 1_000_000_000, wallMs: 5_000 } as const;
const PROBE = { fuel: 10_000_000, wallMs: 200 } as const;
const MEMORY_MAX_PAGES = 2_048;
const TABLE_MAX_ENTRIES = 100_000;

const budgetRules: OptionRules<Budget> = { fuel: limitRule, wallMs: limitRule };

/** The rules of {@link HookLimits}. */
export const hookLimitRules: OptionRules<HookLimits> = {
  call: optionsRule(budgetRules),
  probe: optionsRule(budgetRules),
  memoryMaxPages: limitRule,
  tableMaxEntries: limitRule,
  stackSlots: stackSlotsRule,
};

/** Returns the limits, with defaults for what is missing. */
export function settleLimits(limits: HookLimits): SettledLimits {
  return {
    call: { fuel: limits.call?.fuel ?? CALL.fuel, wallMs: limits.call?.wallMs ?? CALL.wallMs },
    probe: { fuel: limits.probe?.fuel ?? PROBE.fuel, wallMs: limits.probe?.wallMs ?? PROBE.wallMs },
    memoryMaxPages: limits.memoryMaxPages ?? MEMORY_MAX_PAGES,
    tableMaxEntries: limits.tableMaxEntries ?? TABLE_MAX_ENTRIES,
    stackSlots: limits.stackSlots ?? STACK_SLOTS,
  };
}
