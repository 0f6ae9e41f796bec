import { CommanderError, Command as Parser, Option as ParserOption } from 'commander';
import { nearest } from '../../nearest.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { layOutRows } from '../output/rows.ts';
import { painter } from '../output/terminal.ts';
import { asksForJson, declareArguments, longFlag, operandFlag, parsedArguments } from './arguments.ts';
import { type Command, EXIT, type ExitCode, type Io, PROGRAM } from './command.ts';
import { CommandLineError, type CommandLineFailure, type UsageFailureKind } from './command-line-error.ts';
import { watch } from './watch.ts';

/** The JSON document of each command if it ends with 2. */
export interface ErrorDocument {
  readonly version: typeof DOCUMENT_VERSION;
  readonly error: { readonly kind: CommandLineFailure['kind']; readonly message: string };
}

/** What a program is made of. */
export interface Program {
  /** The table of commands, in the order in which the help lists them. */
  readonly commands: readonly Command[];
  /** What `--version` prints after the name of the program. */
  readonly version: string;
}

/**
 * Runs the command that the arguments name.
 *
 * @param args what follows the name of the program.
 * @returns the exit code.
 * @throws whatever a command throws that is not a {@link CommandLineError}: a defect.
 */
export async function runProgram(program: Program, args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const parser = programParser(program, io);
  for (const command of program.commands) {
    const own = commandParser(parser, command, args);
    declareVersion(own, program.version, io);
    own.action(async () => {
      const given = parsedArguments(own, command);
      const run = (): Promise<ExitCode> => command.run(given, io);
      if (given.watch !== true || command.watches === undefined) code = await run();
      else
        code = await watch(
          io,
          command.watches(given),
          keepsRunning(run, (error) => reportMistake(error, program, args, io)),
        );
    });
  }
  try {
    refuseUnknownTopic(program, args);
    await parser.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // Commander throws where it would exit. Help that nobody asked for ends with 1.
    if (error instanceof CommanderError && HELP.includes(error.code))
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportMistake(commandLineError(error, program, args), program, args, io);
  }
}

/**
 * Makes a run that reports mistakes instead of throwing them, if a change of the files can repair
 * them. After the first run, it reports every mistake: the arguments were right once.
 */
function keepsRunning(
  run: () => Promise<ExitCode>,
  report: (error: CommandLineError) => ExitCode,
): () => Promise<ExitCode> {
  let isFirst = true;
  return async () => {
    try {
      return await run();
    } catch (error) {
      const isRepairable = error instanceof CommandLineError && (!isFirst || REPAIRABLE.includes(error.failure.kind));
      if (!isRepairable) throw error;
      return report(error);
    } finally {
      isFirst = false;
    }
  };
}

const HELP: readonly string[] = ['commander.help', 'commander.helpDisplayed', 'commander.version'];

/** How wide the help is, in columns. */
const HELP_WIDTH = 100;

/** The help is always painted: commander removes the colours if the output has none. */
const paint = painter(true);

/** What the exit codes mean, whatever the command. */
export const PROGRAM_EXITS: Readonly<Record<ExitCode, string>> = {
  [EXIT.ok]: 'the plugin is admitted or valid, or the call was answered',
  [EXIT.failed]: 'the plugin is rejected or malformed, or the call failed',
  [EXIT.usage]: 'the arguments are wrong, or a file cannot be read or written',
  [EXIT.defect]: 'a defect of this program',
};

/** How one chooses colours. */
export const COLOUR_RULE =
  'NO_COLOR turns colours off, FORCE_COLOR turns them on. By default only terminals get colours.';

function programParser({ commands, version }: Program, { stdout, stderr }: Io): Parser {
  const cyan = (text: string): string => paint('cyan', text);
  const examples = commands.flatMap((command) => command.examples.slice(0, 1));
  return (
    new Parser(PROGRAM)
      .description('Inspects cc-lb plugins, admits them as a host does, and calls them.')
      .version(versionLine(version), '--version', 'print the version of this program, also after a command')
      // Each command declares `--version` again, or has an option of that name.
      .enablePositionalOptions()
      .exitOverride()
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        outputError: () => undefined, // reportMistake prints it
        getOutHasColors: () => stdout.color,
        getErrHasColors: () => stderr.color,
        getOutHelpWidth: () => HELP_WIDTH,
        getErrHelpWidth: () => HELP_WIDTH,
      })
      .configureHelp({
        styleTitle: (text) => paint('bold', text),
        styleSubcommandTerm: cyan,
        styleOptionTerm: cyan,
        styleArgumentTerm: cyan,
      })
      .addHelpText('after', () => `${helpEnd(PROGRAM_EXITS, examples)}\n\n${COLOUR_RULE}`)
  );
}

function commandParser(parser: Parser, command: Command, args: readonly string[]): Parser {
  const { name, summary, description, exits, examples } = command;
  const own = parser
    .command(name)
    .usage(usageOf(command))
    .summary(summary)
    .description(description.join('\n'))
    .addHelpText('after', () => helpEnd(exits, examples));
  declareArguments(own, command, args);
  return own;
}

const versionLine = (version: string): string => `${PROGRAM} ${version}`;

