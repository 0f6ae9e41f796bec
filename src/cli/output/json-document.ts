import { OpaqueJson } from '../../protocol/messages/index.ts';

/** The version of the documents. It rises if a field changes its meaning or is removed. */
export const DOCUMENT_VERSION = 1;

/** An array without objects stays on one line up to this many characters. */
const LINE_WIDTH = 100;

/**
 * Writes a value as indented JSON with a line feed at its end. Nothing is rounded: a `bigint` is
 * written as an integer and an {@link OpaqueJson} as its own text. An infinite number, which means
 * no limit, is `null`. Undefined properties are left out, and everything unprintable is escaped.
 */
export function jsonDocument(value: unknown): string {
  return `${printableJson(write(value, ''))}\n`;
}

function write(value: unknown, indent: string): string {
  if (value instanceof OpaqueJson) return value.text;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return writeArray(value, indent);
  if (typeof value === 'object' && value !== null) return writeObject(value, indent);
  return JSON.stringify(value) ?? 'null';
}

function writeArray(items: readonly unknown[], indent: string): string {
  // Only flat arrays are tried on one line: nested ones would be written again at each depth.
  if (items.every((item) => typeof item !== 'object' || item === null)) {
    const line = `[${items.map((item) => write(item, '')).join(', ')}]`;
    if (line.length <= LINE_WIDTH) return line;
  }
  const inner = `${indent}  `;
  return `[\n${items.map((item) => inner + write(item, inner)).join(',\n')}\n${indent}]`;
}

function writeObject(object: object, indent: string): string {
  const inner = `${indent}  `;
  const entries = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${inner}${JSON.stringify(key)}: ${write(value, inner)}`);
  return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`;
}

/** Escapes everything unprintable in the strings of a JSON text, which keeps its value. */
function printableJson(json: string): string {
  // Not \p{Cc}: outside the strings there is white space, which stays.
  return json.replace(/[\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => jsonEscape(character.charCodeAt(unit))).join(''),
  );
}

function jsonEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
