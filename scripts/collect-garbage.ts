import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Makes the engine collect garbage; `undefined` if the engine has no way to do that. */
const collect = collector();

function collector(): (() => void) | undefined {
  const { Bun: bun }: { readonly Bun?: { gc(now: boolean): void } } = globalThis as object;
  if (bun !== undefined) return () => bun.gc(true);
  try {
    setFlagsFromString('--expose-gc');
    const gc: unknown = runInNewContext('gc');
    return typeof gc === 'function' ? () => gc() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Frees everything unused, memories of WebAssembly and their address space too. Engines return
 * those a little after the collection that finds them, so there are several collections, with other
 * work of the process between them.
 *
 * @returns whether the engine can do that; if not, nothing was done.
 */
export async function collectGarbage(): Promise<boolean> {
  if (collect === undefined) return false;
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
