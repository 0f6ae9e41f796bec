import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { meterModule } from '../../src/metering/index.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';

/** The script of probes.ts with all that it imports. */
export async function bundledProbes(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('probes.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild wrote nothing');
  return script.text;
}

/** The bytes that the probes need. A module is left out if this engine lacks something. */
export async function probedBytes() {
  const [router, filter] = [await fixture('router/router.wasm'), await fixture('hooks/filter/filter.wasm')];
  const any = '(module (import "host" "any" (func (result anyref))) (func (export "run") (drop (call 0))))';
  const converting = new Uint8Array(await wat(any));
  return {
    router: [...router],
    filter: [...filter],
    withoutKernel: preparePlugin(router, { kernel: 'instance' }),
    callsHost: preparePlugin(await fixture('host-calls/host-calls.wasm'), { kernel: 'instance' }),
    converting: WebAssembly.validate(converting) ? meterModule(converting).bytes : undefined,
  };
}
