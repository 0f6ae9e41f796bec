import { formatFloat } from './float.ts';
import { isRecord, refuseValue, refuseValueType, within } from './refusal.ts';
import { compareUtf8, isWellFormed } from './utf8.ts';
import { DEPTH_MAX, I64_MIN, U64_MAX } from './value.ts';
import { quotePlain } from './write.ts';

/**
 * Writes a JavaScript value as serde_json writes a generic one. Throws a `Refusal` if it is not a
 * JSON value. The limit of depth is the reader's; it also stops a value that contains itself.
 */
export function writeValue(value: unknown, depth = 0): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'bigint') return writeBigInt(value);
  if (!Array.isArray(value) && !isRecord(value)) return refuseValueType(value, 'a JSON value');
  if (depth === DEPTH_MAX) refuseValue('TooDeep', `at most ${DEPTH_MAX} nested arrays and objects`, 'more');
  return Array.isArray(value)
    ? writeItems(value, (item) => writeValue(item, depth + 1))
    : writeRecord(value, (item) => writeValue(item, depth + 1));
}

/** Writes a string. Throws a `Refusal` for another value, and for a lone surrogate. */
export function writeString(value: unknown): string {
  if (typeof value !== 'string') return refuseValueType(value, 'a string');
  const plain = quotePlain(value);
  if (plain !== undefined) return plain;
  return isWellFormed(value) ? JSON.stringify(value) : refuseValue('LoneSurrogate', 'Unicode text', 'a lone surrogate');
}

/** Writes an array. */
export function writeItems(items: readonly unknown[], writeItem: (item: unknown) => string): string {
  let text = '[';
  let index = 0;
  try {
    for (; index < items.length; index++) {
      text = `${text}${index === 0 ? '' : ','}${writeItem(items[index])}`;
    }
  } catch (thrown) {
    throw within(thrown, `[${index}]`);
  }
  return `${text}]`;
}

/**
 * Writes an object with its keys sorted by UTF-8 bytes. A refusal counts the values in that order:
 * a key may be as secret as its value.
 */
export function writeRecord(record: Readonly<Record<string, unknown>>, writeItem: (item: unknown) => string): string {
  let text = '{';
  let index = 0;
  try {
    for (const key of Object.keys(record).sort(compareUtf8)) {
      text = `${text}${index === 0 ? '' : ','}${writeString(key)}:${writeItem(record[key])}`;
      index++;
    }
  } catch (thrown) {
    throw within(thrown, `[${index}]`);
  }
  return `${text}}`;
}

function writeNumber(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : formatFloat(value);
}

function writeBigInt(value: bigint): string {
  if (value >= I64_MIN && value <= U64_MAX) return String(value);
  return refuseValue('IntegerOutOfRange', `an integer from ${I64_MIN} to ${U64_MAX}`, String(value));
}
