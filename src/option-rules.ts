import { BuildPluginError } from './plugin/build-error.ts';

/** What an option must be. */
export interface OptionRule {
  /** In words, after "must be". */
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

/** A limit of any unit. */
export const limitRule: OptionRule = {
  expected: 'a number from 0 up, or Infinity',
  holds: (value) => typeof value === 'number' && value >= 0,
};

/** Yes or no. */
export const flagRule: OptionRule = { expected: 'true or false', holds: (value) => typeof value === 'boolean' };

/**
 * Checks options, of which each may be missing or `undefined`.
 *
 * @param rules one for each option that there is.
 * @throws BuildPluginError `InvalidArgument` naming the first option that is not what it must be.
 */
export function checkByRules(options: unknown, rules: Readonly<Record<string, OptionRule>>): void {
  if (typeof options !== 'object' || options === null) {
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: 'options', expected: 'an object' });
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || rule.holds(value)) continue;
    throw new BuildPluginError({ kind: 'InvalidArgument', argument: `options.${name}`, expected: rule.expected });
  }
}
