import { type FailureMessages, failureMessage } from '../../failure.ts';
import { printable } from '../../printable.ts';

/**
 * Why nothing could be found out: exit code 2.
 *
 * - `UnknownCommand`, `UnknownOption`, `UnknownFunction`: a name that does not exist; `nearest` is the one that was probably meant.
 * - `MissingOperand`, `ExtraOperand`, `MissingValue`, `UnexpectedValue`, `RepeatedOption`: arguments that do not fit the usage.
 * - `MissingOption`: an option that must be given is not.
 * - `InvalidValue`: an option's value is none of those that it takes.
 * - `StdinTwice`: two inputs are both to come from standard input.
 * - `Unreadable`, `Unwritable`: a file could not be read or written.
 * - `OutputIsInput`: the output would take the place of the input.
 * - `InvalidRequest`: what was given as a request is not a request of the function.
 */
export type CommandLineFailure =
  | { readonly kind: 'UnknownCommand'; readonly given: string; readonly nearest: string | undefined }
  | { readonly kind: 'UnknownOption'; readonly given: string; readonly nearest: string | undefined }
  | {
      readonly kind: 'UnknownFunction';
      readonly given: string;
      readonly nearest: string | undefined;
      readonly known: readonly string[];
    }
  | { readonly kind: 'MissingOperand'; readonly operand: string; readonly summary: string }
  | { readonly kind: 'ExtraOperand'; readonly given: string; readonly usage: string }
  | {
      readonly kind: 'MissingValue';
      readonly option: string;
      readonly value: string;
      readonly next: string | undefined;
    }
  | { readonly kind: 'MissingOption'; readonly option: string; readonly value: string; readonly summary: string }
  | { readonly kind: 'UnexpectedValue'; readonly option: string }
  | { readonly kind: 'RepeatedOption'; readonly option: string }
  | { readonly kind: 'InvalidValue'; readonly option: string; readonly given: string; readonly expected: string }
  | { readonly kind: 'StdinTwice' }
  | { readonly kind: 'Unreadable'; readonly path: string; readonly reason: string }
  | { readonly kind: 'Unwritable'; readonly path: string; readonly reason: string }
  | { readonly kind: 'OutputIsInput'; readonly path: string }
  | { readonly kind: 'InvalidRequest'; readonly source: string; readonly function: string; readonly reason: string };

const messages: FailureMessages<CommandLineFailure> = {
  UnknownCommand: (f) => `there is no command ${quote(f.given)}${suggestion(f.nearest)}`,
  UnknownOption: (f) => `there is no option ${printable(f.given)}${suggestion(f.nearest)}`,
  UnknownFunction: (f) =>
    `there is no wire function ${quote(f.given)}${suggestion(f.nearest)}\nThe wire functions are ${f.known.join(', ')}.`,
  MissingOperand: (f) => `${f.operand} is missing: ${f.summary}`,
  ExtraOperand: (f) => `${quote(f.given)} is one argument too many; the usage is ${f.usage}`,
  MissingValue: (f) =>
    f.next === undefined
      ? `${f.option} needs a value: ${f.option} ${f.value}`
      : `${f.option} needs a value, and ${quote(f.next)} looks like an option; if it is the value, write ${f.option}=${printable(f.next)}`,
  MissingOption: (f) => `${f.option} ${f.value} is missing: ${f.summary}`,
  UnexpectedValue: (f) => `${f.option} takes no value`,
  RepeatedOption: (f) => `${f.option} is given more than once`,
  InvalidValue: (f) => `${f.option} is ${quote(f.given)}, but must be ${f.expected}`,
  StdinTwice: () => 'FILE and --request are both -, but standard input can be read only once',
  Unreadable: (f) => `cannot read ${printable(f.path)}: ${f.reason}`,
  Unwritable: (f) => `cannot write ${printable(f.path)}: ${f.reason}`,
  OutputIsInput: (f) => `${printable(f.path)} is the input itself: write to another file`,
  InvalidRequest: (f) => `${printable(f.source)} is not a request of ${f.function}: ${f.reason}`,
};

function quote(text: string): string {
  return `'${printable(text)}'`;
}

function suggestion(nearest: string | undefined): string {
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/** Arguments that cannot be followed, or a file that cannot be read. The message is ready for a terminal. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError';
  readonly failure: CommandLineFailure;

  constructor(failure: CommandLineFailure, options?: ErrorOptions) {
    super(failureMessage(messages, failure), options);
    this.failure = failure;
  }
}
