import { readFile } from 'node:fs/promises';

/** The bytes of a file under `fixtures/`, such as `router/router.wasm`. */
export async function fixture(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(`../../fixtures/${path}`, import.meta.url)));
}

/** The bytes of a file under `abi/`, such as `vectors/kernel.json`. */
export async function contractFile(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(`../../abi/${path}`, import.meta.url)));
}
