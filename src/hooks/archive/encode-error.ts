import { FailureError, type FailureMessages } from '../../failure.ts';

/** What is wrong with a host's value. */
export type ArchiveEncodeFailureKind =
  | 'WrongType'
  | 'IntegerOutOfRange'
  | 'UnknownVariant'
  | 'UnknownField'
  | 'MissingField'
  | 'LoneSurrogate'
  | 'TooLarge';

/** Why a host's value cannot be written. No field repeats the content of a string or of bytes. */
export interface ArchiveEncodeFailure {
  readonly kind: ArchiveEncodeFailureKind;
  /** Where in the value, for instance `$.headers[0].name`. */
  readonly path: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What the value has instead: the name of a type or a number. */
  readonly found: string;
}

const message =
  (headline: string) =>
  ({ path, expected, found }: ArchiveEncodeFailure): string =>
    `${headline}: at ${path}, expected ${expected}, found ${found}`;

const messages: FailureMessages<ArchiveEncodeFailure> = {
  WrongType: message('a value has the wrong type'),
  IntegerOutOfRange: message('an integer is out of range'),
  UnknownVariant: message('a variant is not declared'),
  UnknownField: message('an object has an undeclared property'),
  MissingField: message('a property is missing'),
  LoneSurrogate: message('a string cannot be written in UTF-8'),
  TooLarge: message('the archive is too large'),
};

/** A host's value that is not of the declared type, or that no archive can hold. */
export class ArchiveEncodeError extends FailureError<ArchiveEncodeFailure> {
  override readonly name = 'ArchiveEncodeError';

  protected override get messages(): FailureMessages<ArchiveEncodeFailure> {
    return messages;
  }
}
