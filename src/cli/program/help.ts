import type { Paint } from '../output/paint.ts';
import { type CellLike, layOutRows } from '../output/rows.ts';
import { type Command, commonOptions, EXIT, type Option, PROGRAM } from './command.ts';

/** How wide a usage line may be, indented, on a terminal of 100 columns. */
const USAGE_WIDTH = 98;

/** How a command is called, in one line: `cc-lb-plugin admit FILE [--cap NAME]... [--json]`; where they are too many, without its options. */
export function usageLine({ name, operands, options }: Command): string {
  const parts = [...options, ...commonOptions.filter((option) => option.name === 'json')].map(optionPart);
  const start = [PROGRAM, name, ...operands.map((operand) => operand.name)].join(' ');
  const line = [start, ...parts].join(' ');
  return line.length <= USAGE_WIDTH ? line : `${start} [OPTIONS]`;
}

function optionPart(option: Option): string {
  if (option.required === true)
    return option.short === undefined ? spelled(option) : `-${option.short} ${option.value}`;
  return `[${spelled(option)}]${option.repeatable === true ? '...' : ''}`;
}

function spelled({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** The help of one command. */
export function commandHelp(command: Command, paint: Paint): string {
  const { description, operands, options, exits, examples } = command;
  const all = [...options, ...commonOptions];
  return sections(paint, [
    ['Usage', [`  ${usageLine(command)}`]],
    ['', description],
    [
      'Arguments',
      layOutRows(
        operands.map(({ name, summary }) => [{ text: name, style: 'cyan' }, summary]),
        paint,
      ),
    ],
    ['Options', layOutRows(all.map(optionRow), paint)],
    [
      'Exit codes',
      layOutRows(
        Object.entries(exits).map((row) => [...row]),
        paint,
      ),
    ],
    ['Examples', exampleLines(examples, paint)],
  ]);
}

function optionRow(option: Option): CellLike[] {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return [{ text: short + spelled(option), style: 'cyan' }, option.summary];
}

function exampleLines(examples: Command['examples'], paint: Paint): string[] {
  return examples.flatMap(({ line, meaning }) => [paint('dim', `  # ${meaning}`), `  ${PROGRAM} ${line}`]);
}

/** The help of the program: its commands, and how to go on. */
export function programHelp(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map(({ name, operands, summary }): CellLike[] => [
    { text: [name, ...operands.map((operand) => operand.name)].join(' '), style: 'cyan' },
    summary,
  ]);
  return sections(paint, [
    ['', ['Looks into cc-lb plugins, admits them as a host would, and calls them.']],
    ['Usage', [`  ${PROGRAM} COMMAND [ARGUMENTS] [OPTIONS]`]],
    ['Commands', layOutRows(rows, paint)],
    [
      'Options',
      layOutRows(
        [
          [{ text: '-h, --help', style: 'cyan' }, 'print this help; after a command, that of the command'],
          [{ text: '--version', style: 'cyan' }, 'print the version of this program'],
          [{ text: '--json', style: 'cyan' }, 'after a command: print its result as one JSON document'],
        ],
        paint,
      ),
    ],
    [
      'Exit codes',
      layOutRows(
        [
          [String(EXIT.ok), 'it holds: admitted, valid, answered'],
          [String(EXIT.failed), 'it does not: rejected, malformed, a fallback'],
          [String(EXIT.usage), 'nothing was found out: wrong arguments, or a file that cannot be read or written'],
          [String(EXIT.defect), 'a defect of this program'],
        ],
        paint,
      ),
    ],
    [
      'Examples',
      exampleLines(
        commands.flatMap(({ examples }) => examples.slice(0, 1)),
        paint,
      ),
    ],
    ['', ['Colour is for terminals; NO_COLOR turns it off, FORCE_COLOR turns it on.']],
  ]);
}

/** Titled paragraphs with an empty line between them. */
function sections(paint: Paint, paragraphs: readonly (readonly [title: string, lines: readonly string[]])[]): string {
  const texts = paragraphs
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => (title === '' ? lines : [paint('bold', `${title}:`), ...lines]).join('\n'));
  return `${texts.join('\n\n')}\n`;
}
