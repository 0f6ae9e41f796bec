import { MeteringError } from './error.ts';
import { isLimitName, type LimitValues, limitNames, MODULE_LIMITS, type ModuleLimits } from './limits.ts';

/**
 * A value for each limit: the caller's, or the default where the caller gives none.
 *
 * @throws MeteringError `InvalidArgument` if `limits` is not an object, a name is unknown, or a
 * value is neither a number from 0 up nor `Infinity`.
 */
export function limitValues(limits: ModuleLimits | undefined): LimitValues {
  if (limits !== undefined && (typeof limits !== 'object' || limits === null || Array.isArray(limits))) {
    throw new MeteringError({ kind: 'InvalidArgument', argument: 'limits', expected: 'an object' });
  }
  for (const name of Object.keys(limits ?? {})) {
    if (isLimitName(name)) continue;
    const expected = `missing: the limits are ${limitNames.join(', ')}`;
    throw new MeteringError({ kind: 'InvalidArgument', argument: `limits.${name}`, expected });
  }
  const values = limitNames.map((name) => [
    name,
    checkedLimit(`limits.${name}`, limits?.[name], MODULE_LIMITS[name].byDefault),
  ]);
  // One entry for each name.
  return Object.fromEntries(values) as LimitValues;
}

/**
 * What a caller gives for a limit, or the default.
 *
 * @param argument of the option, for the error.
 * @throws MeteringError `InvalidArgument` unless it is a number from 0 up, or `Infinity`, or
 * missing.
 */
export function checkedLimit(argument: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && value >= 0) return value;
  throw new MeteringError({ kind: 'InvalidArgument', argument, expected: 'a number from 0 up, or Infinity' });
}
