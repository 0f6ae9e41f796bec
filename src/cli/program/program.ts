import { nearest } from '../../nearest.ts';
import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/paint.ts';
import { asksForJson, parseArguments } from './arguments.ts';
import { type Command, EXIT, type ExitCode, type Io, PROGRAM } from './command.ts';
import { CommandLineError } from './command-line-error.ts';
import { commandHelp, programHelp } from './help.ts';

/** What a program is made of. */
export interface Program {
  readonly commands: readonly Command[];
  /** The text of `--version`; asked for only then. */
  version(): Promise<string>;
}

/**
 * Runs the command that the arguments name.
 *
 * @param args what follows the name of the program.
 * @returns the exit code. A defect of a command rejects.
 */
export async function runProgram(program: Program, args: readonly string[], io: Io): Promise<ExitCode> {
  const [first, ...rest] = args;
  try {
    if (first === undefined) {
      io.stderr.write(programHelp(program.commands, painter(io.stderr.color)));
      return EXIT.usage;
    }
    if (first === '--version') {
      io.stdout.write(`${PROGRAM} ${await program.version()}\n`);
      return EXIT.ok;
    }
    if (first === 'help' || first === '--help' || first === '-h') return help(program, rest, io);
    return await runCommand(findCommand(program, first), rest, io);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    return tellMistake(error, args, io);
  }
}

function help({ commands }: Program, [name]: readonly string[], io: Io): ExitCode {
  const paint = painter(io.stdout.color);
  const command = commands.find((candidate) => candidate.name === name);
  io.stdout.write(command === undefined ? programHelp(commands, paint) : commandHelp(command, paint));
  return EXIT.ok;
}

async function runCommand(command: Command, args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseArguments(command, args);
  if (parsed !== 'help') return await command.run(parsed, io);
  io.stdout.write(commandHelp(command, painter(io.stdout.color)));
  return EXIT.ok;
}

function findCommand({ commands }: Program, name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  if (name.startsWith('-')) {
    const near = nearest(name.replace(/^-+/, ''), ['help', 'version']);
    throw new CommandLineError({
      kind: 'UnknownOption',
      given: name,
      nearest: near === undefined ? undefined : `--${near}`,
    });
  }
  const near = nearest(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw new CommandLineError({ kind: 'UnknownCommand', given: name, nearest: near });
}

/** Where the mistake is in the arguments, the help is near; where it is in a file, the help does not help. */
const FILE_MISTAKES: readonly string[] = ['Unreadable', 'Unwritable', 'OutputIsInput', 'InvalidRequest'];

function tellMistake({ failure, message }: CommandLineError, args: readonly string[], io: Io): ExitCode {
  const paint = painter(io.stderr.color);
  const [command] = args;
  const topic =
    command === undefined || command.startsWith('-') || failure.kind === 'UnknownCommand' ? '' : ` ${command}`;
  const hint = FILE_MISTAKES.includes(failure.kind) ? '' : `\nTry: ${PROGRAM}${topic} --help\n`;
  io.stderr.write(`${paint('red', 'error:')} ${message}\n${hint}`);
  if (asksForJson(args)) io.stdout.write(jsonDocument({ error: { kind: failure.kind, message } }));
  return EXIT.usage;
}
