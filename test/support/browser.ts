// What test/support/wat.ts, print.ts and fixture.ts are in a browser: the test server does their
// work (scripts/test/browser.ts).

async function ask(path: string, body?: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const response = await fetch(path, body === undefined ? {} : { method: 'POST', body });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response;
}

/** Assembles a module from the WebAssembly text format. */
export async function wat(text: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask('/wat', text)).arrayBuffer());
}

/** A module as WebAssembly text. */
export async function print(wasm: Uint8Array): Promise<string> {
  return await (await ask('/print', new Uint8Array(wasm))).text();
}

/** The bytes of a file under `fixtures/`. */
export async function fixture(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(`/fixtures/${path}`)).arrayBuffer());
}

/** The bytes of a file under `abi/`. */
export async function contractFile(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(`/abi/${path}`)).arrayBuffer());
}
