import { hookSlotKinds } from '../../hooks/hook.ts';
import { isLimitName, type LimitName, limitNames, MODULE_LIMITS, type ModuleLimits } from '../../metering/index.ts';
import { nearest } from '../../nearest.ts';
import { printable } from '../../printable.ts';
import type { Operand, Option } from '../program/command.ts';
import { CommandLineError, invalidValue } from '../program/command-line-error.ts';

/** The plugin that a command is about. */
export const fileOperand = {
  summary: "the plugin's module; - reads it from standard input",
} as const satisfies Operand;

/** The plugins that a command is about. */
export const filesOperand = {
  summary: "the plugin's module; - reads it from standard input; a directory stands for all .wasm files in it",
  repeatable: true,
} as const satisfies Operand;

/** The end of the description of a command that takes {@link filesOperand}. */
export const severalFilesText = [
  '',
  'For several files, or a directory, prints a report on each file and a summary, and exits with the',
  'highest code. In directories, it skips hidden files and folders, node_modules, and links to',
  'directories.',
] as const;

/** What a host says in its offer that it can do. */
export const capabilityOption = {
  value: 'NAME',
  repeatable: true,
  formerly: 'cap',
  summary: 'offer this host capability to the plugin; none is offered by default',
  only: { generation: 1, because: 'a host offers nothing to a hook plugin' },
} as const satisfies Option;

/** What a host provides to a plugin that it admits. */
export const hostFunctionsOption = {
  summary: 'admit as a host does that provides the six host functions in handshake and self-check too',
  only: { generation: 1, because: 'a hook plugin imports nothing' },
} as const satisfies Option;

/** Where a hook plugin runs. */
export const slotOption = {
  value: 'SLOT',
  choices: hookSlotKinds,
  summary: 'demand the hooks of this slot; by default, only those that the declared hooks need',
  only: { generation: 2, because: 'the handshake decides its slots' },
} as const satisfies Option;

/** What a module may contain. {@link limitsOf} reads the values. */
export const limitOption = {
  value: 'NAME=VALUE',
  repeatable: true,
  summary: 'set a limit on the module: openBlocks=8000, or openBlocks=none for no limit',
} as const satisfies Option;

/** What `config_get` returns. {@link configOf} reads the values. */
export const configOption = {
  value: 'KEY=VALUE',
  repeatable: true,
  secret: true,
  summary: 'config_get returns VALUE for KEY, in admission and in calls; cc-lb has no entries',
  only: { generation: 1, because: 'a hook plugin imports nothing, and its configuration is built into it' },
} as const satisfies Option;

/**
 * Reads the entries that `--config` sets. No error has their values, which may be secret.
 *
 * @param given its values as they were written, `KEY=VALUE`. A VALUE may be empty or have an `=`.
 * @throws CommandLineError if there is no `=` or no key, or if a key is given twice.
 */
export function configOf(given: readonly string[]): Readonly<Record<string, string>> {
  const entries = new Map<string, string>();
  for (const [index, text] of given.entries()) {
    const equals = text.indexOf('=');
    if (equals < 1) {
      const fault = equals < 0 ? 'has no =' : 'has no key before the =';
      const reason = `--config number ${index + 1} ${fault}: write --config KEY=VALUE`;
      throw new CommandLineError({ kind: 'MissingValue', reason });
    }
    const key = text.slice(0, equals);
    if (entries.has(key)) throw new CommandLineError({ kind: 'RepeatedOption', option: `--config ${printable(key)}` });
    entries.set(key, text.slice(equals + 1));
  }
  return Object.fromEntries(entries);
}

/**
 * The limits that `--limit` sets.
 *
 * @param given its values as they were written, `calls=9` or `calls=none`.
 * @returns the limits; `none` becomes Infinity.
 * @throws CommandLineError if a name is unknown, a value malformed, or a limit given twice.
 */
export function limitsOf(given: readonly string[]): ModuleLimits {
  const limits = new Map<LimitName, number>();
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (!isLimitName(name)) {
      const expected = `NAME=VALUE, where NAME is one of ${limitNames.join(', ')}`;
      throw invalidValue('--limit', text, expected, nearest(name, limitNames));
    }
    const value = equals < 0 ? undefined : numberOrNone(text.slice(equals + 1));
    if (value === undefined) {
      const expected = `${name}=VALUE, a whole number or none; the default is ${MODULE_LIMITS[name].byDefault}`;
      throw invalidValue('--limit', text, expected);
    }
    if (limits.has(name)) throw new CommandLineError({ kind: 'RepeatedOption', option: `--limit ${name}` });
    limits.set(name, value);
  }
  return Object.fromEntries(limits);
}

/**
 * The whole number that an option sets; `undefined` if it is not given.
 *
 * @param most the greatest that it may be; the least is 1.
 * @throws CommandLineError `InvalidValue` for anything else.
 */
export function positiveNumber(argument: string, given: string | undefined, most: number): number | undefined {
  if (given === undefined) return undefined;
  const number = wholeNumber(given);
  if (number !== undefined && number >= 1 && number <= most) return number;
  throw invalidValue(argument, given, `a whole number from 1 to ${most}`);
}

/** The whole number of at most 15 digits that a text is; `undefined` if it is not one. */
function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** {@link wholeNumber}, or Infinity for `none`. */
export function numberOrNone(text: string): number | undefined {
  return text === 'none' ? Number.POSITIVE_INFINITY : wholeNumber(text);
}
