import type { AdmitHooksOptions } from '../../hooks/index.ts';
import { isLimitName, type ModuleLimits } from '../../metering/limits.ts';
import type { PluginOptions } from '../../plugin/options.ts';
import type { AdmitOptions } from '../../protocol/admit.ts';
import { STORAGE_QUOTA_BYTES } from '../../protocol/host-state.ts';
import type { BudgetName, BudgetValues } from './budgets.ts';

/** How the host of the page differs from one with all defaults. */
export interface CallSettings {
  /** Budgets, and limits of the module, that are not the default. */
  readonly budgets: BudgetValues;
  /** What `config_get` finds. Only generation 1 has it, as all below. */
  readonly config: Readonly<Record<string, string>>;
  /** What the host says in its offer that it can do. */
  readonly capabilities: readonly string[];
  /** Whether admission provides the host functions too. */
  readonly admitsWithFunctions: boolean;
  /** What `cc_lb_now_unix_ms` returns: milliseconds since 1970; `null` is the machine's clock. */
  readonly clockMs: number | null;
  /** Whether random bytes are the same in each call: 0, 1, 2 and so on. */
  readonly isRandomFixed: boolean;
}

/** The settings of a host with all defaults. */
export const FIRST_SETTINGS: CallSettings = {
  budgets: {},
  config: {},
  capabilities: [],
  admitsWithFunctions: false,
  clockMs: null,
  isRandomFixed: false,
};

function moduleLimitsOf(budgets: BudgetValues): ModuleLimits {
  return Object.fromEntries(Object.entries(budgets).filter(([name]) => isLimitName(name)));
}

/** A value that the reader set; `undefined` means the default. */
const given = ({ budgets }: CallSettings, name: BudgetName): number | undefined => budgets[name];

/** How a plugin of generation 1 is admitted. */
export function admitOptionsOf(settings: CallSettings): AdmitOptions {
  const { capabilities, admitsWithFunctions, config, budgets, clockMs } = settings;
  return {
    hostCapabilities: capabilities,
    hostFunctions: admitsWithFunctions,
    config,
    limits: moduleLimitsOf(budgets),
    handshake: { fuel: given(settings, 'handshakeFuel'), wallMs: given(settings, 'handshakeWallMs') },
    selfCheck: { fuel: given(settings, 'selfCheckFuel'), wallMs: given(settings, 'selfCheckWallMs') },
    ...(clockMs !== null && { clock: () => clockMs }),
  };
}

/** What the module of a plugin may contain. */
export function compileOptionsOf({ budgets }: CallSettings): { readonly limits: ModuleLimits } {
  return { limits: moduleLimitsOf(budgets) };
}

/** How a plugin of generation 1 is built to be called. */
export function pluginOptionsOf(settings: CallSettings): PluginOptions {
  return {
    config: settings.config,
    fuel: given(settings, 'fuel'),
    wallMs: given(settings, 'wallMs'),
    memoryMaxPages: given(settings, 'memoryMaxPages'),
    initialMemoryMaxPages: given(settings, 'initialMemoryMaxPages'),
    tableMaxEntries: given(settings, 'tableMaxEntries'),
    stackSlots: given(settings, 'stackSlots'),
    maxVarBytes: given(settings, 'maxVarBytes'),
  };
}

/** How much a plugin may store, in bytes. */
export function storageQuotaOf(settings: CallSettings): number {
  return given(settings, 'storageQuotaBytes') ?? STORAGE_QUOTA_BYTES;
}

/** How a hook plugin is admitted, and with what budgets it is called. */
export function hookOptionsOf(settings: CallSettings): AdmitHooksOptions {
  return {
    limits: moduleLimitsOf(settings.budgets),
    call: { fuel: given(settings, 'fuel'), wallMs: given(settings, 'wallMs') },
    probe: { fuel: given(settings, 'probeFuel'), wallMs: given(settings, 'probeWallMs') },
    memoryMaxPages: given(settings, 'memoryMaxPages'),
    tableMaxEntries: given(settings, 'tableMaxEntries'),
    stackSlots: given(settings, 'stackSlots'),
  };
}
