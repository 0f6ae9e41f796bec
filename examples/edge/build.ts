// Builds the worker: prepares its plugins, and bundles its modules.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compileAssemblyScript, packageAbort } from '../../scripts/fixtures/assemblyscript.ts';
import { preparePlugin, writeIdentity } from '../../src/index.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = new URL('../../', import.meta.url);

/** Where the compiler of AssemblyScript looks for the package, and where it is in this clone. */
const INSTALLED = 'node_modules/cc-lb-runtime-protocol/assemblyscript/';
const library = new URL('fixtures/guest/', root);

/** Compiles the router, as `npm run build` of a plugin does. */
async function compiledRouter(): Promise<Uint8Array> {
  const wasm = await compileAssemblyScript('router.ts', packageAbort, async (name) => {
    if (name === 'router.ts') return await readFile(join(here, 'plugins/router.ts'), 'utf8');
    if (!name.startsWith(INSTALLED)) return null;
    return await readFile(new URL(name.slice(INSTALLED.length), library), 'utf8').catch(() => null);
  });
  return writeIdentity(wasm, { plugin_name: 'sticky-router', plugin_version: '1.0.0' });
}

/**
 * Builds everything that the configuration names.
 *
 * @param folder where `dist/` is made, and the configuration copied to: this folder by default.
 * @returns the path of the configuration.
 */
export async function buildExample(folder: string = here): Promise<string> {
  const out = join(folder, 'dist');
  await mkdir(out, { recursive: true });
  const plugins = {
    router: await compiledRouter(),
    dialect: await readFile(new URL('fixtures/dialect/dialect.wasm', root)),
  };
  // The same as `cc-lb-plugin prepare --for workers`: the kernel is in the module.
  for (const [name, wasm] of Object.entries(plugins)) {
    await writeFile(join(out, `${name}.wasm`), preparePlugin(wasm, { kernel: 'linked' }));
  }
  await build({
    entryPoints: [join(here, 'worker/worker.ts'), join(here, 'worker/fake-upstream.ts')],
    outdir: out,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker'],
    target: 'es2022',
    external: ['*.wasm'],
    logLevel: 'warning',
  });
  if (folder !== here) {
    for (const file of ['config.capnp', 'upstreams.json']) await copyFile(join(here, file), join(folder, file));
  }
  return join(folder, 'config.capnp');
}
