import { Argument, type Command as Parser, Option as ParserOption } from 'commander';
import { nearest } from '../../nearest.ts';
import { type Command, commonOptions, type Operand, type Option } from './command.ts';
import { CommandLineError, invalidValue } from './command-line-error.ts';
import { watchOption } from './watch.ts';

/**
 * Declares the operands and options of a command to commander.
 *
 * @param parser commander's object for the command.
 * @param args the arguments of the program as they were given.
 */
export function declareArguments(parser: Parser, command: Command, args: readonly string[]): void {
  for (const [name, operand] of Object.entries(command.operands)) {
    parser.addArgument(parserArgument(name, operand, orderHint(command, operand, args)));
  }
  for (const [name, option] of Object.entries(optionsOf(command))) {
    const declared = parserOption(name, option);
    parser.addOption(declared);
    if (option.formerly !== undefined) refuseFormer(parser, option.formerly, name);
    if (option.value === undefined) continue;
    declared.argParser((value: string, previous: unknown) => {
      refuseOption(name, option, value, args);
      refuseOtherThan(option, `--${name}`, value);
      const isRepeated = parser.getOptionValueSource(declared.attributeName()) === 'cli';
      if (option.repeatable === true) return isRepeated && Array.isArray(previous) ? [...previous, value] : [value];
      if (isRepeated) throw new CommandLineError({ kind: 'RepeatedOption', option: `--${name}` });
      return value;
    });
  }
}

/**
 * Collects what commander parsed.
 *
 * @param parser commander's object for the command, after parsing.
 * @returns the value of each operand and option by its name in the table.
 */
export function parsedArguments(parser: Parser, command: Command): Record<string, unknown> {
  const operands = Object.keys(command.operands).map((name, index) => [name, parser.processedArgs[index]]);
  const options = Object.entries(optionsOf(command)).map(([name, option]) => {
    const value: unknown = parser.getOptionValue(parserOption(name, option).attributeName());
    return [name, value ?? (option.value === undefined ? false : option.repeatable === true ? [] : undefined)];
  });
  return Object.fromEntries([...operands, ...options]);
}

/**
 * Whether arguments ask for JSON. Works before they are parsed, so that errors of parsing can be
 * JSON too.
 */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? args.length : end).includes('--json');
}

/** The options of a command, its own first. */
export function optionsOf({ options, watches }: Command): Readonly<Record<string, Option>> {
  return { ...options, ...(watches && { watch: watchOption }), ...commonOptions };
}

/** What an option means, and which plugins it is for if not for all. */
export function optionSummary({ summary, only }: Option): string {
  return only === undefined ? summary : `${summary} (generation ${only.generation} only)`;
}

/** How an operand is written: `<FILE>`, `<FILE...>` for one or more, `[REQUEST]` if optional. */
export function operandFlag(name: string, { optional, repeatable }: Operand): string {
  const written = repeatable === true ? `${name}...` : name;
  return optional === true ? `[${written}]` : `<${written}>`;
}

/** How an option is written in both forms: `-o, --output <OUT>`. */
export function optionFlags(name: string, option: Option): string {
  return option.short === undefined ? longFlag(name, option) : `-${option.short}, ${longFlag(name, option)}`;
}

/** How an option is written in its long form: `--output <OUT>`. */
export function longFlag(name: string, { value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} <${value}>`;
}

/** Refuses an option by the name that it had. `--version` without a value is the program's own. */
function refuseFormer(parser: Parser, former: string, now: string): void {
  const hidden = new ParserOption(`--${former} [VALUE]`).hideHelp();
  if (former !== 'version') hidden.preset('');
  parser.addOption(
    hidden.argParser((given: string) => {
      throw new CommandLineError({ kind: 'RenamedOption', option: `--${former}`, now: `--${now}`, given });
    }),
  );
}

/** Names the order of operands if the value of one is elsewhere: `dispatch filter plugin.wasm`. */
function orderHint({ operands }: Command, { choices = [] }: Operand, args: readonly string[]): string {
  if (!choices.some((choice) => args.includes(choice))) return '';
  const order = Object.entries(operands).map(([name, operand]) => operandFlag(name, operand));
  return `; the order is ${order.join(' ')}`;
}

function parserArgument(name: string, operand: Operand, order: string): Argument {
  const argument = new Argument(operandFlag(name, operand), operand.summary);
  if (operand.choices !== undefined) argument.choices(operand.choices);
  return argument.argParser((value: string, previous: unknown) => {
    refuseOtherThan(operand, name, value, order);
    if (operand.repeatable !== true) return value;
    return Array.isArray(previous) ? [...previous, value] : [value];
  });
}

function parserOption(name: string, option: Option): ParserOption {
  const declared = new ParserOption(optionFlags(name, option), optionSummary(option));
  if (option.choices !== undefined) declared.choices(option.choices);
  return declared.default(option.default).makeOptionMandatory(option.required === true);
}

/** Commander takes the next argument as the value, even another option: `--slot --json`. */
function refuseOption(name: string, { short, secret }: Option, value: string, args: readonly string[]): void {
  const isInline = args.includes(`--${name}=${value}`) || (short !== undefined && args.includes(`-${short}${value}`));
  if (isInline || value.length < 2 || !value.startsWith('-')) return;
  const [found, meant] = secret === true ? ['the next argument', 'VALUE'] : [`'${value}'`, value];
  const remedy = `if it is the value, write --${name}=${meant}`;
  const reason = `--${name} needs a value, and ${found} looks like an option; ${remedy}`;
  throw new CommandLineError({ kind: 'MissingValue', reason });
}

function refuseOtherThan({ choices }: Operand | Option, argument: string, given: string, more = ''): void {
  if (choices === undefined || choices.includes(given)) return;
  const expected = `one of ${choices.join(', ')}${more}`;
  throw invalidValue(argument, given, expected, nearest(given, choices));
}
