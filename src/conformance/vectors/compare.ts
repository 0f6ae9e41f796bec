import { encodeHex } from '../../hex.ts';
import { OpaqueJson } from '../../json/opaque-json.ts';
import { readJson } from '../../json/text/reader.ts';
import { isUint8Array } from '../../realms.ts';
import type { End, ExpectedEnd } from './end.ts';

/** What a vector expects and what a host answered, at one place of an end. */
export interface Difference {
  /** The fields that lead there, such as `error.fields.size`. */
  readonly path: string;
  /** What the vector expects there, as text. */
  readonly expected: string;
  /** What the host's end has there, as text; `nothing` if it lacks the field. */
  readonly found: string;
}

/**
 * Compares an end of a host with that of a vector. Fields that only the host's end has do not
 * count.
 *
 * @returns the first difference from the end, or from the last of several allowed ones; `undefined`
 * if there is none.
 */
export function compareEnds(expected: ExpectedEnd, found: End): Difference | undefined {
  const { oneOf, ...only } = expected;
  const allowed: readonly End[] = oneOf ?? [only];
  let last: Difference | undefined;
  for (const end of allowed) {
    last = differenceOf('', end, found);
    if (last === undefined) return undefined;
  }
  return last;
}

function differenceOf(path: string, expected: unknown, found: unknown): Difference | undefined {
  if (expected === null || expected === undefined) return undefined;
  const [wantedFields, gotFields] = [fieldsOf(expected), fieldsOf(found)];
  if (wantedFields && gotFields) {
    for (const [name, value] of Object.entries(wantedFields)) {
      const difference = differenceOf(path === '' ? name : `${path}.${name}`, value, gotFields[name]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  const [wanted, got] = [textOf(expected), textOf(found)];
  return wanted === got ? undefined : { path, expected: wanted, found: got };
}

/** The fields of an object, such as a failure in a failure; `undefined` for other values. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!(value instanceof OpaqueJson)) return isTable(value) ? value : undefined;
  const node = readJson(value.text);
  if (node.kind !== 'object') return undefined;
  return Object.fromEntries(node.value.map((entry) => [entry.key, OpaqueJson.ofNode(entry.value)]));
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUint8Array(value);
}

/** A value as text that is equal only for equal values. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (isUint8Array(value)) return encodeHex(value);
  if (value instanceof OpaqueJson) return value.text;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}
