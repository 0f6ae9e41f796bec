import { isLimitName, type LimitName, limitNames, MODULE_LIMITS, type ModuleLimits } from '../../metering/index.ts';
import { nearest } from '../../nearest.ts';
import type { Option } from './command.ts';
import { CommandLineError } from './command-line-error.ts';

/** What a module may contain. */
export const limitOption: Option = {
  name: 'limit',
  value: 'NAME=VALUE',
  repeatable: true,
  summary: 'change a limit on the module: openBlocks=8000; none lifts it',
};

/**
 * The limits that `--limit` sets.
 *
 * @param given its values, as they were written.
 * @throws CommandLineError for an unknown name, a malformed value, or a limit that is given twice.
 */
export function limitsOf(given: readonly string[]): ModuleLimits {
  const limits = new Map<LimitName, number>();
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (!isLimitName(name)) throw invalid(text, `NAME=VALUE, where ${knownNames(name)}`);
    const value = equals < 0 ? undefined : numberOf(text.slice(equals + 1));
    if (value === undefined) {
      throw invalid(text, `${name}=VALUE, a whole number or none; the default is ${MODULE_LIMITS[name].byDefault}`);
    }
    if (limits.has(name)) throw new CommandLineError({ kind: 'RepeatedOption', option: `--limit ${name}` });
    limits.set(name, value);
  }
  return Object.fromEntries(limits);
}

function numberOf(text: string): number | undefined {
  if (text === 'none') return Number.POSITIVE_INFINITY;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function knownNames(given: string): string {
  const near = nearest(given, limitNames);
  return near === undefined ? `NAME is one of ${limitNames.join(', ')}` : `NAME is ${near}, perhaps`;
}

function invalid(given: string, expected: string): CommandLineError {
  return new CommandLineError({ kind: 'InvalidValue', option: '--limit', given, expected });
}
