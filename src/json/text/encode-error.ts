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
  /** Where in the value, such as `$.headers[0].name`. The values of a map or an opaque object are counted by sorted keys: `$.claims[0]`. */
  readonly path: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What was there: the name of a type, or a number or literal. */
  readonly found: string;
}

const headlines: Readonly<Record<JsonEncodeFailureKind, string>> = {
  WrongType: 'a value has the wrong type',
  IntegerOutOfRange: 'an integer is out of range',
  UnknownVariant: 'a string is not one of those declared',
  UnknownField: 'an object has a property that is not declared',
  MissingField: 'a property is missing',
  WrongLength: 'an array has the wrong length',
  LoneSurrogate: 'a string cannot be written in UTF-8',
  TooDeep: 'a value is nested too deep, or in itself',
  NotAnObject: 'a request must be written as an object',
};

/** A host's value that is not what the wire type declares. */
export class JsonEncodeError extends Error {
  override readonly name = 'JsonEncodeError';
  readonly failure: JsonEncodeFailure;

  constructor(failure: JsonEncodeFailure) {
    const { kind, path, expected, found } = failure;
    super(`${headlines[kind]}: at ${path}, expected ${expected}, found ${found}`);
    this.failure = failure;
  }
}
