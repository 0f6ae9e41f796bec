import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { printedBy, run } from '../fixtures/program.ts';
import type { Toolchain } from './toolchain.ts';

const root = new URL('../../', import.meta.url);
const cache = new URL('node_modules/.cache/templates-assemblyscript/', root);

/** The environment of npm, which gets nothing from a registry. */
const env = { ...process.env, npm_config_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };

/**
 * AssemblyScript by npm. The templates get this project as npm packs it, and the compiler that this
 * project is tested with, so nothing is downloaded.
 */
export const assemblyscript: Toolchain = {
  language: 'assemblyscript',
  async prepare() {
    if (printedBy('npm', '--version') === undefined) return { missing: 'there is no npm' };
    mkdirSync(cache, { recursive: true });
    run('npm', ['pack', '--silent', '--pack-destination', fileURLToPath(cache)], root);
    return { env };
  },
  adapt(folder) {
    const file = join(folder, 'package.json');
    // The casts: the project's own files.
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { readonly devDependencies: Record<string, string> };
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Record<string, string>;
    const places: Readonly<Record<string, URL>> = {
      'cc-lb-runtime-protocol': new URL(`${name}-${version}.tgz`, cache),
      assemblyscript: new URL('node_modules/assemblyscript', root),
    };
    for (const dependency of Object.keys(manifest.devDependencies)) {
      const place = places[dependency];
      if (place === undefined)
        throw new Error(`templates/assemblyscript needs ${dependency}, which is not packed here`);
      manifest.devDependencies[dependency] = `file:${fileURLToPath(place)}`;
    }
    writeFileSync(file, JSON.stringify(manifest));
    // An author commits the lock file that the first `npm install` writes.
    run('npm', ['install', '--package-lock-only'], pathToFileURL(`${folder}/`), env);
  },
};