/** `--version` after a command is that of the program, unless the command has such an option. */
function declareVersion(own: Parser, version: string, { stdout }: Io): void {
  const declared = own.options.find(({ long }) => long === '--version');
  if (declared?.required === true) return;
  if (declared === undefined) own.addOption(new ParserOption('--version').hideHelp());
  own.on('option:version', () => {
    stdout.write(`${versionLine(version)}\n`);
    throw new CommanderError(0, 'commander.version', version);
  });
}

/** How a command is called, after its name: `<FILE> --output <OUT> [options]`. */
export function usageOf({ operands, options }: Command): string {
  const required = Object.entries(options).filter(([, option]) => option.required === true);
  return [
    ...Object.entries(operands).map(([name, operand]) => operandFlag(name, operand)),
    ...required.map(([name, option]) => longFlag(name, option)),
    '[options]',
  ].join(' ');
}

/** Exit codes and examples, which commander's help does not have. */
function helpEnd(exits: Readonly<Record<number, string>>, examples: Command['examples']): string {
  return [
    '',
    paint('bold', 'Exit codes:'),
    ...layOutRows(
      Object.entries(exits).map((row) => [...row]),
      paint,
    ),
    '',
    paint('bold', 'Examples:'),
    ...examples.flatMap(({ line, meaning }) => [paint('dim', `  # ${meaning}`), `  ${PROGRAM} ${line}`]),
  ].join('\n');
}

const USAGE_FAILURES: Readonly<Record<string, UsageFailureKind>> = {
  'commander.unknownCommand': 'UnknownCommand',
  'commander.unknownOption': 'UnknownOption',
  'commander.missingArgument': 'MissingOperand',
  'commander.excessArguments': 'ExtraOperand',
  'commander.optionMissingArgument': 'MissingValue',
  'commander.missingMandatoryOptionValue': 'MissingOption',
};

/** Commander prints the whole help for `help NAME` if no command has this name. */
function refuseUnknownTopic({ commands }: Program, [command, topic = '']: readonly string[]): void {
  const names = [...commands.map(({ name }) => name), 'help'];
  if (command !== 'help' || topic === '' || topic.startsWith('-') || names.includes(topic)) return;
  const near = nearest(topic, names);
  const reason = `unknown command '${topic}'${near === undefined ? '' : ` (Did you mean ${near}?)`}`;
  throw new CommandLineError({ kind: 'UnknownCommand', reason });
}

/** Says which values a missing option takes, or what must stand before a file. */
function remedyOf(kind: UsageFailureKind, reason: string, { commands }: Program, args: readonly string[]): string {
  const [first = ''] = args;
  if (kind === 'UnknownCommand') return first.endsWith('.wasm') ? '; a command comes first: admit FILE' : '';
  if (kind !== 'MissingOption') return '';
  const options = Object.entries(commands.find(({ name }) => name === first)?.options ?? {});
  const missing = options.find(([name, option]) => reason.includes(`${longFlag(name, option)}'`));
  const choices = missing?.[1].choices;
  return choices === undefined ? '' : `: one of ${choices.join(', ')}`;
}

/** @throws the error itself if it is not a mistake in the arguments or a file. */
function commandLineError(error: unknown, program: Program, args: readonly string[]): CommandLineError {
  if (error instanceof CommandLineError) return error;
  const kind = error instanceof CommanderError ? USAGE_FAILURES[error.code] : undefined;
  if (kind === undefined || !(error instanceof CommanderError)) throw error;
  // The suggestion has a line of its own. Any other line end was given, and will be escaped. The
  // value of a misspelt option is left out: it may be secret.
  const reason = error.message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^'=]*=)[^'].*'/s, "$1…'")
    .replace(/\n(\(Did you mean .*\?\))$/, ' $1');
  const remedy = remedyOf(kind, reason, program, args);
  return new CommandLineError({ kind, reason: `${reason}${remedy}` }, { cause: error });
}

/** The mistakes that are not about the usage: no hint at the help follows them. */
const FILE_MISTAKES: readonly CommandLineFailure['kind'][] = [
  'Unreadable',
  'NoModules',
  'Unwritable',
  'Unfinished',
  'DidNotStop',
  'WroteTooMuch',
  'Died',
  'UnusablePreparation',
  'NoChildProcess',
  'OutputIsInput',
  'InvalidRequest',
];

/** What a plugin did, which decides about it. */
const FAULTS_OF_PLUGINS: readonly CommandLineFailure['kind'][] = ['DidNotStop', 'WroteTooMuch', 'Died'];

/** The mistakes that another file at the same path repairs. */
const REPAIRABLE: readonly CommandLineFailure['kind'][] = [...FILE_MISTAKES, 'OtherGeneration'];

function reportMistake(error: CommandLineError, program: Program, args: readonly string[], io: Io): ExitCode {
  const { failure, message } = error;
  const command = program.commands.find(({ name }) => name === args[0]);
  const topic = command === undefined ? '' : ` ${command.name}`;
  const hint = FILE_MISTAKES.includes(failure.kind) ? '' : `\nTry: ${PROGRAM}${topic} --help\n`;
  io.stderr.write(`${painter(io.stderr.color)('red', 'error:')} ${message}\n${hint}`);
  if (asksForJson(args)) {
    const document: ErrorDocument = { version: DOCUMENT_VERSION, error: { kind: failure.kind, message } };
    io.stdout.write(jsonDocument(document));
  }
  return FAULTS_OF_PLUGINS.includes(failure.kind) ? EXIT.failed : EXIT.usage;
}
