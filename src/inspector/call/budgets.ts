import type { Generation } from '../../generation/index.ts';
import { settleLimits } from '../../hooks/budget.ts';
import { DEFAULT_MAX_VAR_BYTES } from '../../kernel/variables.ts';
import { isLimitName, limitNames, MODULE_LIMITS } from '../../metering/limits.ts';
import { callLimits } from '../../plugin/options.ts';
import { STORAGE_QUOTA_BYTES } from '../../protocol/host-state.ts';
import { HANDSHAKE_FUEL, HANDSHAKE_WALL_MS, SELF_CHECK_FUEL, SELF_CHECK_WALL_MS } from '../../protocol/limits.ts';

/** A budget that the reader can change, to see the failure in which it ends. */
export interface BudgetRow {
  /** What it is called in the panel. */
  readonly label: string;
  readonly unit: 'fuel' | 'ms' | 'pages' | 'entries' | 'slots' | 'bytes';
  /** What hosts have, by the generation of the plugin. Only these generations have the budget. */
  readonly byDefault: { readonly [G in Generation]?: number | undefined };
  /** What it bounds, in one sentence. */
  readonly about: string;
}

const plugin = callLimits({});
const hooks = settleLimits({});

/** The budgets of a call, of what the host keeps for the plugin, and of admission, by name. */
export const BUDGETS = {
  fuel: {
    label: 'Fuel of a call',
    unit: 'fuel',
    byDefault: { 1: plugin.fuel, 2: hooks.call.fuel },
    about: 'One instruction costs about one.',
  },
  wallMs: {
    label: 'Time of a call',
    unit: 'ms',
    byDefault: { 1: plugin.wallMs, 2: hooks.call.wallMs },
    about: "From the plugin's first instruction.",
  },
  memoryMaxPages: {
    label: 'Pages of memory',
    unit: 'pages',
    byDefault: { 1: plugin.memoryMaxPages, 2: hooks.memoryMaxPages },
    about: 'Pages of 64 KiB. Generation 1: how many memory may grow by. Generation 2: how many it may have.',
  },
  initialMemoryMaxPages: {
    label: 'Initial pages of memory',
    unit: 'pages',
    byDefault: { 1: plugin.initialMemoryMaxPages },
    about: 'How many pages memory may have at first. By default as many as “Pages of memory”.',
  },
  tableMaxEntries: {
    label: 'Entries of tables',
    unit: 'entries',
    byDefault: { 1: plugin.tableMaxEntries, 2: hooks.tableMaxEntries },
    about: 'How many entries all tables may have together.',
  },
  stackSlots: {
    label: 'Slots of the stack',
    unit: 'slots',
    byDefault: { 1: plugin.stackSlots, 2: hooks.stackSlots },
    about: 'Slots of 8 bytes, from 1,024 to 4,194,304.',
  },
  maxVarBytes: {
    label: 'Bytes of variables',
    unit: 'bytes',
    byDefault: { 1: DEFAULT_MAX_VAR_BYTES },
    about: 'How much the variables of the kernel may hold together.',
  },
  storageQuotaBytes: {
    label: 'Bytes of storage',
    unit: 'bytes',
    byDefault: { 1: STORAGE_QUOTA_BYTES },
    about: 'How much the plugin may store with cc_lb_storage_put, keys included.',
  },
  handshakeFuel: {
    label: 'Fuel of the handshake',
    unit: 'fuel',
    byDefault: { 1: HANDSHAKE_FUEL },
    about: 'Admission: layer 2.',
  },
  handshakeWallMs: {
    label: 'Time of the handshake',
    unit: 'ms',
    byDefault: { 1: HANDSHAKE_WALL_MS },
    about: 'Admission: layer 2.',
  },
  selfCheckFuel: {
    label: 'Fuel of the self-check',
    unit: 'fuel',
    byDefault: { 1: SELF_CHECK_FUEL },
    about: 'Admission: layer 3.',
  },
  selfCheckWallMs: {
    label: 'Time of the self-check',
    unit: 'ms',
    byDefault: { 1: SELF_CHECK_WALL_MS },
    about: 'Admission: layer 3.',
  },
  probeFuel: {
    label: 'Fuel of a probe',
    unit: 'fuel',
    byDefault: { 2: hooks.probe.fuel },
    about: 'Admission calls each active hook once.',
  },
  probeWallMs: {
    label: 'Time of a probe',
    unit: 'ms',
    byDefault: { 2: hooks.probe.wallMs },
    about: 'Admission calls each active hook once.',
  },
} as const satisfies Readonly<Record<string, BudgetRow>>;

/** The name of a budget. */
export type BudgetName = keyof typeof BUDGETS;

/** Budgets and limits of the module that are not the default, by name. `Infinity` means none. */
export type BudgetValues = Readonly<Record<string, number>>;

// The keys of an object literal are those of its type.
const budgetNames = Object.keys(BUDGETS) as BudgetName[];

/** The rows of the budgets that a generation has, in the order of the table. */
export function budgetsOf(generation: Generation): readonly (BudgetRow & { readonly name: BudgetName })[] {
  return budgetNames
    .map((name) => ({ name, ...(BUDGETS[name] satisfies BudgetRow) }))
    .filter(({ byDefault }) => generation in byDefault);
}

/** The names of the limits on the structure of a module, which both generations have. */
export const moduleLimits: readonly string[] = limitNames;

/** What a limit on a module counts, and its default. */
export function limitText(name: string): string {
  if (!isLimitName(name)) return '';
  const { counts, of, byDefault } = MODULE_LIMITS[name];
  return `${counts} of a ${of}, ${byDefault} by default`;
}

/**
 * Reads what was typed for a budget.
 *
 * @returns `undefined` for nothing, which means the default; `Infinity` for `none`; NaN for what is
 * neither that nor a whole number of at most 15 digits.
 */
export function budgetOf(typed: string): number | undefined {
  const text = typed.trim().replaceAll(/[,_ ]/g, '');
  if (text === '') return undefined;
  if (text === 'none') return Number.POSITIVE_INFINITY;
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** Writes budgets for the address of the page: `fuel=1000,calls=none`. */
export function budgetsText(values: BudgetValues): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value === Number.POSITIVE_INFINITY ? 'none' : value}`)
    .join(',');
}

/** Reads what {@link budgetsText} wrote. What is not a budget is left out. */
export function readBudgets(text: string): BudgetValues {
  const values: Record<string, number> = {};
  for (const [name = '', typed = ''] of text.split(',').map((part) => part.split('='))) {
    const value = budgetOf(typed);
    const isKnown = Object.hasOwn(BUDGETS, name) || isLimitName(name);
    if (isKnown && value !== undefined && !Number.isNaN(value)) values[name] = value;
  }
  return values;
}

/** Changes one budget; `undefined` means the default. */
export function withBudget(values: BudgetValues, name: string, value: number | undefined): BudgetValues {
  const { [name]: _, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
}
