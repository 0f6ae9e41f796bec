import { generationOf } from '../../src/generation/index.ts';
import { prepareHooks } from '../../src/hooks/index.ts';
import type { EngineModule } from '../../src/module-source.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { runsPreparedPlugins } from '../../src/prepared/index.ts';
import { type Exchange, exchangeOf } from './exchange.ts';
import { fixture } from './fixture.ts';
import { rootFunctions } from './root-functions.ts';

/**
 * Prepares a plugin of either generation.
 *
 * @param kernel where the kernel of a plugin of generation 1 is: in the module by default.
 */
export function prepared(wasm: Uint8Array, kernel: 'linked' | 'instance' = 'linked'): Uint8Array<ArrayBuffer> {
  return generationOf(wasm) === 2 ? prepareHooks(wasm) : preparePlugin(wasm, { kernel });
}

/** The module that this engine makes of the prepared form of a fixture. */
export async function preparedFixture(path: string): Promise<EngineModule> {
  return new WebAssembly.Module(prepared(await fixture(path), runsPreparedPlugins() ? 'linked' : 'instance'));
}

/** The exchange with a fixture that is given as bytes. */
export async function exchangeFromBytes(path: string): Promise<Exchange> {
  return exchangeOf(rootFunctions, await fixture(path));
}
