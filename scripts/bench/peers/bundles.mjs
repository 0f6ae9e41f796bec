// What the package weighs in a browser: each entry as it is published, with all that it imports, minified, and that gzipped.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { entries, bundle as publish } from '../../build.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** One file of an entry and all that it imports. */
async function bundle(entry, options) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    write: false,
    logLevel: 'silent',
    ...options,
  });
  return outputFiles[0].contents;
}

function weigh(name, contents) {
  return { name, minifiedBytes: contents.length, gzippedBytes: gzipSync(contents, { level: 9 }).length };
}

/** Sizes in bytes of every entry but the command line, and of what peers ship for browsers where they are installed. */
export async function bundleSizes() {
  const sizes = [];
  const published = await mkdtemp(join(tmpdir(), 'bench-'));
  await publish(published);
  // As the package says of itself: a bundler then leaves out what nothing uses.
  await writeFile(join(published, 'package.json'), JSON.stringify({ type: 'module', sideEffects: false }));
  for (const [name, source] of Object.entries(entries)) {
    if (source.startsWith('src/cli/')) continue;
    const entry = join(published, source.replace(/^src\//, '').replace(/\.ts$/, '.js'));
    sizes.push(weigh(name, await bundle(entry)));
  }
  await rm(published, { recursive: true });
  for (const name of ['extism-1', 'extism-2']) {
    const browser = `./node_modules/${name}/dist/browser/mod.js`;
    const contents = await bundle(browser, { platform: 'browser' }).catch(() => undefined);
    if (contents !== undefined) sizes.push(weigh(`(${name})`, contents));
  }
  return sizes;
}

/** The root entry, bundled into a file for the benchmark of the start. Gives its path. */
export async function bundledRoot() {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const file = join(folder, 'index.mjs');
  await writeFile(file, await bundle('src/index.ts'));
  return file;
}
