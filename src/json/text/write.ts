import { formatFloat } from './float.ts';
import type { JsonEntry, JsonNode, ObjectNode } from './node.ts';
import { hasControl, hasFastJson } from './strings.ts';
import { compareUtf8, isWellFormed } from './utf8.ts';
import type { JsonObject, JsonValue } from './value.ts';

/**
 * Writes a value as serde_json writes a generic one: sorted keys, the last of repeated keys, floats
 * in their shortest form, no white space.
 *
 * It joins all pieces at the end. Joining at each depth would copy a text as often as it is deep.
 */
export function writeNode(node: JsonNode): string {
  const pieces: string[] = [];
  push(pieces, node);
  return pieces.join('');
}

function push(pieces: string[], node: JsonNode): void {
  switch (node.kind) {
    case 'array':
      pushArray(pieces, node.value);
      break;
    case 'object':
      pushObject(pieces, sortedEntries(node));
      break;
    case 'string':
      pieces.push(quote(node.value));
      break;
    case 'float':
      pieces.push(formatFloat(node.value));
      break;
    default:
      pieces.push(String(node.value));
  }
}

function pushArray(pieces: string[], items: readonly JsonNode[]): void {
  let mark = '[';
  for (const item of items) {
    pieces.push(mark);
    push(pieces, item);
    mark = ',';
  }
  pieces.push(mark === '[' ? '[]' : ']');
}

function pushObject(pieces: string[], entries: readonly JsonEntry[]): void {
  let mark = '{';
  for (const { key, value } of entries) {
    pieces.push(mark, quote(key), ':');
    push(pieces, value);
    mark = ',';
  }
  pieces.push(mark === '{' ? '{}' : '}');
}

/** The longest string that is always checked here, and not by the engine's own writer. */
const SHORT_STRING_MAX = 256;

/**
 * Quotes a string without escapes, as most are; returns `undefined` for any other, and for one that
 * the engine's own writer checks faster.
 */
export function quotePlain(text: string): string | undefined {
  const isChecked = text.length <= SHORT_STRING_MAX || !hasFastJson;
  return isChecked && isPlain(text) ? `"${text}"` : undefined;
}

function isPlain(text: string): boolean {
  return !text.includes('"') && !text.includes('\\') && !hasControl(text) && isWellFormed(text);
}

/**
 * Writes a string as serde_json does: `\b \t \n \f \r \" \\`, and other control characters as
 * `\u00xx` in lower-case digits. JSON.stringify differs only for lone surrogates, which the caller
 * has excluded.
 */
export function quote(text: string): string {
  return quotePlain(text) ?? JSON.stringify(text);
}

/** Returns the entries that a generic value has: the last of each key, sorted by UTF-8 bytes. */
export function sortedEntries(object: ObjectNode): readonly JsonEntry[] {
  const entries = object.value;
  if (entries.every((entry, index) => index === 0 || compareUtf8(entries[index - 1]?.key ?? '', entry.key) < 0))
    return entries;
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()].sort((a, b) => compareUtf8(a.key, b.key));
}

/**
 * Converts a node to a JavaScript value. `1.0` and `1` become the same number. An integer that is
 * not safe becomes a `bigint`.
 */
export function plainValue(node: JsonNode): JsonValue {
  if (node.kind === 'array') return node.value.map(plainValue);
  if (node.kind !== 'object') return node.value;
  const object: Record<string, JsonValue> = Object.create(null);
  for (const { key, value } of sortedEntries(node)) object[key] = plainValue(value);
  return object satisfies JsonObject;
}
