import { hexByte } from '../parts.ts';

/** What a module imports: a function by its type, or something else. */
export interface Import {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  /** The bytes of the type of a function, in hexadecimal digits; `(f64) -> ()` if missing. */
  readonly type?: string;
}

/** The header of a module, and the section of imports. */
const HEADER = '0061736d01000000';

/** `(f64) -> ()`, which no function of a host has. */
const WRONG = '60017c00';

/** What follows the name of an import, by the index of its type. */
const EXTERNALS: Readonly<Record<Import['kind'], (type: string) => string>> = {
  function: (type) => `00${type}`,
  table: () => '01700001',
  memory: () => '020001',
  global: () => '037f00',
  tag: (type) => `0400${type}`,
};

/**
 * A module that has imports and nothing else, as parts of a vector. It is in parts and not a file
 * since there is one for each function of the kernel.
 */
export function importing(imports: readonly Import[]): readonly object[] {
  const types = imports.map(({ kind, type }) => (kind === 'tag' ? '600000' : (type ?? WRONG)));
  const entries = imports.map(
    ({ module, name, kind }, index) => text(module) + text(name) + EXTERNALS[kind](hexByte(index)),
  );
  return [{ hex: `${HEADER}${section(1, list(types))}${section(2, list(entries))}` }];
}

function list(entries: readonly string[]): string {
  return hexByte(entries.length) + entries.join('');
}

function section(id: number, payload: string): string {
  return hexByte(id) + unsigned(payload.length / 2) + payload;
}

function text(name: string): string {
  const bytes = Array.from(new TextEncoder().encode(name), hexByte).join('');
  return hexByte(bytes.length / 2) + bytes;
}

/** An unsigned integer below 2^14. */
function unsigned(value: number): string {
  return value < 0x80 ? hexByte(value) : hexByte((value & 0x7f) | 0x80) + hexByte(value >> 7);
}
