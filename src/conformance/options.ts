import { type Clock, systemClock } from '../clock.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import {
  checkOptions,
  collectionRule,
  flagRule,
  functionRule,
  limitRule,
  type OptionRules,
  optionsRule,
  textRecordRule,
} from '../option-rules.ts';
import { dispatchBudget } from '../plugin/options.ts';
import { OpaqueJson, type WireInput } from '../protocol/messages/index.ts';
import type { CheckReport } from './report.ts';

/**
 * The host that a plugin is tested with. A missing or `undefined` option means the default of
 * cc-lb.
 */
export interface TestHostOptions {
  /** The capabilities in the host's offer. None by default. */
  readonly hostCapabilities?: Iterable<string> | undefined;
  /**
   * Whether the host provides the six host functions in handshake and self-check too, as
   * `AdmitOptions` says: false by default, as in cc-lb. They exist in dispatch in any case.
   */
  readonly hostFunctions?: boolean | undefined;
  /** Fuel for each call: 1,000,000,000 by default (abi/KERNEL.md, "Fuel"). */
  readonly fuel?: number | undefined;
  /** Milliseconds for each call: 5,000 by default. */
  readonly wallMs?: number | undefined;
  /** Pages of 64 KiB by which plugin and kernel memory may grow together: 32 by default. */
  readonly memoryMaxPages?: number | undefined;
  /** Limits on the structure of the module. `MODULE_LIMITS` has the names and the defaults. */
  readonly limits?: ModuleLimits | undefined;
  /**
   * Pages of 64 KiB that the plugin's memory may have initially: as `memoryMaxPages` by default.
   */
  readonly initialMemoryMaxPages?: number | undefined;
  /**
   * The entries that `config_get` returns, in admission and in calls. None by default, as in cc-lb.
   */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** The clock for self-check, record and plugin. The machine's clock by default. */
  readonly clock?: Clock | undefined;
}

/** The progress of a verification. */
export interface Progress {
  /** The number of checks that are done, and of all checks. */
  readonly done: number;
  readonly total: number;
  /** The check that was done last. */
  readonly check: CheckReport;
}

/** How a plugin is verified. */
export interface VerifyOptions extends TestHostOptions {
  /**
   * The `factory_state` of `build_signer`: null by default, as in the sample. For signers that need
   * data such as a key. `sign` and `on_unauthorized` get the state that `build_signer` returns. The
   * suite does not write this value into the report, but an error text of the plugin can repeat it.
   */
  readonly factoryState?: WireInput<OpaqueJson> | undefined;
  /** Called after each check. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** {@link VerifyOptions} with the defaults filled in. */
export interface ResolvedOptions {
  readonly hostCapabilities: readonly string[];
  readonly hostFunctions: boolean;
  readonly fuel: number;
  readonly wallMs: number;
  readonly memoryMaxPages: number;
  readonly limits: ModuleLimits | undefined;
  /** `undefined` means as many as `memoryMaxPages`. */
  readonly initialMemoryMaxPages: number | undefined;
  readonly config: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly factoryState: OpaqueJson | undefined;
}

/** The rules of {@link TestHostOptions}. */
export const testHostOptionRules: OptionRules<TestHostOptions> = {
  hostCapabilities: collectionRule,
  hostFunctions: flagRule,
  fuel: limitRule,
  wallMs: limitRule,
  memoryMaxPages: limitRule,
  limits: optionsRule(moduleLimitRules),
  initialMemoryMaxPages: limitRule,
  config: textRecordRule,
  clock: functionRule,
};

/** The rules of {@link VerifyOptions}. */
export const verifyOptionRules: OptionRules<VerifyOptions> = {
  ...testHostOptionRules,
  factoryState: { expected: 'a JSON value', holds: () => true },
  onProgress: functionRule,
};

/**
 * Fills in the defaults.
 *
 * @param rules the rules of the options. They may contain more options than {@link VerifyOptions}.
 * @throws TypeError that names the first unknown or malformed option. JsonEncodeError if
 * `factoryState` is not a JSON value.
 */
export function resolveOptions(options: VerifyOptions, rules: OptionRules): ResolvedOptions {
  checkOptions(options, rules);
  const { factoryState } = options;
  return {
    hostCapabilities: [...(options.hostCapabilities ?? [])],
    hostFunctions: options.hostFunctions ?? false,
    fuel: options.fuel ?? dispatchBudget.fuel,
    wallMs: options.wallMs ?? dispatchBudget.wallMs,
    memoryMaxPages: options.memoryMaxPages ?? dispatchBudget.memoryMaxPages,
    limits: options.limits,
    initialMemoryMaxPages: options.initialMemoryMaxPages,
    config: options.config ?? {},
    clock: options.clock ?? systemClock,
    factoryState: factoryState === undefined ? undefined : OpaqueJson.from(factoryState),
  };
}
