import { FailureError, type FailureMessages } from '../../failure.ts';

/** What is wrong with a host's value. */
export type JsonEncodeFailureKind =
  | 'WrongType'
  | 'IntegerOutOfRange'
  | 'UnknownVariant'
  | 'UnknownField'
  | 'MissingField'
  | 'WrongLength'
  | 'LoneSurrogate'
  | 'TooDeep'
  | 'NotAnObject';

/** Why a host's value cannot be written. No field repeats the content of a string. */
export interface JsonEncodeFailure {
  readonly kind: JsonEncodeFailureKind;
  /**
   * Where in the value, for instance `$.headers[0].name`. The values of a map or an opaque object
   * are counted by sorted keys: `$.claims[0]`.
   */
  readonly path: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What the value has instead: the name of a type, a number or a literal. */
  readonly found: string;
}

const message =
  (headline: string) =>
  ({ path, expected, found }: JsonEncodeFailure): string =>
    `${headline}: at ${path}, expected ${expected}, found ${found}`;

const messages: FailureMessages<JsonEncodeFailure> = {
  WrongType: message('a value has the wrong type'),
  IntegerOutOfRange: message('an integer is out of range'),
  UnknownVariant: message('a string is not declared'),
  UnknownField: message('an object has an undeclared property'),
  MissingField: message('a property is missing'),
  WrongLength: message('an array has the wrong length'),
  LoneSurrogate: message('a string cannot be written in UTF-8'),
  TooDeep: message('a value is nested too deeply, or contains itself'),
  NotAnObject: message('a request is not written as an object'),
};

/** A host's value that is not of the declared type. */
export class JsonEncodeError extends FailureError<JsonEncodeFailure> {
  override readonly name = 'JsonEncodeError';

  protected override get messages(): FailureMessages<JsonEncodeFailure> {
    return messages;
  }
}
