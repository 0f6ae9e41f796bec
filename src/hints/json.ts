import type { JsonDecodeFailure, JsonType } from '../json/text/decode-error.ts';
import { type Hints, hintIn, listed } from './hint.ts';

/** What an author can do about JSON that a plugin wrote and the host cannot decode. */
const hints: Hints<JsonDecodeFailure> = {
  InvalidUtf8: 'Write the JSON as UTF-8: text that may be of another encoding, such as a body, belongs into base64.',
  Syntax: ({ offset, expected, found }) =>
    offset === 0 && found === 'the end of the text'
      ? 'Set the output before the function returns: it is empty. It must be a JSON object.'
      : `Write the JSON with an encoder (in Rust serde_json) instead of joining texts: byte ${offset} must be ` +
        `${expected}, not ${found}.`,
  TooDeep: 'Nest arrays and objects at most 127 levels deep.',
  NumberOutOfRange: ({ offset }) =>
    `Write a number that a float of 64 bits can hold at byte ${offset}: check the computation for an overflow.`,
  WrongType: wrongType,
  IntegerOutOfRange: ({ path, expected }) =>
    `Write ${expected} at ${path}: check for a subtraction below 0, or for an overflow of a smaller type.`,
  UnknownVariant: ({ path, given, known, meant }) =>
    meant === undefined
      ? `Write one of ${listed(known)} at ${path}, and not \`${given}\`.`
      : `Write \`${meant}\` at ${path}: \`${given}\` is not known.`,
  UnknownField: ({ path, field, known, meant }) =>
    meant === undefined
      ? `Leave the field \`${field}\` out of ${path}, which may have no field${butKnown(known)}.`
      : `Rename the field \`${field}\` in ${path} to \`${meant}\`.`,
  RepeatedField: ({ field }) => `Write the field \`${field}\` only once in each object.`,
  MissingField: ({ path, field, misspelt }) =>
    misspelt === undefined
      ? `Write the field \`${field}\`, also if its value is empty: ${path} must be there (in Rust, without ` +
        'skip_serializing_if).'
      : `Rename the field \`${misspelt}\` to \`${field}\`.`,
  WrongLength: ({ path, expected, found }) => `Write ${expected} at ${path}, not ${found}.`,
};

function butKnown(known: readonly string[]): string {
  return known.length === 0 ? '' : ` but ${listed(known)}`;
}

function wrongType({
  path,
  expected,
  found,
  foundType,
  expectedType,
  meant,
  mayBeMissing,
}: JsonDecodeFailure & { readonly kind: 'WrongType' }): string {
  if (meant !== undefined) {
    return (
      `Write ${meant} at ${path}, without a fraction or an exponent: hold it in an integer type, and not in a float ` +
      '(f64, number).'
    );
  }
  if (mayBeMissing === true) return `Leave ${path} out, or write ${expected}: null is not accepted there.`;
  if (foundType === 'null') {
    const empty = emptyValues[expectedType ?? 'null'];
    return (
      `Write ${expected} at ${path}${empty}: abi/PROTOCOL.md marks the types that accept null with a question ` +
      'mark.'
    );
  }
  return `Write ${expected} at ${path}, and not ${found}.`;
}

/** What stands for "nothing" where null is not accepted. */
const emptyValues: Readonly<Record<JsonType, string>> = {
  array: ' (if there is nothing, [])',
  string: ' (if there is nothing, "")',
  object: ' (if there is nothing, {})',
  integer: '',
  float: '',
  boolean: '',
  null: '',
};

/** Says what to do about JSON that does not decode. */
export function jsonHint(fault: JsonDecodeFailure): string | undefined {
  return hintIn(hints, fault);
}
