/** A part of the bytes of a module, as a vector writes it (abi/vectors/README.md, "Bytes"). */
export type Part = Readonly<Record<string, unknown>>;

/** The header of a module. */
export const header: Part = { hex: '0061736d01000000' };

/**
 * A section that is not custom.
 *
 * @param id of the section.
 * @param contents at most 127 bytes, as hexadecimal digits.
 */
export function section(id: number, contents = ''): Part {
  return { hex: hexByte(id) + hexByte(contents.length / 2) + contents };
}

/** The custom section of an identity, with this payload. */
export function identitySection(payload: unknown): Part {
  return { custom: 'cc_lb.plugin.v1', payload };
}

/** A number as a u32, little-endian. */
export function u32Part(value: number): Part {
  const bytes = [value, value >>> 8, value >>> 16, value >>> 24].map((byte) => hexByte(byte & 0xff));
  return { hex: bytes.join('') };
}

/** A byte as two hexadecimal digits. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** A module that returns these bytes: see the text of the module. */
export function answering(file: string, answer: unknown): readonly Part[] {
  return [{ file }, { answer }];
}

/** The module `act`, and what it is to do: its first character, and bytes. */
export function acting(act: string, ...rest: readonly Part[]): readonly Part[] {
  return answering('act', [{ text: act }, ...rest]);
}
