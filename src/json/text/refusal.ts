import { JsonEncodeError, type JsonEncodeFailureKind } from './encode-error.ts';

/**
 * Thrown inside the codec where it refuses a value. Each caller adds its step to the path on the
 * way out, so accepted values cost no path.
 */
export class Refusal<Kind extends string, Place> {
  readonly kind: Kind;
  readonly expected: string;
  readonly found: string;
  readonly place: Place;
  path: string;

  constructor(kind: Kind, expected: string, found: string, place: Place, path = '') {
    this.kind = kind;
    this.expected = expected;
    this.found = found;
    this.place = place;
    this.path = path;
  }
}

/**
 * Adds a step to the beginning of a refusal's path.
 *
 * @returns what was thrown.
 */
export function within(thrown: unknown, step: string): unknown {
  if (thrown instanceof Refusal) thrown.path = step + thrown.path;
  return thrown;
}

/** Describes the accepted names. */
export function oneOf(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : `one of ${names.join(', ')}`;
}

/**
 * Refuses a host's value.
 *
 * @param step the path from the value to what is at fault, such as a property that is missing.
 */
export function refuseValue(kind: JsonEncodeFailureKind, expected: string, found: string, step = ''): never {
  throw new Refusal(kind, expected, found, undefined, step);
}

/** Refuses a host's value of another type. */
export function refuseValueType(value: unknown, expected: string): never {
  refuseValue('WrongType', expected, describeValue(value));
}

/**
 * Runs code that writes a value, and turns its refusal into an error.
 *
 * @throws JsonEncodeError with the path of the refusal.
 */
export function reportingPaths(write: () => string): string {
  try {
    return write();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { kind, path, expected, found } = thrown;
    throw new JsonEncodeError({ kind, path: `$${path}`, expected, found });
  }
}

/** Describes a host's value without the content of strings. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isRecord(value) ? 'an object' : `an object of the class ${value.constructor?.name}`;
}

/**
 * Whether a value is an object whose own properties are written: not an array, a date, a map or the
 * like.
 */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
