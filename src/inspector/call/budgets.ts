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

type Defaults = BudgetRow['byDefault'];

function row(label: string, unit: BudgetRow['unit'], byDefault: Defaults, about: string): BudgetRow {
  return { label, unit, byDefault, about };
}

/** @param whose what burns it, in words. */
function fuelOf(whose: string, byDefault: Defaults, about: string): BudgetRow {
  return row(`Fuel of ${whose}`, 'fuel', byDefault, about);
}

/** @param whose what takes it, in words. */
function timeOf(whose: string, byDefault: Defaults, about: string): BudgetRow {
  return row(`Time of ${whose}`, 'ms', byDefault, about);
}

const MEMORY = 'Pages of 64 KiB. Generation 1: how many memory may grow by. Generation 2: how many it may have.';
const INITIAL_MEMORY = 'How many pages memory may have at first. By default as many as “Pages of memory”.';
const STORAGE = 'How much the plugin may store with cc_lb_storage_put, keys included.';
const [LAYER_2, LAYER_3] = ['Admission: layer 2.', 'Admission: layer 3.'];
const PROBE = 'Admission calls each active hook once.';

/** The budgets of a call, of what the host keeps for the plugin, and of admission, by name. */
export const BUDGETS = {
  fuel: fuelOf('a call', { 1: plugin.fuel, 2: hooks.call.fuel }, 'One instruction costs about one.'),
  wallMs: timeOf('a call', { 1: plugin.wallMs, 2: hooks.call.wallMs }, "From the plugin's first instruction."),
  memoryMaxPages: row('Pages of memory', 'pages', { 1: plugin.memoryMaxPages, 2: hooks.memoryMaxPages }, MEMORY),
  initialMemoryMaxPages: row('Initial pages of memory', 'pages', { 1: plugin.initialMemoryMaxPages }, INITIAL_MEMORY),
  tableMaxEntries: row(
    'Entries of tables',
    'entries',
    { 1: plugin.tableMaxEntries, 2: hooks.tableMaxEntries },
    'How many entries all tables may have together.',
  ),
  stackSlots: row(
    'Slots of the stack',
    'slots',
    { 1: plugin.stackSlots, 2: hooks.stackSlots },
    'Slots of 8 bytes, from 1,024 to 4,194,304.',
  ),
  maxVarBytes: row(
    'Bytes of variables',
    'bytes',
    { 1: DEFAULT_MAX_VAR_BYTES },
    'How much the variables of the kernel may hold together.',
  ),
  storageQuotaBytes: row('Bytes of storage', 'bytes', { 1: STORAGE_QUOTA_BYTES }, STORAGE),
  handshakeFuel: fuelOf('the handshake', { 1: HANDSHAKE_FUEL }, LAYER_2),
  handshakeWallMs: timeOf('the handshake', { 1: HANDSHAKE_WALL_MS }, LAYER_2),
  selfCheckFuel: fuelOf('the self-check', { 1: SELF_CHECK_FUEL }, LAYER_3),
  selfCheckWallMs: timeOf('the self-check', { 1: SELF_CHECK_WALL_MS }, LAYER_3),
  probeFuel: fuelOf('a probe', { 2: hooks.probe.fuel }, PROBE),
  probeWallMs: timeOf('a probe', { 2: hooks.probe.wallMs }, PROBE),
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
