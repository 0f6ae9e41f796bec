import { parse } from '@bytecodealliance/jco';

/**
 * Assembles a module from the WebAssembly text format, so that a test shows the module that it is
 * about.
 */
export async function wat(text: string): Promise<Uint8Array> {
  return await parse(text);
}
