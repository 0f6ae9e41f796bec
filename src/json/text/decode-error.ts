import { FailureError, type FailureMessages } from '../../failure.ts';

/** What is wrong with a JSON text or value. */
export type JsonDecodeFailureKind =
  | 'InvalidUtf8'
  | 'Syntax'
  | 'TooDeep'
  | 'NumberOutOfRange'
  | 'WrongType'
  | 'IntegerOutOfRange'
  | 'UnknownVariant'
  | 'UnknownField'
  | 'RepeatedField'
  | 'MissingField'
  | 'WrongLength';

/** Why a JSON text was refused. No field repeats the content of a string or an undeclared key. */
export interface JsonDecodeFailure {
  readonly kind: JsonDecodeFailureKind;
  /**
   * Where in the value, for instance `$.failures[2].stage`; `$` if the text is not JSON. It
   * contains only declared names: the values of a map are counted, `$.chosen_versions[0]`.
   */
  readonly path: string;
  /** Where in the text, in UTF-8 bytes from the beginning. */
  readonly offset: number;
  /** What would have been accepted. */
  readonly expected: string;
  /** What the text has instead: the name of a JSON type, a number or a literal. */
  readonly found: string;
}

const message =
  (headline: string) =>
  ({ path, offset, expected, found }: JsonDecodeFailure): string =>
    `${headline}: at ${path}, byte ${offset}, expected ${expected}, found ${found}`;

/** For a field: naming it says what was expected. */
const fieldMessage =
  (headline: string) =>
  ({ path, offset }: JsonDecodeFailure): string =>
    `${headline} \`${path.slice(path.lastIndexOf('.') + 1)}\`: at ${path}, byte ${offset}`;

const messages: FailureMessages<JsonDecodeFailure> = {
  InvalidUtf8: message('the text is not valid UTF-8'),
  Syntax: message('the text is not JSON'),
  TooDeep: message('the JSON is nested too deeply'),
  NumberOutOfRange: message('a number is out of range'),
  WrongType: message('a value has the wrong type'),
  IntegerOutOfRange: message('an integer is out of range'),
  UnknownVariant: message('a name is not declared'),
  UnknownField: message('an object has an undeclared field'),
  RepeatedField: fieldMessage('repeated field'),
  MissingField: fieldMessage('missing field'),
  WrongLength: message('an array has the wrong length'),
};

/** A text that serde_json does not read as JSON, or that is not of the declared type. */
export class JsonDecodeError extends FailureError<JsonDecodeFailure> {
  override readonly name = 'JsonDecodeError';

  protected override get messages(): FailureMessages<JsonDecodeFailure> {
    return messages;
  }
}
