import { formatFloat, formatSingle } from '../text/float.ts';
import { describeValue, refuseValue, refuseValueType } from '../text/refusal.ts';
import { hasFastJson } from '../text/strings.ts';
import { JsonText } from '../text/value.ts';
import { quote } from '../text/write.ts';
import { writeString, writeValue } from '../text/write-value.ts';
import type { ComposeEncoder } from './encoder.ts';

/** Longer strings are checked one by one, and not copied once more. */
const UNCHECKED_MAX = hasFastJson ? 4096 : 256;

/** Encodes a string. */
export const encodeString: ComposeEncoder = (before = '') => {
  const opening = `${before}"`;
  return (text, value, unchecked) => {
    if (unchecked === undefined || typeof value !== 'string' || value.length > UNCHECKED_MAX)
      return `${text}${before}${writeString(value)}`;
    unchecked.push(value);
    return `${text}${opening}${value}"`;
  };
};

/** Encodes `true` or `false`. */
export const encodeBool: ComposeEncoder =
  (before = '') =>
  (text, value) =>
    typeof value === 'boolean' ? `${text}${before}${value}` : refuseValueType(value, 'true or false');

/** Makes an encoder for integers from `minimum` to `maximum`. */
export function integerEncoder(minimum: number | bigint, maximum: number | bigint): ComposeEncoder {
  return (before = '') => {
    const expected = `an integer from ${minimum} to ${maximum} (a bigint if a number is not exact)`;
    return (text, value) => {
      if (typeof value !== 'number' && typeof value !== 'bigint') return refuseValueType(value, expected);
      const exact = typeof value === 'bigint' || Number.isSafeInteger(value);
      if (exact && value >= minimum && value <= maximum) return `${text}${before}${value}`;
      return refuseValue('IntegerOutOfRange', expected, describeValue(value));
    };
  };
}

/** Encodes a single-precision number. */
export const encodeF32: ComposeEncoder = (before, order) =>
  // A sorted map of the reference holds doubles, so it widens an f32.
  numberEncoder(before, order === 'declared' ? formatSingle : (value) => formatFloat(Math.fround(value)));

/** Encodes a double-precision number. */
export const encodeF64: ComposeEncoder = (before) => numberEncoder(before, formatFloat);

function numberEncoder(before = '', format: (value: number) => string): ReturnType<ComposeEncoder> {
  return (text, value) =>
    typeof value === 'number' ? `${text}${before}${format(value)}` : refuseValueType(value, 'a number');
}

/** Makes an encoder for one of several strings. */
export function stringEnumEncoder(values: readonly string[]): ComposeEncoder {
  return (before = '') => {
    const expected = `one of ${values.join(', ')}`;
    const written = new Map<unknown, string>(values.map((value) => [value, before + quote(value)]));
    return (text, value) => {
      const quoted = written.get(value);
      if (quoted !== undefined) return text + quoted;
      if (typeof value !== 'string') return refuseValueType(value, expected);
      return refuseValue('UnknownVariant', expected, 'another string');
    };
  };
}

/** Encodes any JSON value. */
export const encodeOpaque: ComposeEncoder =
  (before = '') =>
  (text, value) =>
    text + before + opaqueText(value);

/** Encodes any JSON object. */
export const encodeOpaqueObject: ComposeEncoder =
  (before = '') =>
  (text, value) => {
    const written = opaqueText(value);
    if (written.startsWith('{')) return text + before + written;
    return refuseValue('WrongType', 'a JSON object', 'another JSON value');
  };

function opaqueText(value: unknown): string {
  return value instanceof JsonText ? value.text : writeValue(value);
}
