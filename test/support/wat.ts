import { parse } from '@bytecodealliance/jco';

/** Each byte as the text format escapes it. */
const escapes = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(16).padStart(2, '0')}`);

/** Writes bytes as a string of the text format, with its quotation marks. */
export function literal(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += escapes[byte];
  return `"${text}"`;
}

/**
 * Assembles a module from the WebAssembly text format, so that a test shows the module that it is
 * about.
 */
export async function wat(text: string): Promise<Uint8Array> {
  return await parse(text);
}
