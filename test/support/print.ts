import { print as printModule } from '@bytecodealliance/jco';

/** A module as WebAssembly text, to show what it holds; throws when the bytes are no module. */
export async function print(wasm: Uint8Array): Promise<string> {
  return await printModule(wasm);
}
