import { MeteringError } from './error.ts';

/**
 * What a caller gives for a limit, or the default.
 *
 * @param name of the option, for the error.
 * @throws MeteringError `InvalidArgument` unless it is a number from 0 up, or `Infinity`, or missing.
 */
export function limit(name: string, value: number | undefined, byDefault: number): number {
  if (value === undefined) return byDefault;
  if (typeof value === 'number' && value >= 0) return value;
  throw new MeteringError({ kind: 'InvalidArgument', argument: name, expected: 'a number from 0 up, or Infinity' });
}
