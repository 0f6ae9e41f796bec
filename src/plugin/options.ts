import {
  areHostValueKinds,
  type HostFunction,
  KERNEL_NAMESPACE,
  type KernelLogLevel,
  logLevels,
} from '../kernel/index.ts';
import { isStackSize, STACK_SLOTS, STACK_SLOTS_MAX, STACK_SLOTS_MIN } from '../metering/layout.ts';
import {
  findOptionFault,
  isObject,
  limitRule,
  type OptionRules,
  oneOfRule,
  telemetryRule,
  textRecordRule,
  textRule,
} from '../option-rules.ts';
import type { Telemetry } from '../telemetry.ts';
import { BuildPluginError } from './build-error.ts';

/** How a plugin is built. Missing or `undefined` means the default; `Infinity` means unlimited. */
export interface PluginOptions {
  /**
   * How long initialisation and one call may take together, in milliseconds: 5,000 by default.
   * Building has as much to itself.
   */
  readonly wallMs?: number | undefined;
  /**
   * How much fuel one call may burn (abi/KERNEL.md, "Fuel"): 1,000,000,000 by default. Building and
   * the initialisation of an instance have as much, each to itself.
   */
  readonly fuel?: number | undefined;
  /**
   * By how many pages of 64 KiB the memories of plugin and kernel may grow together, in the life of
   * an instance: 32 by default.
   */
  readonly memoryMaxPages?: number | undefined;
  /**
   * How many pages of 64 KiB the plugin's memories may have at first, together: as many as
   * `memoryMaxPages` by default.
   */
  readonly initialMemoryMaxPages?: number | undefined;
  /** How many entries its tables may have together, at first and by growth: 100,000 by default. */
  readonly tableMaxEntries?: number | undefined;
  /**
   * How many slots of 8 bytes the frames on the stack may take together: 65,536 by default, from 1,024 to 4,194,304. More needs a thread with a
   * larger stack (abi/KERNEL.md, "Stack").
   */
  readonly stackSlots?: number | undefined;
  /** The limit of all variables together, in bytes. 1 MiB by default; 0 refuses every change. */
  readonly maxVarBytes?: number | undefined;
  /** The functions that the host gives to the plugin. None by default. */
  readonly functions?: readonly HostFunction[] | undefined;
  /** What `config_get` finds. Nothing by default. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** Gets what the plugin logs through the kernel, with the target `cc_lb_plugin.log`. */
  readonly telemetry?: Telemetry | undefined;
  /** The least level that is logged: `info` with a telemetry, else `off`. */
  readonly logLevel?: KernelLogLevel | 'off' | undefined;
  /** The plugin's name in log events and for host functions. Empty by default. */
  readonly name?: string | undefined;
}

/** What a call may use: {@link PluginOptions} with the defaults that the cc-lb host has (abi/PROTOCOL.md, "Limits"). */
export interface CallLimits {
  readonly wallMs: number;
  readonly fuel: number;
  readonly memoryMaxPages: number;
  readonly initialMemoryMaxPages: number;
  readonly tableMaxEntries: number;
  readonly stackSlots: number;
}

/**
 * What the cc-lb host gives to each call of a dispatching plugin: fuel, milliseconds, pages
 * (abi/PROTOCOL.md, "Layers").
 */
export const dispatchBudget = { fuel: 1_000_000_000, wallMs: 5_000, memoryMaxPages: 32 } as const;

const DEFAULT_LIMITS = { ...dispatchBudget, tableMaxEntries: 100_000 } as const;

/** The limits of a plugin's calls. */
export function callLimits(options: PluginOptions): CallLimits {
  const memoryMaxPages = options.memoryMaxPages ?? DEFAULT_LIMITS.memoryMaxPages;
  return {
    wallMs: options.wallMs ?? DEFAULT_LIMITS.wallMs,
    fuel: options.fuel ?? DEFAULT_LIMITS.fuel,
    memoryMaxPages,
    initialMemoryMaxPages: options.initialMemoryMaxPages ?? memoryMaxPages,
    tableMaxEntries: options.tableMaxEntries ?? DEFAULT_LIMITS.tableMaxEntries,
    stackSlots: options.stackSlots ?? STACK_SLOTS,
  };
}

const rules: OptionRules<PluginOptions> = {
  wallMs: limitRule,
  fuel: limitRule,
  memoryMaxPages: limitRule,
  initialMemoryMaxPages: limitRule,
  tableMaxEntries: limitRule,
  stackSlots: {
    expected: `a whole number from ${STACK_SLOTS_MIN} to ${STACK_SLOTS_MAX}`,
    holds: (value) => typeof value === 'number' && isStackSize(value),
  },
  maxVarBytes: limitRule,
  functions: {
    expected: `an array of functions made by hostFunction, with distinct names, none of them in ${KERNEL_NAMESPACE}`,
    holds: (value) => Array.isArray(value) && value.every(isHostFunction) && areDistinct(value),
  },
  config: textRecordRule,
  telemetry: telemetryRule,
  logLevel: oneOfRule([...logLevels, 'off']),
  name: textRule,
};

/**
 * Checks the options of a plugin.
 *
 * @throws BuildPluginError `InvalidArgument` naming the first option that is not what it must be.
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
