import type { LineProgram } from '../../conformance/index.ts';
import type { Generation } from '../../generation/index.ts';
import type { Output } from '../output/terminal.ts';
import type { ConfinedEnd, ConfinedRun, Confinement } from '../prepared/confinement.ts';

/** The name that the program is called by. */
export const PROGRAM = 'cc-lb-plugin';

/** How a command ends, for the shell. */
export const EXIT = {
  /** Yes: the plugin is admitted, the module is valid, the call was answered. */
  ok: 0,
  /** No: rejected, malformed, a fallback. */
  failed: 1,
  /** No answer: wrong arguments, or a file that cannot be read or written. */
  usage: 2,
  /** A defect of this program. */
  defect: 3,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What is at a path. */
export interface PathFacts {
  /** `other` is a device, a pipe or a socket. */
  readonly kind: 'file' | 'directory' | 'other';
  /** Differs from the one before if the file was written or replaced since. */
  readonly state: string;
}

/** A name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  /** False for a link to a directory. */
  readonly isDirectory: boolean;
}

/** What a release of this package says of itself. */
export interface Release {
  readonly version: string;
  /** Where its files are on the web: an address that ends with a slash. */
  readonly files?: string;
}

/** Everything outside the program that a command can reach; tests replace it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Reads a file. Rejects with an error that carries a `code`, such as `ENOENT`, if the file
   * cannot be read.
   */
  readFile(path: string): Promise<Uint8Array>;
  /** Tells what is at a path, or where its links lead to. Rejects as {@link Io.readFile} does. */
  facts(path: string): Promise<PathFacts>;
  /** Lists a directory, in any order. Rejects as {@link Io.readFile} does. */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** The path without links: the same for all paths of a file. As it is if nothing is there. */
  realPath(path: string): Promise<string>;
  /** Waits. */
  pause(milliseconds: number): Promise<void>;
  /** Reads standard input to its end. */
  readStdin(): Promise<Uint8Array>;
  /** Writes or replaces a file. Rejects as {@link Io.readFile} does. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Reads a file of abi/ of this package.
   *
   * @param path from abi/ on. Rejects as {@link Io.readFile} does.
   */
  readContract(path: string): Promise<Uint8Array>;
  /** The release that this program is of. Rejects if package.json cannot be read. */
  release(): Promise<Release>;
  now(): Date;
  /**
   * Reads the files of a folder of templates/ of this package, and of all folders in it.
   *
   * @param folder from templates/ on. Rejects as {@link Io.readFile} does.
   * @returns the files by path from the folder on, with `/` between its parts.
   */
  readTemplate(folder: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Makes a folder, or takes one that is there and empty. Rejects as {@link Io.readFile} does, also
   * for a symbolic link.
   */
  makeFolder(path: string): Promise<void>;
  /**
   * Writes a file that does not exist, and makes the folders that it is in. Rejects as
   * {@link Io.readFile} does, with `EEXIST` if the file exists.
   */
  createFile(path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Starts a program that reads and writes lines. Its standard error is that of this program.
   *
   * @param command as the shell reads it.
   */
  startProgram(command: string): LineProgram;
  /** Runs this program again, with its arguments, in a child process that is ended in time. */
  runConfined(run: ConfinedRun): Promise<ConfinedEnd>;
  /** What this process was started for, if it is such a child. */
  readonly confinement?: Confinement;
  /** Whether two paths lead to the same file, also through links. False if one does not exist. */
  isSameFile(path: string, other: string): Promise<boolean>;
}

/** An argument that is known by its place. */
export interface Operand {
  readonly summary: string;
  /** The values that it takes; any if missing. */
  readonly choices?: readonly string[];
  /** Whether it may be left out. Only the last may. */
  readonly optional?: true;
  /** Whether it may be given more than once. Only the last may. */
  readonly repeatable?: true;
}

/** An argument that is known by its name. */
export interface Option {
  readonly summary: string;
  /** One letter for the short form. */
  readonly short?: string;
  /** The name of its value in capitals; an option without it is a flag. */
  readonly value?: string;
  /** The values that it takes; any if missing. */
  readonly choices?: readonly string[];
  readonly default?: string;
  /** The name that it had, which is refused with the one that it has. */
  readonly formerly?: string;
  /** Whether it may be given more than once. */
  readonly repeatable?: true;
  /** Whether its values may be secret, so that no message has them. */
  readonly secret?: true;
  /** Whether it must be given. */
  readonly required?: true;
  /** The only generation of plugins that it is for. */
  readonly only?: OnlyGeneration;
}

/** Why an option is for plugins of one generation only. */
export interface OnlyGeneration {
  readonly generation: Generation;
  /** What the other generation has instead, or why it has nothing: a clause. */
  readonly because: string;
}

/** A way to call a command. */
export interface Example {
  /** What follows the name of the program. */
  readonly line: string;
  /** The question that this call answers. */
  readonly meaning: string;
}

/** One row of the table of commands. Help, documents and parser follow from it. */
export interface Command {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What the command does and shows: lines of at most 95 characters; '' between paragraphs. */
  readonly description: readonly string[];
  /** Its operands in their order, by name in capitals. */
  readonly operands: Readonly<Record<string, Operand>>;
  /** Its options by name, without dashes. {@link commonOptions} come after these. */
  readonly options: Readonly<Record<string, Option>>;
  /** What each exit code means for this command. */
  readonly exits: Readonly<Record<0 | 1 | 2, string>>;
  readonly examples: readonly Example[];
  /**
   * Returns the paths that `--watch` watches. Only a command with this method has that option.
   *
   * @param args as for {@link Command.run}.
   */
  watches?(args: Readonly<Record<string, unknown>>): readonly string[];
  /**
   * Runs the command.
   *
   * @param args the value of each operand and option by its name, as the row declares them.
   * @throws CommandLineError if the command ends with exit code 2.
   */
  run(args: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode>;
}

/** The options of every command. */
export const commonOptions = {
  json: { summary: 'print one JSON document on standard output, and nothing else there' },
} as const satisfies Record<string, Option>;

type Choice<Argument> = Argument extends { readonly choices: readonly (infer Name extends string)[] } ? Name : string;

type OptionValue<Given extends Option> = Given extends { readonly value: string }
  ? Given extends { readonly repeatable: true }
    ? readonly string[]
    : Choice<Given> | (Given extends { readonly required: true } | { readonly default: string } ? never : undefined)
  : boolean;

/** The arguments of a command, as its operands and options declare them. */
export type ArgumentsOf<Operands, Options> = {
  readonly [Name in keyof Operands]: Operands[Name] extends { readonly repeatable: true }
    ? readonly string[]
    : Choice<Operands[Name]> | (Operands[Name] extends { readonly optional: true } ? undefined : never);
} & {
  readonly [Name in keyof Options]: Options[Name] extends Option ? OptionValue<Options[Name]> : never;
} & { readonly [Name in keyof typeof commonOptions]: OptionValue<(typeof commonOptions)[Name]> };

/** A {@link Command} whose `run` takes exactly the arguments that the row declares. */
export type CommandRow<Operands, Options> = Omit<Command, 'operands' | 'options' | 'watches' | 'run'> & {
  readonly operands: Operands;
  readonly options: Options;
  readonly watches?: (args: ArgumentsOf<Operands, Options>) => readonly string[];
  readonly run: (args: ArgumentsOf<Operands, Options>, io: Io) => Promise<ExitCode>;
};

/** Makes a row of the table of commands, with the types of its arguments inferred. */
export function defineCommand<
  const Operands extends Readonly<Record<string, Operand>>,
  const Options extends Readonly<Record<string, Option>>,
>(row: CommandRow<Operands, Options>): Command {
  const { watches, ...others } = row;
  // The casts: the program passes the arguments that `operands` and `options` declare.
  return {
    ...others,
    ...(watches && { watches: (args) => watches(args as ArgumentsOf<Operands, Options>) }),
    run: (args, io) => row.run(args as ArgumentsOf<Operands, Options>, io),
  };
}
