import type { Failure } from '../../../failure.ts';
import { OpaqueJson } from '../../../json/opaque-json.ts';
import type { JsonValue } from '../../../json/text/value.ts';
import type { End } from '../end.ts';

/** The classes of errors that a vector can end with, by the layer that they stand for. */
type ErrorClasses = Readonly<Record<string, abstract new (...args: never[]) => Error & { readonly failure: Failure }>>;

/**
 * Runs a part of a vector.
 *
 * @param classes the errors that are an end.
 * @param run what the host does.
 * @returns the end that `run` returns, or that of an error of one of the classes.
 * @throws what `run` throws otherwise.
 */
export function endOf(classes: ErrorClasses, run: () => End): End {
  try {
    return run();
  } catch (error) {
    for (const [layer, Class] of Object.entries(classes))
      if (error instanceof Class) return { layer, error: errorOf(error.failure) };
    throw error;
  }
}

/** A failure as an end has it. */
export function errorOf({ kind, ...fields }: Failure): NonNullable<End['error']> {
  const values = Object.entries(withoutUndefined(fields));
  // Failures hold plain values.
  return {
    kind,
    fields: Object.fromEntries(values.map(([name, value]) => [name, OpaqueJson.from(value as JsonValue)])),
  };
}

/**
 * Leaves out the fields that are `undefined`, also within others: the failure that a failure
 * carries may have an offset that only some engines give.
 */
function withoutUndefined(fields: object): object {
  const defined = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, isRecord(value) ? withoutUndefined(value) : value]));
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
