import { optionSummary, optionsOf } from '../program/arguments.ts';
import type { Command, Operand, Option } from '../program/command.ts';

/** What a shell offers for a value. */
export type Offer =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** Any file; files that end in `.wasm`; directories. Each also leads into directories. */
  | { readonly kind: 'files' | 'modules' | 'directories' }
  /** Nothing, because only the user knows the value. */
  | { readonly kind: 'nothing' };

/** An option, as a shell completes it. */
export interface CompletedOption {
  /** The name after two dashes. */
  readonly name: string;
  /** The letter after one dash. */
  readonly short?: string | undefined;
  readonly summary: string;
  /** Missing for a flag. */
  readonly value?: { readonly name: string; readonly offer: Offer } | undefined;
  readonly repeatable: boolean;
}

/** The ways to write an option: `--output`, `-o`. */
export function flagsOf({ name, short }: CompletedOption): string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}

/** An operand, as a shell completes it. */
export interface CompletedOperand {
  readonly name: string;
  readonly optional: boolean;
  /** Only of the last. */
  readonly repeatable: boolean;
  readonly offer: Offer;
}

/** A command, as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly CompletedOperand[];
  readonly options: readonly CompletedOption[];
}

/** The flags of the program itself. A command has both too, unless an option has that name. */
export const programFlags: readonly CompletedOption[] = [
  { name: 'help', summary: 'print help', repeatable: false },
  { name: 'version', summary: 'print the version of this program', repeatable: false },
];

/**
 * Says what shells offer for each command.
 *
 * @param commands the table of commands.
 * @returns a row for each command, and last one for `help`.
 */
export function completedCommands(commands: readonly Command[]): readonly CompletedCommand[] {
  const topic: CompletedOperand = {
    name: 'COMMAND',
    optional: true,
    repeatable: false,
    offer: { kind: 'words', words: commands.map(({ name }) => name) },
  };
  const help = { name: 'help', summary: 'Prints the help of a command', operands: [topic], options: [] };
  return [...commands.map(completedCommand), help];
}

function completedCommand(command: Command): CompletedCommand {
  const options = Object.entries(optionsOf(command)).map(completedOption);
  return {
    name: command.name,
    summary: command.summary,
    operands: Object.entries(command.operands).map(([name, operand]) => ({
      name,
      optional: operand.optional === true,
      repeatable: operand.repeatable === true,
      offer: offerOf(operand, OPERANDS[name]),
    })),
    options: [...options, ...programFlags.filter(({ name }) => !options.some((option) => option.name === name))],
  };
}

function completedOption([name, option]: readonly [string, Option]): CompletedOption {
  const { short, value, repeatable = false } = option;
  return {
    name,
    short,
    summary: optionSummary(option),
    value: value === undefined ? undefined : { name: value, offer: offerOf(option, VALUES[value]) },
    repeatable,
  };
}

type PathKind = 'files' | 'modules' | 'directories';

/** What the operands are that are paths, by their names. */
const OPERANDS: Readonly<Record<string, PathKind>> = { FILE: 'modules', REQUEST: 'files', DIR: 'directories' };

/** What the values of options are that are paths, by their names. */
const VALUES: Readonly<Record<string, PathKind>> = { FILE: 'files', OUT: 'files', DIR: 'directories' };

function offerOf({ choices }: Operand | Option, path: PathKind | undefined): Offer {
  return choices === undefined ? { kind: path ?? 'nothing' } : { kind: 'words', words: choices };
}
