import { JsonEncodeError, type JsonEncodeFailureKind } from './encode-error.ts';
import { Refusal } from './refusal.ts';

/** Refuses a host's value; `step` leads from it to what is really at fault, such as a property that it lacks. */
export function refuse(kind: JsonEncodeFailureKind, expected: string, found: string, step = ''): never {
  throw new Refusal(kind, expected, found, undefined, step);
}

/** Refuses a host's value of another type. */
export function refuseType(value: unknown, expected: string): never {
  refuse('WrongType', expected, describe(value));
}

/** Runs what writes a value, and turns its refusal into an error that names the path. */
export function reportingPaths(write: () => string): string {
  try {
    return write();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const { kind, path, expected, found } = thrown;
    throw new JsonEncodeError({ kind, path: `$${path}`, expected, found });
  }
}

/** Names a value, without the content of strings. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  return isRecord(value) ? 'an object' : `an object of the class ${value.constructor?.name}`;
}

/** Whether a value is an object with properties of its own to be written, and not an array, a date, a map or the like. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
