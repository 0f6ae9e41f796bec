import { FailureError, type FailureMessages } from '../../failure.ts';

/**
 * The type of a JSON value. A number is a `float` if it has a fraction or an exponent, or is `-0`;
 * else it is an `integer`.
 */
export type JsonType = 'null' | 'boolean' | 'integer' | 'float' | 'string' | 'array' | 'object';

/** What every {@link JsonDecodeFailure} has. */
interface Fault {
  /** What would have been accepted. */
  readonly expected: string;
  /** What the text has instead: the name of a JSON type, a number, a literal or a name. */
  readonly found: string;
}

/** The text is not JSON, or exceeds what is accepted. */
interface TextFault extends Fault {
  readonly kind: 'InvalidUtf8' | 'Syntax' | 'TooDeep' | 'NumberOutOfRange';
}

/** A value has the wrong type; or it has the right type, but this value is not accepted. */
interface ValueFault extends Fault {
  readonly kind: 'WrongType' | 'IntegerOutOfRange';
  readonly foundType: JsonType;
  /**
   * The accepted type; `float` accepts integers too. Missing if `foundType` is accepted, but not
   * this value.
   */
  readonly expectedType?: JsonType;
  /** The same number in the form that is accepted: `1` if `1.0` was found. */
  readonly meant?: string;
  /**
   * True if the number is an integer in range, but so large that its digits are not certain: above
   * 2^53 a double may stand for another number.
   */
  readonly isInexact?: true;
  /** True if null was found for a field that may be left out. */
  readonly mayBeMissing?: true;
}

/** An array has too few or too many elements. */
interface LengthFault extends Fault {
  readonly kind: 'WrongLength';
}

/** A string is not one of the accepted names. */
interface VariantFault extends Fault {
  readonly kind: 'UnknownVariant';
  /** The name in the text, as it is shown. */
  readonly given: string;
  readonly known: readonly string[];
  /** The known name that is nearest, if one is near. */
  readonly meant?: string;
}

/** An object has a field that its type does not declare. `path` is that of the object. */
interface UnknownFieldFault extends Fault {
  readonly kind: 'UnknownField';
  /** The name of the field, as it is shown. */
  readonly field: string;
  readonly known: readonly string[];
  /** The nearest known name that the object lacks, if one is near. */
  readonly meant?: string;
}

/** An object lacks a field. `path` is that of the field. */
interface MissingFieldFault extends Fault {
  readonly kind: 'MissingField';
  readonly field: string;
  /** An ignored field of the object whose name is near, as it is shown. */
  readonly misspelt?: string;
}

/** An object has a field twice. `path` is that of the field. */
interface RepeatedFieldFault extends Fault {
  readonly kind: 'RepeatedField';
  readonly field: string;
}

/** What is wrong, without its place. */
export type JsonDecodeFault =
  | TextFault
  | ValueFault
  | LengthFault
  | VariantFault
  | UnknownFieldFault
  | MissingFieldFault
  | RepeatedFieldFault;

/**
 * Why a JSON text was refused. It may contain numbers of the text, and names that the text chose:
 * those of fields and variants, and the keys of maps. They are escaped and cut, so that they can be
 * printed. No field repeats another string.
 */
export type JsonDecodeFailure = JsonDecodeFault & {
  /**
   * Where in the value, for instance `$.failures[2].stage` or `$.chosen_versions.filter`; `$` if
   * the text is not JSON. The key of a map is quoted as in JSON if it is not an identifier:
   * `$.chosen_versions["a b"]`. Of a long key only 64 characters are shown, then `…`.
   */
  readonly path: string;
  /** True if `path` has a key of a map. Else it has only declared names. */
  readonly hasKey?: true;
  /** Where in the text, in UTF-8 bytes from the beginning. */
  readonly offset: number;
};

/** What is wrong with a JSON text or value. */
export type JsonDecodeFailureKind = JsonDecodeFailure['kind'];

/** A failure of some kinds. */
type Of<Kind extends JsonDecodeFailureKind> = JsonDecodeFailure & { readonly kind: Kind };

const place = (headline: string, { path, offset, expected, found }: JsonDecodeFailure): string =>
  `${headline}: at ${path}, byte ${offset}, expected ${expected}, found ${found}`;

const message =
  (headline: string) =>
  (failure: JsonDecodeFailure): string =>
    place(headline, failure);

const valueMessage =
  (headline: string) =>
  (failure: Of<ValueFault['kind']>): string =>
    place(headline, failure) + valueAdvice(failure);

function valueAdvice(failure: Of<ValueFault['kind']>): string {
  const { expectedType, foundType, expected, meant, isInexact, mayBeMissing } = failure;
  if (meant !== undefined) return `; write ${meant}`;
  if (isInexact) return '; write all its digits, without a fraction or an exponent';
  if (mayBeMissing) return `; null is not accepted here: leave the field out, or write ${expected}`;
  if (foundType === 'null') return '; null is not accepted here';
  const isNumber = (type: JsonType | undefined) => type === 'integer' || type === 'float';
  if (isNumber(expectedType) && foundType === 'string') return '; write a number without quotation marks';
  if (expectedType === 'string' && isNumber(foundType)) return '; write it in quotation marks';
  return '';
}

const knownNames = ({ known, meant }: Of<'UnknownField' | 'UnknownVariant'>): string => {
  const names = known.length === 0 ? 'no field is known' : `known: ${known.map((name) => `\`${name}\``).join(', ')}`;
  return `; ${names}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`;
};

/** Where the object of a field is. A declared field is the last step of the path. */
const objectOf = ({ path }: JsonDecodeFailure): string => `\`${path.slice(0, path.lastIndexOf('.'))}\``;

const messages: FailureMessages<JsonDecodeFailure> = {
  InvalidUtf8: message('the text is not valid UTF-8'),
  Syntax: message('the text is not JSON'),
  TooDeep: message('the JSON is nested too deeply'),
  NumberOutOfRange: message('a number is out of range'),
  WrongType: valueMessage('a value has the wrong type'),
  IntegerOutOfRange: valueMessage('an integer is out of range'),
  WrongLength: message('an array has the wrong length'),
  UnknownVariant: (f) => `unknown name \`${f.given}\` at \`${f.path}\`${knownNames(f)} (byte ${f.offset})`,
  UnknownField: (f) => `unknown field \`${f.field}\` in \`${f.path}\`${knownNames(f)} (byte ${f.offset})`,
  RepeatedField: (f) => `repeated field \`${f.field}\` in ${objectOf(f)} (byte ${f.offset})`,
  MissingField: (f) => {
    const misspelt = f.misspelt === undefined ? '' : `; is \`${f.misspelt}\` a misspelling of it?`;
    return `missing field \`${f.field}\` in ${objectOf(f)}${misspelt} (byte ${f.offset})`;
  },
};

/** A text that serde_json does not read as JSON, or that is not of the declared type. */
export class JsonDecodeError extends FailureError<JsonDecodeFailure> {
  override readonly name = 'JsonDecodeError';

  protected override get messages(): FailureMessages<JsonDecodeFailure> {
    return messages;
  }
}
