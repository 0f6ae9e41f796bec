/** The name that the program is called by. */
export const PROGRAM = 'cc-lb-plugin';

/** How a command ends, for the shell. */
export const EXIT = {
  /** What was asked holds: the plugin is admitted, the module is valid, the call was answered. */
  ok: 0,
  /** It does not: rejected, malformed, a fallback. */
  failed: 1,
  /** Nothing was found out: wrong arguments, or a file that cannot be read or written. */
  usage: 2,
  /** A defect of this program. */
  defect: 3,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A stream that a command writes to. */
export interface Output {
  write(text: string): void;
  /** Whether what is written may be coloured. */
  readonly color: boolean;
  /** Whether somebody watches: what is written may be written over again. No, unless told. */
  readonly isTerminal?: boolean;
}

/** All that a command sees of the world around it; a test gives its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The bytes of a file. Rejects with an error that carries a `code`, such as `ENOENT`, when it cannot be read. */
  readFile(path: string): Promise<Uint8Array>;
  /** All bytes of standard input, up to its end. */
  readStdin(): Promise<Uint8Array>;
  /** Writes a file, in the place of one that is there. Rejects as {@link readFile}. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  /** Whether two paths lead to one file, through links too; not when either leads to none. */
  isSameFile(path: string, other: string): Promise<boolean>;
}

/** An argument that is told by its place. All are required. */
export interface Operand {
  /** In capitals, as the usage line writes it: `FILE`. */
  readonly name: string;
  readonly summary: string;
}

/** An argument that begins with dashes. */
export interface Option {
  /** Without the dashes. */
  readonly name: string;
  /** One letter for the short form. */
  readonly short?: string;
  /** The name of its value in capitals; an option without one is a flag. */
  readonly value?: string;
  /** Whether it may be given more than once. Once unless told. */
  readonly repeatable?: boolean;
  /** Whether it must be given. */
  readonly required?: boolean;
  readonly summary: string;
}

/** A way to call a command. */
export interface Example {
  /** What stands after the name of the program. */
  readonly line: string;
  readonly meaning: string;
}

/** The arguments of one command, checked against what it declares. */
export interface CommandArguments {
  /** The operand of that name; only for one that the command declares. */
  operand(name: string): string;
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** The value of an option, `undefined` when it was not given. */
  value(name: string): string | undefined;
  /** The values of an option that may be repeated, in their order. */
  values(name: string): readonly string[];
}

/** A command of the program: what its help tells, and what it does. */
export interface Command {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What the command does and shows: lines of at most 90 characters. */
  readonly description: readonly string[];
  readonly operands: readonly Operand[];
  /** Its own options; `--json` and `--help` are every command's. */
  readonly options: readonly Option[];
  /** What each exit code means for this command. */
  readonly exits: Readonly<Record<0 | 1 | 2, string>>;
  readonly examples: readonly Example[];
  /**
   * Runs the command.
   *
   * @throws CommandLineError for everything that ends in exit code 2.
   */
  run(args: CommandArguments, io: Io): Promise<ExitCode>;
}

/** The options that every command has. */
export const commonOptions: readonly Option[] = [
  { name: 'json', summary: 'print one JSON document on standard output, and nothing else there' },
  { name: 'help', short: 'h', summary: 'print this help' },
];
