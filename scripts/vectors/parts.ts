import { hexByte, leb128, littleEndian } from './hex.ts';

/** A part of bytes that is written in hexadecimal digits. */
export type HexPart = { readonly hex: string; readonly times?: number };

/** A part of bytes, as a vector writes it (abi/vectors/README.md, "Bytes"). */
export type Part = { readonly text: string; readonly times?: number } | HexPart;

/** Bytes, as a vector writes them. */
export type Bytes = string | readonly Part[];

/** A part of the bytes of a module, as a vector writes it. */
export type ModulePart =
  | Part
  | { readonly file: string }
  | { readonly custom: string; readonly payload: Bytes }
  | { readonly answer: Bytes };

/** UTF-8. */
export function text(value: string): Part {
  return { text: value };
}

/** Bytes in hexadecimal digits; blanks do not count. */
export function hex(digits: string): HexPart {
  return { hex: digits.replaceAll(' ', '') };
}

/** Bytes of zero. */
export function zeros(times: number): HexPart {
  return { hex: '00', times };
}

/** A number as a u32, little-endian. */
export function u32Part(value: number): HexPart {
  return { hex: littleEndian(value, 4) };
}

/** A pointer in an archive of the hook ABI: an i32 offset and a u32 count. */
export function pointer(offset: number, count: number): HexPart {
  return { hex: littleEndian(offset, 4) + littleEndian(count, 4) };
}

/** The header of a module. */
export const header: HexPart = { hex: '0061736d01000000' };

/**
 * A section that is not custom.
 *
 * @param id of the section.
 * @param contents less than 16,384 bytes, as hexadecimal digits.
 */
export function section(id: number, contents = ''): HexPart {
  return { hex: hexByte(id) + leb128(contents.length / 2) + contents };
}

/** The custom section in which a plugin says what it is, with this payload. */
export function identitySection(payload: Bytes): ModulePart {
  return { custom: 'cc_lb.plugin.v1', payload };
}

/** A module that returns these bytes: see the text of the module. */
export function answering(file: string, answer: Bytes): readonly ModulePart[] {
  return [{ file }, { answer }];
}

/** The module `act`, and what it is to do: its first character, and bytes. */
export function acting(act: string, ...rest: readonly Part[]): readonly ModulePart[] {
  return answering('act', [{ text: act }, ...rest]);
}
