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

/** What follows the name of an import that is not a function. */
const EXTERNALS = { table: '01700001', memory: '020001', global: '037f00', tag: '040000' } as const;

/**
 * A module that has imports and nothing else, as parts of a vector. It is in parts and not a file
 * since there is one for each function of the kernel.
 */
export function importing(imports: readonly Import[]): readonly object[] {
  const types = imports.map(({ kind, type }) => (kind === 'tag' ? '600000' : (type ?? WRONG)));
  const entries = imports.map(({ module, name, kind }, index) => {
    const external =
      kind === 'function' ? `00${byte(index)}` : EXTERNALS[kind].replace(/^0400../, `0400${byte(index)}`);
    return `${text(module)}${text(name)}${external}`;
  });
  return [{ hex: `${HEADER}${section(1, list(types))}${section(2, list(entries))}` }];
}

function list(entries: readonly string[]): string {
  return byte(entries.length) + entries.join('');
}

function section(id: number, payload: string): string {
  return byte(id) + unsigned(payload.length / 2) + payload;
}

function text(name: string): string {
  const bytes = Array.from(new TextEncoder().encode(name), byte).join('');
  return byte(bytes.length / 2) + bytes;
}

/** An unsigned integer below 2^14. */
function unsigned(value: number): string {
  return value < 0x80 ? byte(value) : byte((value & 0x7f) | 0x80) + byte(value >> 7);
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
