import { formatFloat } from './float.ts';
import type { JsonEntry, JsonNode, ObjectNode } from './node.ts';
import { compareUtf8 } from './utf8.ts';
import type { JsonObject, JsonValue } from './value.ts';

/**
 * Writes a value as serde_json writes a generic one: keys sorted, the last of repeated keys, floats
 * in their shortest form, no space.
 *
 * All pieces are joined at once: what was joined at each depth would be copied as often as it is
 * deep.
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

/** The longest string for which a look at every character is cheaper than the engine's own writer. */
const SHORT_STRING_MAX = 256;

/** What is escaped, and what may be a lone surrogate. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them.
const NOT_PLAIN = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Writes a short string of characters that are neither escaped nor surrogates, as most are; undefined for any other. */
export function quotePlain(text: string): string | undefined {
  return text.length <= SHORT_STRING_MAX && !NOT_PLAIN.test(text) ? `"${text}"` : undefined;
}

/**
 * Writes a string as serde_json does: `\b \t \n \f \r \" \\`, other control characters as `\u00xx` with lower-case digits, nothing else
 * escaped. JSON.stringify writes the same, but for lone surrogates, which the caller has ruled out.
 */
export function quote(text: string): string {
  return quotePlain(text) ?? JSON.stringify(text);
}

/** The entries of an object as a generic value has them: one for each key, the last, sorted by UTF-8 bytes. */
export function sortedEntries(object: ObjectNode): readonly JsonEntry[] {
  const entries = object.value;
  if (entries.every((entry, index) => index === 0 || compareUtf8(entries[index - 1]?.key ?? '', entry.key) < 0))
    return entries;
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()].sort((a, b) => compareUtf8(a.key, b.key));
}

/** The JavaScript value of a node. `1.0` and `1` are the same number there; an integer that is not safe is a `bigint`. */
export function plainValue(node: JsonNode): JsonValue {
  if (node.kind === 'array') return node.value.map(plainValue);
  if (node.kind !== 'object') return node.value;
  const object: Record<string, JsonValue> = Object.create(null);
  for (const { key, value } of sortedEntries(node)) object[key] = plainValue(value);
  return object satisfies JsonObject;
}
