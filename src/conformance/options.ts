import { type Clock, systemClock } from '../clock.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import {
  checkOptions,
  collectionRule,
  functionRule,
  limitRule,
  type OptionRules,
  optionsRule,
  textRecordRule,
} from '../option-rules.ts';
import { dispatchBudget } from '../plugin/options.ts';
import { OpaqueJson, type WireInput } from '../protocol/messages/index.ts';
import type { CheckReport } from './report.ts';

/** The host that a plugin meets. Missing or `undefined` means what the cc-lb host has. */
export interface TestHostOptions {
  /** What the host says in its offer that it can do. Nothing by default. */
  readonly hostCapabilities?: Iterable<string> | undefined;
  /** Fuel for each call: 1,000,000,000 by default (abi/KERNEL.md, "Fuel"). */
  readonly fuel?: number | undefined;
  /** Milliseconds for each call: 5,000 by default. */
  readonly wallMs?: number | undefined;
  /** Pages of 64 KiB by which memory may grow: 32 by default. */
  readonly memoryMaxPages?: number | undefined;
  /** What the module may contain: see `MODULE_LIMITS` for the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
  /** Pages of 64 KiB that its memory may have at first: as many as `memoryMaxPages` by default. */
  readonly initialMemoryMaxPages?: number | undefined;
  /** What the plugin finds with `config_get`. Nothing by default. */
  readonly config?: Readonly<Record<string, string>> | undefined;
  /** Gives the time to self-check, record and plugin; the machine's clock by default. */
  readonly clock?: Clock | undefined;
}

/** How far a verification has come. */
export interface Progress {
  /** How many checks are done, and how many there are. */
  readonly done: number;
  readonly total: number;
  /** The one that is done last. */
  readonly check: CheckReport;
}

/** How a plugin is verified. */
export interface VerifyOptions extends TestHostOptions {
  /**
   * What `build_signer` is given in the place of the sample's null, for a signer that needs to be told something, such as a key. `sign` and
   * `on_unauthorized` then get the state that it makes. The suite does not write it into the report; an error text of the plugin's can repeat it.
   */
  readonly factoryState?: WireInput<OpaqueJson> | undefined;
  /** Called with each check when it is done. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** {@link VerifyOptions} with the defaults filled in. */
export interface ResolvedOptions {
  readonly hostCapabilities: readonly string[];
  readonly fuel: number;
  readonly wallMs: number;
  readonly memoryMaxPages: number;
  readonly limits: ModuleLimits | undefined;
  /** Missing when it follows `memoryMaxPages`. */
  readonly initialMemoryMaxPages: number | undefined;
  readonly config: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly factoryState: OpaqueJson | undefined;
}

/** The rules of {@link TestHostOptions}. */
export const testHostOptionRules: OptionRules<TestHostOptions> = {
  hostCapabilities: collectionRule,
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
 * @param rules of the options, which may have more than these.
 * @throws TypeError that names the first option that is unknown, or is not what it must be;
 * JsonEncodeError for a `factoryState` that is not a JSON value.
 */
export function resolveOptions(options: VerifyOptions, rules: OptionRules): ResolvedOptions {
  checkOptions(options, rules);
  const { factoryState } = options;
  return {
    hostCapabilities: [...(options.hostCapabilities ?? [])],
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
