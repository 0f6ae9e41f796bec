// The binary format by hand, so that what is read or written by src/wasm is held against something
// else.

const encoder = new TextEncoder();

/** The bytes of a text in UTF-8. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** `\0asm`, version 1. */
export const header: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** An unsigned integer in LEB128. */
export function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...leb(Math.floor(value / 0x80))];
}

/** A name: its length, then UTF-8. */
export function name(text: string): number[] {
  const bytes = utf8(text);
  return [...leb(bytes.length), ...bytes];
}

/** A section with its size. */
export function section(id: number, ...contents: readonly number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

/**
 * A section of any length: `section` takes its contents as arguments, whose number engines limit.
 */
export function longSection(id: number, contents: readonly number[]): number[] {
  return [id, ...leb(contents.length)].concat(contents);
}

/** A module of sections. */
export function moduleOf(...sections: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...header, ...sections.flat()]);
}
