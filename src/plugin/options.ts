import { areHostValueKinds } from '../kernel/host-function.ts';
import { type HostFunction, KERNEL_NAMESPACE, type KernelLogLevel, logLevels } from '../kernel/index.ts';
import { STACK_SLOTS, stackSlotsRule } from '../metering/layout.ts';
import {
  findOptionFault,
  isObject,
  limitRule,
  type OptionRule,
  type OptionRules,
  oneOfRule,
  telemetryRule,
  textRecordRule,
  textRule,
  withDefaults,
} from '../option-rules.ts';
import type { Telemetry } from '../telemetry.ts';
import { BuildPluginError } from './build-error.ts';

/** How to build a plugin. Missing or `undefined` means the default; `Infinity` means unlimited. */
export interface PluginOptions {
  /**
   * The time for initialisation and one call together, in milliseconds: 5,000 by default. Building
   * has the same time again.
   */
  readonly wallMs?: number | undefined;
  /**
   * The fuel of one call (abi/KERNEL.md, "Fuel"): 1,000,000,000 by default. Building and the
   * initialisation of an instance have the same amount each.
   */
  readonly fuel?: number | undefined;
  /**
   * By how many pages of 64 KiB the memories of plugin and kernel together may grow in the life of
   * an instance: 32 by default.
   */
  readonly memoryMaxPages?: number | undefined;
  /**
   * How many pages of 64 KiB the plugin's memories together may have initially: as many as
   * `memoryMaxPages` by default.
   */
  readonly initialMemoryMaxPages?: number | undefined;
  /**
   * How many entries the plugin's tables together may have, initially and by growth: 100,000 by
   * default.
   */
  readonly tableMaxEntries?: number | undefined;
  /**
   * How many slots of 8 bytes the frames on the stack together may take: 65,536 by default, from
   * 1,024 to 4,194,304. A larger value than the default needs a thread with a larger stack
   * (abi/KERNEL.md, "Stack").
   */
  readonly stackSlots?: number | undefined;
  /**
   * The limit of all variables together, in bytes: 1 MiB by default. With 0, no variable can be
   * set.
   */
  readonly maxVarBytes?: number | undefined;
  /** The functions that the host provides to the plugin; none by default. */
  readonly functions?: readonly HostFunction[] | undefined;
  /** What `config_get` finds; nothing by default. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** Receives what the plugin logs through the kernel, with the target `cc_lb_plugin.log`. */
  readonly telemetry?: Telemetry | undefined;
  /** The least level that is logged: `info` if there is a telemetry, else `off`. */
  readonly logLevel?: KernelLogLevel | 'off' | undefined;
  /** The plugin's name in log events and for host functions; empty by default. */
  readonly name?: string | undefined;
}

/**
 * The limits of a call: {@link PluginOptions} with the defaults of the cc-lb host (abi/PROTOCOL.md,
 * "Limits").
 */
export interface CallLimits {
  readonly wallMs: number;
  readonly fuel: number;
  readonly memoryMaxPages: number;
  readonly initialMemoryMaxPages: number;
  readonly tableMaxEntries: number;
  readonly stackSlots: number;
}

/**
 * The budget of the cc-lb host for each call of a dispatching plugin: fuel, milliseconds, pages
 * (abi/PROTOCOL.md, "Layers").
 */
export const dispatchBudget = { fuel: 1_000_000_000, wallMs: 5_000, memoryMaxPages: 32 } as const;

const DEFAULT_LIMITS = { ...dispatchBudget, tableMaxEntries: 100_000, stackSlots: STACK_SLOTS } as const;

/** Returns the limits of a plugin's calls: the options, with defaults for what is missing. */
export function callLimits(options: PluginOptions): CallLimits {
  const memoryMaxPages = options.memoryMaxPages ?? DEFAULT_LIMITS.memoryMaxPages;
  return withDefaults<CallLimits>(options, { ...DEFAULT_LIMITS, initialMemoryMaxPages: memoryMaxPages });
}

/** The rule of an option that takes host functions. */
export const hostFunctionsRule: OptionRule = {
  expected: `an array of functions made by hostFunction, with distinct names, none of them in ${KERNEL_NAMESPACE}`,
  holds: (value) => Array.isArray(value) && value.every(isHostFunction) && areDistinct(value),
};

const rules: OptionRules<PluginOptions> = {
  wallMs: limitRule,
  fuel: limitRule,
  memoryMaxPages: limitRule,
  initialMemoryMaxPages: limitRule,
  tableMaxEntries: limitRule,
  stackSlots: stackSlotsRule,
  maxVarBytes: limitRule,
  functions: hostFunctionsRule,
  config: textRecordRule,
  telemetry: telemetryRule,
  logLevel: oneOfRule([...logLevels, 'off']),
  name: textRule,
};

/**
 * Checks the options of a plugin.
 *
 * @throws BuildPluginError `InvalidArgument` that names the first option that is unknown or
 * malformed.
 */
export function checkOptions(options: PluginOptions): void {
  const fault = findOptionFault(options, rules);
  if (fault !== undefined) throw new BuildPluginError({ kind: 'InvalidArgument', ...fault });
}

function isHostFunction(value: unknown): value is HostFunction {
  if (!isObject(value)) return false;
  const { namespace, name, params, results, implementation }: { [K in keyof HostFunction]?: unknown } = value;
  const named = textRule.holds(namespace) && namespace !== KERNEL_NAMESPACE && textRule.holds(name);
  return named && areHostValueKinds(params) && areHostValueKinds(results) && typeof implementation === 'function';
}

function areDistinct(functions: readonly HostFunction[]): boolean {
  return new Set(functions.map(({ namespace, name }) => JSON.stringify([namespace, name]))).size === functions.length;
}
