import { formatCount } from '../digits.ts';

/** A resource whose budget is used up. */
export type ExhaustedKind = 'OutOfFuel' | 'Timeout' | 'OutOfMemory' | 'StackOverflow';

/** How much of a budget a run had used when it ended. Plain values. */
export interface BudgetUse {
  /** What is counted. Time is that on the clock, in milliseconds. */
  readonly unit: 'fuel' | 'ms' | 'pages' | 'initial pages' | 'table entries';
  /** How much was used. For pages and entries, this includes what was asked for. */
  readonly used: number;
  /** How much was allowed. */
  readonly limit: number;
}

/** A failure of a budget, and how much of it was used if somebody counts that. */
export interface Exhaustion {
  readonly kind: ExhaustedKind;
  readonly use?: BudgetUse;
}

/** The resource that each kind is about. */
const resources: Readonly<Record<ExhaustedKind, string>> = {
  OutOfFuel: 'fuel',
  Timeout: 'time',
  OutOfMemory: 'memory',
  StackOverflow: 'stack',
};

const units: Readonly<Record<BudgetUse['unit'], string>> = {
  fuel: 'fuel',
  ms: 'ms of wall-clock time',
  pages: 'pages of growth',
  'initial pages': 'initial pages of memory',
  'table entries': 'table entries',
};

/** Says how much of a budget was used: `203 of 200 ms of wall-clock time`. */
export function budgetUseText({ unit, used, limit }: BudgetUse): string {
  return `${formatCount(Math.ceil(used))} of ${formatCount(Math.ceil(limit))} ${units[unit]}`;
}

/** Whether a failure is that of a budget. */
export function isExhaustion<F extends { readonly kind: string }>(
  failure: F,
): failure is Extract<F, { readonly kind: ExhaustedKind }> {
  return Object.hasOwn(resources, failure.kind);
}

/** Says what was used up: `ran out of fuel: 10,000,000 of 10,000,000 fuel`. */
export function exhaustionText({ kind, use }: Exhaustion): string {
  const text = `ran out of ${resources[kind]}`;
  return use === undefined ? text : `${text}: ${budgetUseText(use)}`;
}
