import { formatCount } from '../../digits.ts';
import { FailureError, type FailureMessages } from '../../failure.ts';
import type { Generation } from '../../generation/index.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';

/** Arguments that do not fit the usage, in the parser's words. */
export type UsageFailureKind =
  | 'UnknownCommand'
  | 'UnknownOption'
  | 'MissingOperand'
  | 'ExtraOperand'
  | 'MissingValue'
  | 'MissingOption';

/**
 * Why the program ends with exit code 2, or with 1 for what a prepared plugin did.
 *
 * - {@link UsageFailureKind}: the parser refuses the arguments.
 * - `RepeatedOption`: an option that is not repeatable is given again.
 * - `RenamedOption`: an option is given by the name that it had; `now` is its name.
 * - `InvalidValue`: an operand or option does not take this value; `nearest` was probably meant.
 * - `OtherGeneration`: an option is for plugins of another generation than FILE.
 * - `StdinWatched`: standard input is given together with `--watch`.
 * - `StdinTwice`: FILE and the request, or an option, both ask for standard input.
 * - `Unreadable`, `Unwritable`: a file cannot be read or written.
 * - `Unfinished`: some files of a new folder are written, and the next one cannot be.
 * - `DidNotStop`, `WroteTooMuch`, `Died`: what the child process of a prepared plugin did.
 * - `UnusablePreparation`: a file is prepared, and cannot be used so.
 * - `NoChildProcess`: a prepared plugin needs a child process, which cannot be started.
 * - `NoModules`: a directory has no file that ends in .wasm.
 * - `OutputIsInput`: the output would replace the input.
 * - `NotVectors`: a file is not one of vectors.
 * - `InvalidRequest`: the file is not a request of the function.
 */
export type CommandLineFailure =
  | { readonly kind: UsageFailureKind; readonly reason: string }
  | { readonly kind: 'RepeatedOption'; readonly option: string }
  | {
      readonly kind: 'RenamedOption';
      readonly option: string;
      readonly now: string;
      /** Its value, `''` if there is none. */
      readonly given: string;
    }
  | {
      readonly kind: 'InvalidValue';
      /** `--kind`, or the name of an operand. */
      readonly argument: string;
      readonly given: string;
      readonly expected: string;
      readonly nearest?: string | undefined;
    }
  | {
      readonly kind: 'OtherGeneration';
      readonly option: string;
      /** The generation that has the option. */
      readonly generation: Generation;
      /** What the other generation has instead, or why it has nothing. */
      readonly reason: string;
    }
  | { readonly kind: 'StdinWatched' }
  | { readonly kind: 'StdinTwice'; readonly option: string }
  | { readonly kind: 'Unreadable'; readonly path: string; readonly reason: string }
  | { readonly kind: 'NoModules'; readonly path: string }
  | { readonly kind: 'Unwritable'; readonly path: string; readonly reason: string }
  | {
      readonly kind: 'Unfinished';
      /** The folder. */
      readonly folder: string;
      /** The file that could not be written, from the folder on. */
      readonly path: string;
      readonly reason: string;
      /** The files that are written, from the folder on. */
      readonly written: readonly string[];
    }
  | { readonly kind: 'DidNotStop'; readonly path: string; readonly afterMs: number }
  | { readonly kind: 'WroteTooMuch'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'Died'; readonly path: string; readonly by: string }
  | { readonly kind: 'UnusablePreparation'; readonly path: string; readonly reason: string }
  | { readonly kind: 'NoChildProcess'; readonly reason: string }
  | { readonly kind: 'OutputIsInput'; readonly path: string }
  | { readonly kind: 'NotVectors'; readonly reason: string }
  | { readonly kind: 'InvalidRequest'; readonly source: string; readonly function: string; readonly reason: string };

const usage = ({ reason }: { readonly reason: string }): string => printable(reason);

const FORGED = 'its metering is forged or broken';

const messages: FailureMessages<CommandLineFailure> = {
  UnknownCommand: usage,
  UnknownOption: usage,
  MissingOperand: usage,
  ExtraOperand: usage,
  MissingValue: usage,
  MissingOption: usage,
  RepeatedOption: (f) => `${f.option} is given more than once`,
  RenamedOption: ({ option, now, given }) => {
    const value = given === '' ? '' : ` ${printable(given)}`;
    return `${option} has another name now: write ${now}${value}`;
  },
  InvalidValue: (f) => {
    const suggestion = f.nearest === undefined ? '' : ` (Did you mean ${f.nearest}?)`;
    return `${f.argument} is '${printable(f.given)}', but must be ${f.expected}${suggestion}`;
  },
  OtherGeneration: ({ option, generation, reason }) =>
    `${option} is for plugins of generation ${generation}, but this is one of generation ${3 - generation}: ${reason}`,
  StdinWatched: () => '--watch needs files, but - is standard input, which is read only once',
  StdinTwice: (f) => `FILE and ${f.option} are both -, but standard input can be read only once`,
  Unreadable: (f) => `cannot read ${printable(f.path)}: ${printable(f.reason)}`,
  NoModules: ({ path }) =>
    `no file in ${printable(path)} or its folders ends in .wasm; hidden ones and node_modules are not searched`,
  NotVectors: ({ reason }) => printable(reason),
  Unwritable: (f) => `cannot write ${printable(f.path)}: ${printable(f.reason)}`,
  Unfinished: (f) => {
    const written = f.written.length === 0 ? 'no file' : f.written.join(', ');
    const done = `written so far: ${written}. Empty the folder before you try again`;
    return `cannot write ${f.path} in ${printable(f.folder)}: ${printable(f.reason)}; ${done}`;
  },
  DidNotStop: ({ path, afterMs }) =>
    `${printable(path)}: ended after ${formatCount(afterMs)} ms: the plugin did not stop; ${FORGED}`,
  WroteTooMuch: ({ path, bytes }) => `${printable(path)}: ended: it wrote more than ${formatBytes(bytes)}; ${FORGED}`,
  Died: ({ path, by }) =>
    `${printable(path)}: its process ended with ${printable(by)}: the engine did not survive the plugin`,
  UnusablePreparation: (f) => `cannot use the prepared ${printable(f.path)}: ${printable(f.reason)}`,
  NoChildProcess: ({ reason }) => {
    const remedy = 'A prepared plugin is run in one; Deno needs --allow-run, --allow-env and --allow-read for it.';
    return `cannot start a child process: ${printable(reason)}. ${remedy}`;
  },
  OutputIsInput: (f) => `${printable(f.path)} is the input itself: write to another file`,
  InvalidRequest: (f) => `${printable(f.source)} is not a request of ${f.function}: ${f.reason}`,
};

/**
 * Arguments that cannot be followed, or a file that cannot be read or written. The message is
 * printable.
 */
export class CommandLineError extends FailureError<CommandLineFailure> {
  override readonly name = 'CommandLineError';

  protected override get messages(): FailureMessages<CommandLineFailure> {
    return messages;
  }
}

/** A value that an argument does not take. */
export function invalidValue(
  argument: string,
  given: string,
  expected: string,
  near?: string | undefined,
): CommandLineError {
  return new CommandLineError({ kind: 'InvalidValue', argument, given, expected, nearest: near });
}
