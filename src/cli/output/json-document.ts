import { printableJson } from '../../printable.ts';
import { OpaqueJson } from '../../protocol/messages/index.ts';

/** Up to this many characters an array of numbers and texts stays on one line. */
const LINE_WIDTH = 100;

/**
 * A value as an indented JSON text with a line feed at its end. Beside what `JSON.stringify` takes, a `bigint` is written as the integer
 * that it is and an {@link OpaqueJson} as its own text, so that nothing is rounded. Properties that are undefined are left out.
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
  // Only what is flat is written for a line of its own: what is in one another would be written
  // again at each depth.
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
