import { reasonOf } from '../../failure.ts';
import type { ImportedFunction } from '../metering-section.ts';
import { type ResultType, resultType } from './js-values.ts';
import type { Meter } from './meter.ts';
import { hasNoValue } from './value-types.ts';

/**
 * What becomes of an exception that leaves an imported JavaScript function.
 *
 * - `end`: it ends the run as `HostFunction`, and nothing in the module can catch it.
 * - `propagate`: it passes through the module as without metering, and the module or JavaScript
 *   that called it may catch it.
 */
export type HostExceptions = 'end' | 'propagate';

/** Any JavaScript function that a module imports. */
export type JsFunction = (...args: unknown[]) => unknown;

/**
 * The function that a module calls instead of an imported JavaScript function. It calls that
 * function, then reads the clock. If the function throws, or returns a value that does not fit its
 * type, that becomes the failure of the run.
 *
 * @returns the function; `undefined` when there is none for the type, because the engine would
 * throw, at each call or at some results, what a module can catch.
 */
export function guardImport(
  { name, params, results }: ImportedFunction,
  call: JsFunction,
  meter: Meter,
): JsFunction | undefined {
  if (params.some(hasNoValue)) return undefined;
  const types: ResultType[] = [];
  for (const result of results) {
    const type = resultType(result);
    if (type === undefined) return undefined;
    types.push(type);
  }
  return (...args) => {
    try {
      const result = converted(types, call(...args));
      meter.readClock();
      return result;
    } catch (thrown) {
      const reason = reasonOf(thrown);
      meter.fail({ kind: 'HostFunction', function: name, reason }, thrown);
      const neutral = types.map((type) => type.neutral());
      return neutral.length > 1 ? neutral : neutral[0];
    }
  };
}

/** The same for functions whose exceptions propagate: it reads the clock afterwards. */
export function propagatingGuard(call: JsFunction, meter: Meter): JsFunction {
  return (...args) => {
    try {
      return call(...args);
    } finally {
      meter.readClock();
    }
  };
}

function converted(types: readonly ResultType[], value: unknown): unknown {
  const [only] = types;
  if (only === undefined) return undefined;
  if (types.length === 1) return only.convert(value);
  const values = [...(value as Iterable<unknown>)]; // throws when it is none
  if (values.length === types.length) return types.map((type, index) => type.convert(values[index]));
  throw new TypeError(`${values.length} results, but ${types.length} were expected`);
}
