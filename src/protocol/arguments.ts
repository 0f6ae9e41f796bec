import { findOptionFault, type OptionRules } from '../option-rules.ts';

/**
 * Checks an argument of the host at run time, for callers without a type checker.
 *
 * @param expected in words, after "must be".
 * @throws TypeError that names the argument, unless `holds`.
 */
export function checkArgument(name: string, holds: boolean, expected: string): void {
  if (!holds) throw new TypeError(`${name} must be ${expected}`);
}

/**
 * Checks the options of a function.
 *
 * @param rules one for each option.
 * @param argument the name of the options, for the error.
 * @throws TypeError that names the first option that is unknown, or is not what it must be.
 */
export function checkOptions(options: unknown, rules: OptionRules, argument?: string): void {
  const fault = findOptionFault(options, rules, argument);
  if (fault !== undefined) throw new TypeError(`${fault.argument} must be ${fault.expected}`);
}
