import { compilationRefusalMessage, type PreparedAhead } from '../compilation.ts';
import { FailureError, type FailureMessages } from '../failure.ts';
import { findOptionFault, type OptionRules } from '../option-rules.ts';
import { isErrorNamed } from '../realms.ts';
import { type BudgetUse, budgetUseText, type ExhaustedKind, exhaustionText } from './budget-use.ts';
import type { LimitName } from './limits.ts';

export type { BudgetUse, ExhaustedKind } from './budget-use.ts';

/**
 * Why a module could not be metered, or why its run ended.
 *
 * - `InvalidArgument`: the caller's own mistake: an option of the wrong type or range.
 * - `MalformedModule`: the bytes do not follow the binary format. `offset` in bytes from the start.
 * - `InvalidModule`: the engine refused the module.
 * - `CompilationRefused`: the engine compiles nothing at run time, so it cannot say whether the
 *   module is valid. No verdict on the module.
 * - `LimitExceeded`: the module, or what metering would make of it, exceeds a limit. `limit` is its
 *   name and `max` its value, unless it is one that engines set; `function` is the function that
 *   exceeds it, or in which a limit on the whole module is exceeded.
 * - `FeatureRefused`: it uses a feature that must be allowed first.
 * - `OutOfFuel`, `Timeout`, `OutOfMemory`, `StackOverflow`: a budget was used up.
 * - `HostFunction`: an imported JavaScript function threw; the error's cause is what it threw.
 */
export type MeteringFailure =
  | { readonly kind: 'InvalidArgument'; readonly argument: string; readonly expected: string }
  | { readonly kind: 'MalformedModule'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'InvalidModule'; readonly reason: string }
  | { readonly kind: 'CompilationRefused'; readonly reason: string }
  | LimitExceeded
  | { readonly kind: 'FeatureRefused'; readonly offset: number; readonly feature: string }
  | { readonly kind: 'OutOfFuel' }
  | { readonly kind: 'Timeout' }
  | { readonly kind: 'OutOfMemory' }
  | { readonly kind: 'StackOverflow' }
  | { readonly kind: 'HostFunction'; readonly function: string; readonly reason: string };

/** A function of a module: its index, imports first, and its name if the name section has one. */
export interface FunctionReference {
  readonly index: number;
  readonly name?: string;
}

/** A module exceeds a limit. `offset` in bytes from the start of the module. */
export interface LimitExceeded {
  readonly kind: 'LimitExceeded';
  readonly offset: number;
  readonly reason: string;
  readonly limit?: LimitName;
  readonly max?: number;
  readonly function?: FunctionReference;
}

const exhaustedKinds: readonly string[] = [
  'OutOfFuel',
  'Timeout',
  'OutOfMemory',
  'StackOverflow',
] satisfies ExhaustedKind[];

/** Whether a failure is that of a budget. */
export function isExhausted(failure: MeteringFailure): failure is Extract<MeteringFailure, { kind: ExhaustedKind }> {
  return exhaustedKinds.includes(failure.kind);
}

const ahead: PreparedAhead = {
  pass: 'pass instantiateMetered the WebAssembly.Module that the platform makes from the bytes of meterModule',
  asynchronous: 'instantiateMeteredAsync',
};

const messages: FailureMessages<MeteringFailure> = {
  InvalidArgument: (f) => `${f.argument} must be ${f.expected}`,
  MalformedModule: (f) => f.reason,
  InvalidModule: (f) => `the engine refused the module: ${f.reason}`,
  CompilationRefused: (f) => compilationRefusalMessage(f.reason, ahead),
  LimitExceeded: (f) => `${f.reason} (at byte ${f.offset})`,
  FeatureRefused: (f) => `the module uses ${f.feature}, which is not allowed (at byte ${f.offset})`,
  OutOfFuel: exhaustionText,
  Timeout: exhaustionText,
  OutOfMemory: exhaustionText,
  StackOverflow: exhaustionText,
  HostFunction: (f) =>
    `the imported function ${f.function} threw: ${f.reason} (if it throws to unwind, such as proc_exit does, ` +
    "set hostExceptions: 'propagate')",
};

/** A module that could not be metered, or a metered run that was ended. */
export class MeteringError extends FailureError<MeteringFailure> {
  override readonly name = 'MeteringError';
  /** How much of a budget was used, if the run ended for it and somebody counts that. */
  readonly use: BudgetUse | undefined;

  constructor(
    failure: MeteringFailure,
    { use, ...options }: ErrorOptions & { readonly use?: BudgetUse | undefined } = {},
  ) {
    super(failure, { ...options, detail: use && budgetUseText(use) });
    this.use = use;
  }

  protected override get messages(): FailureMessages<MeteringFailure> {
    return messages;
  }
}

/**
 * A module uses a feature that must be allowed first.
 *
 * @param offset of the instruction or section that does, in bytes.
 */
export function featureRefused(offset: number, feature: string): MeteringError {
  return new MeteringError({ kind: 'FeatureRefused', offset, feature });
}

/**
 * What engines throw when their own stack is used up: V8 and JavaScriptCore the first, SpiderMonkey
 * the second.
 */
const stackOverflows = [
  { name: 'RangeError', message: /^Maximum call stack size exceeded\.?$/ },
  { name: 'InternalError', message: /^too much recursion$/ },
];

/** Whether what was thrown is an engine's own stack overflow. */
export function isStackOverflow(thrown: unknown): boolean {
  return stackOverflows.some(({ name, message }) => isErrorNamed(thrown, name) && message.test(thrown.message));
}

/**
 * Checks the options of a function.
 *
 * @param rules one for each option.
 * @throws MeteringError `InvalidArgument` for the first option that is unknown, or is not what it
 * must be.
 */
export function checkOptions(options: unknown, rules: OptionRules): void {
  const fault = findOptionFault(options, rules);
  if (fault !== undefined) throw new MeteringError({ kind: 'InvalidArgument', ...fault });
}
