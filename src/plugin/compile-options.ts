import { type LimitName, limitNames, MODULE_LIMITS, type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import { findOptionFault, flagRule, type OptionRules, oneOfRule, optionsRule } from '../option-rules.ts';
import { BuildPluginError } from './build-error.ts';

/** How to compile a plugin. Missing or `undefined` means the default. */
export interface CompileOptions {
  /**
   * Whether to write budgets for fuel, time, memory and stack into the module: true by default.
   * With `false` the original bytes run, and nothing bounds the plugin.
   */
  readonly metering?: boolean | undefined;
  /**
   * What the module may contain. `MODULE_LIMITS` has the names and defaults; `Infinity` means
   * unlimited. Without metering no limit applies.
   */
  readonly limits?: ModuleLimits | undefined;
  /** Whether the plugin may allocate garbage-collected objects: false by default. */
  readonly allowGc?: boolean | undefined;
  /** Whether its memories may be shared between threads: false by default. */
  readonly allowSharedMemory?: boolean | undefined;
  /**
   * Where the kernel is.
   *
   * - `linked`: in the plugin's own module, where calls to it are fastest. The engine must support
   *   more than one memory.
   * - `instance`: in an instance of its own.
   * - `auto`, the default: linked if the engine supports it and the plugin is metered.
   *
   * The plugin behaves the same in both.
   */
  readonly kernel?: 'auto' | 'linked' | 'instance' | undefined;
  /**
   * Whether the compiled plugin may come from the cache of the process, and is kept there: true by
   * default (docs/GUIDE.md, "The same plugin again"). With `false` it is compiled anew, and the
   * package keeps nothing of it. `preparePlugin` never uses the cache.
   */
  readonly cache?: boolean | undefined;
}

const rules: OptionRules<CompileOptions> = {
  metering: flagRule,
  limits: optionsRule(moduleLimitRules),
  allowGc: flagRule,
  allowSharedMemory: flagRule,
  kernel: oneOfRule(['auto', 'linked', 'instance']),
  cache: flagRule,
};

/** {@link CompileOptions} with a value for each option, read once from what the host passed. */
export interface SettledOptions {
  readonly metering: boolean;
  /** The limits that differ from their defaults. */
  readonly limits: ModuleLimits;
  readonly allowGc: boolean;
  readonly allowSharedMemory: boolean;
  readonly kernel: 'auto' | 'linked' | 'instance';
  readonly cache: boolean;
}

/**
 * Checks options and reads them.
 *
 * @throws BuildPluginError `InvalidArgument` that names the first option that is unknown or
 * malformed.
 */
export function settleOptions(options: CompileOptions): SettledOptions {
  const fault = findOptionFault(options, rules);
  if (fault !== undefined) throw new BuildPluginError({ kind: 'InvalidArgument', ...fault });
  return {
    metering: options.metering ?? true,
    limits: changedLimits(options.limits),
    allowGc: options.allowGc ?? false,
    allowSharedMemory: options.allowSharedMemory ?? false,
    kernel: options.kernel ?? 'auto',
    cache: options.cache ?? true,
  };
}

function changedLimits(limits: ModuleLimits = {}): ModuleLimits {
  const changed: { [N in LimitName]?: number } = {};
  for (const name of limitNames) {
    const value = limits[name];
    if (value !== undefined && value !== MODULE_LIMITS[name].byDefault) changed[name] = value;
  }
  return changed;
}

/**
 * Writes options as text. Two texts are equal if and only if everything is equal that changes what
 * a plugin is compiled to.
 */
export function optionsKey({ metering, limits, allowGc, allowSharedMemory, kernel }: SettledOptions): string {
  const changed = Object.entries(limits).map(([name, value]) => `${name}=${value}`);
  return [metering, allowGc, allowSharedMemory, kernel, ...changed].join();
}
