import type { WrittenVector } from '../layer-vectors.ts';

/** A part of bytes as the files of vectors write them. */
export type Part = { readonly text: string } | { readonly hex: string; readonly times?: number };

/** UTF-8. */
export function text(value: string): Part {
  return { text: value };
}

/** Bytes in hexadecimal digits; blanks do not count. */
export function hex(digits: string): Part {
  return { hex: digits.replaceAll(' ', '') };
}

/** Bytes of zero. */
export function zeros(times: number): Part {
  return { hex: '00', times };
}

/** A pointer: an i32 offset and a u32 count. */
export function pointer(offset: number, count: number): Part {
  return { hex: littleEndian(offset, 4) + littleEndian(count, 4) };
}

/** An integer, little-endian, as hexadecimal digits. */
export function littleEndian(value: number | bigint, size: 1 | 2 | 4 | 8): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return hexOf(bytes.subarray(0, size));
}

/** Bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A text that is too long for a line. */
export function joined(...texts: readonly string[]): string {
  return texts.join('');
}

/** What a vector of archives says besides its type. */
export interface ArchiveCase {
  readonly rule: string;
  /** The last part of the name. */
  readonly name: string;
  readonly type: string;
  readonly archive: readonly Part[];
  readonly about?: string;
}

/** Reads an archive. Without `json` it must be refused. */
export function reads({ name, json, ...given }: ArchiveCase & { readonly json?: string | undefined }): WrittenVector {
  const ends = json === undefined ? { layer: 'archive', error: { kind: 'Malformed' } } : { response: json };
  return { id: `hooks-archives/${name}`, ...given, ends };
}

/** Writes the value of an archive, and reads the archive. */
export function both({ name, json, ...given }: ArchiveCase & { readonly json: string }): readonly WrittenVector[] {
  const { rule, type, archive: bytes, ...more } = given;
  return [
    { id: `hooks-archives/write-${name}`, rule, ...more, type, value: json, ends: { bytes } },
    reads({ ...given, name: `read-${name}`, json }),
  ];
}
