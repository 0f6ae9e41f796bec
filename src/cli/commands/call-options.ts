import type { Budget } from '../../metering/index.ts';
import type { Option } from '../program/command.ts';
import { invalidValue } from '../program/command-line-error.ts';
import { numberOrNone, positiveNumber } from './options.ts';

/** The most calls that `--repeat` makes. */
const CALLS_MAX = 1_000_000;

/** What a call may use, and how many there are. */
export const callOptions = {
  fuel: { value: 'FUEL', summary: 'the fuel of each call, or none for no limit; by default 1000000000' },
  'wall-ms': { value: 'MS', summary: 'the time of each call in milliseconds, or none for no limit; by default 5000' },
  repeat: {
    value: 'N',
    summary: 'make this many calls, but none after one that fails, and show their times and fuel; by default 1',
  },
} as const satisfies Readonly<Record<string, Option>>;

/** What was given for {@link callOptions}. */
export type CallArguments = { readonly [Name in keyof typeof callOptions]: string | undefined };

/**
 * The budget that `--fuel` and `--wall-ms` set.
 *
 * @returns `none` becomes Infinity; what is not given is missing.
 * @throws CommandLineError `InvalidValue` for any other text that is not a whole number.
 */
export function budgetOf(args: CallArguments): Budget {
  return { fuel: limitOf('--fuel', args.fuel), wallMs: limitOf('--wall-ms', args['wall-ms']) };
}

/**
 * How many calls `--repeat` asks for; `undefined` if it is not given.
 *
 * @throws CommandLineError `InvalidValue` for anything but a whole number from 1 to 1,000,000.
 */
export function repeatsOf({ repeat: given }: CallArguments): number | undefined {
  return positiveNumber('--repeat', given, CALLS_MAX);
}

function limitOf(argument: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const limit = numberOrNone(given);
  if (limit !== undefined) return limit;
  throw invalidValue(argument, given, 'a whole number, or none');
}
