import { parseArgs } from 'node:util';
import { nearest } from '../../nearest.ts';
import { type Command, type CommandArguments, commonOptions, type Option } from './command.ts';
import { CommandLineError } from './command-line-error.ts';
import { usageLine } from './help.ts';

/** An option as it was given, and the value that followed it. */
interface GivenOption {
  readonly kind: 'option';
  readonly name: string;
  /** With its dashes. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value was joined to it, `--cap=NAME`. */
  readonly inlineValue?: boolean | undefined;
}

/**
 * Reads what follows the name of a command.
 *
 * @returns `help` when the help was asked for, whatever else is there.
 * @throws CommandLineError for the first argument that does not fit.
 */
export function parseArguments(command: Command, args: readonly string[]): CommandArguments | 'help' {
  const declared = [...command.options, ...commonOptions];
  // Not strict: the module's own errors neither suggest a name nor say what an option is for.
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(declared.map((option) => [option.name, parseArgsOption(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = tokens.flatMap((token): GivenOption[] => (token.kind === 'option' ? [token] : []));
  if (given.some(({ name }) => name === 'help')) return 'help';
  const options = collectOptions(declared, given);
  const operands = collectOperands(command, positionals);
  const missing = declared.find((option) => option.required === true && !options.has(option.name));
  if (missing !== undefined) throw missingOption(missing);
  return {
    operand: (name) => operands.get(name) ?? '',
    flag: (name) => options.has(name),
    value: (name) => options.get(name)?.[0],
    values: (name) => options.get(name) ?? [],
  };
}

/** Whether arguments ask for JSON, as far as that can be told before they are read. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).includes('--json');
}

function parseArgsOption({ value, short }: Option): { type: 'string' | 'boolean'; multiple: true; short?: string } {
  const type = value === undefined ? 'boolean' : 'string';
  return short === undefined ? { type, multiple: true } : { type, multiple: true, short };
}

function collectOptions(declared: readonly Option[], given: readonly GivenOption[]): Map<string, string[]> {
  const collected = new Map<string, string[]>();
  for (const { name, rawName, value, inlineValue } of given) {
    const option = declared.find((candidate) => candidate.name === name);
    if (option === undefined) throw unknownOption(rawName, declared);
    const values = collected.get(name) ?? [];
    if (values.length > 0 && option.repeatable !== true && option.value !== undefined) {
      throw new CommandLineError({ kind: 'RepeatedOption', option: rawName });
    }
    values.push(optionValue(option, rawName, value, inlineValue === true));
    collected.set(name, values);
  }
  return collected;
}

function optionValue(option: Option, rawName: string, value: string | undefined, isInline: boolean): string {
  if (option.value === undefined) {
    if (value === undefined) return '';
    throw new CommandLineError({ kind: 'UnexpectedValue', option: rawName });
  }
  // `--request -` is standard input; any other value with a dash before it is an option whose value was forgotten.
  const isOption = value !== undefined && !isInline && value.length > 1 && value.startsWith('-');
  if (value !== undefined && !isOption) return value;
  throw new CommandLineError({ kind: 'MissingValue', option: rawName, value: option.value, next: value });
}

function missingOption(option: Option): CommandLineError {
  const { short, value = '', summary } = option;
  const spelled = short === undefined ? `--${option.name}` : `-${short}`;
  return new CommandLineError({ kind: 'MissingOption', option: spelled, value, summary });
}

function unknownOption(rawName: string, declared: readonly Option[]): CommandLineError {
  const near = nearest(
    rawName.replace(/^-+/, ''),
    declared.map(({ name }) => name),
  );
  const suggested = near === undefined ? undefined : `--${near}`;
  return new CommandLineError({ kind: 'UnknownOption', given: rawName, nearest: suggested });
}

function collectOperands(command: Command, positionals: readonly string[]): Map<string, string> {
  const { operands } = command;
  const missing = operands[positionals.length];
  if (missing !== undefined) {
    throw new CommandLineError({ kind: 'MissingOperand', operand: missing.name, summary: missing.summary });
  }
  const extra = positionals[operands.length];
  if (extra !== undefined) {
    throw new CommandLineError({ kind: 'ExtraOperand', given: extra, usage: usageLine(command) });
  }
  return new Map(operands.map(({ name }, index) => [name, positionals[index] ?? '']));
}
