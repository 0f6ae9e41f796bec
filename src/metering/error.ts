import { compilationRefusalMessage, type PreparedAhead } from '../compilation.ts';
import { FailureError, type FailureMessages } from '../failure.ts';
import { findOptionFault, type OptionRules } from '../option-rules.ts';
import { type BudgetUse, budgetUseText, exhaustionText } from './budget-use.ts';
import type { MeteringFailure } from './failure.ts';

export type { BudgetUse, ExhaustedKind } from './budget-use.ts';
export {
  type FunctionReference,
  isExhausted,
  isStackOverflow,
  type LimitExceeded,
  type MeteringFailure,
} from './failure.ts';

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
