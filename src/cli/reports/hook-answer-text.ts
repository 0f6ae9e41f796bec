import type { ArchiveDeclaration, ArchiveField } from '../../hooks/index.ts';
import { formatBytes, formatHex } from '../../inspection/module-types.ts';
import { decodeUtf8 } from '../../kernel/index.ts';
import { printable } from '../../printable.ts';
import type { Paint } from '../output/terminal.ts';

/** How many characters of a text, and how many bytes, are shown. `--json` has all. */
const SHOWN = { characters: 10_000, bytes: 32 };

/**
 * Writes a value of the hook ABI as lines of text, with a line for each field. Bytes that are UTF-8
 * are shown as text, others as hexadecimal digits.
 */
export function answerLines(type: ArchiveDeclaration, value: unknown, paint: Paint): string[] {
  switch (type.kind) {
    case 'struct':
      return fieldLines(type.fields, value, paint);
    case 'enum': {
      const kind = property(value, 'kind');
      const fields = type.variants.find(({ name }) => name === kind)?.fields ?? [];
      return [`kind: ${String(kind)}`, ...fieldLines(fields, value, paint)];
    }
    case 'option':
      return value === null ? [paint('dim', 'none')] : answerLines(type.of, value, paint);
    case 'list':
      return itemLines(type.of, Array.isArray(value) ? value : [], paint);
    case 'bytes':
      return [bytesText(value instanceof Uint8Array ? value : new Uint8Array(), paint)];
    default:
      return [plainText(String(value), paint)];
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** One line for each field. Structs, enums and the items of lists stand below the field's name. */
function fieldLines(fields: readonly ArchiveField[], value: unknown, paint: Paint): string[] {
  return fields.flatMap(({ name, type }) => {
    const field = property(value, name);
    const [first = '', ...others] = answerLines(type, field, paint);
    const key = paint('cyan', name);
    return standsBelow(type, field) ? [`${key}:`, ...indented([first, ...others])] : [`${key}: ${first}`];
  });
}

function standsBelow(type: ArchiveDeclaration, value: unknown): boolean {
  if (type.kind === 'option') return value !== null && standsBelow(type.of, value);
  if (type.kind === 'list') return Array.isArray(value) && value.length > 0;
  return type.kind === 'struct' || type.kind === 'enum';
}

function itemLines(of: ArchiveDeclaration, items: readonly unknown[], paint: Paint): string[] {
  if (items.length === 0) return [paint('dim', 'none')];
  return items.flatMap((item) => {
    const [first = '', ...others] = answerLines(of, item, paint);
    return [`- ${first}`, ...indented(others)];
  });
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function bytesText(bytes: Uint8Array, paint: Paint): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return plainText(text, paint);
  const digits = formatHex(bytes.subarray(0, SHOWN.bytes));
  const more = bytes.length > SHOWN.bytes ? ' ...' : '';
  return `${digits}${more} ${paint('dim', `(${formatBytes(bytes.length)}, not UTF-8)`)}`;
}

function plainText(text: string, paint: Paint): string {
  return text === '' ? paint('dim', 'empty') : printable(text, SHOWN.characters);
}
