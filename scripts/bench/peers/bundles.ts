// Measures the size of the package in a browser: each entry as it is published, with everything
// that it imports, minified, and gzipped.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { entries, bundle as publish } from '../../build.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The size of a bundle. */
export interface BundleSize {
  /** Name of the entry; a peer's name is in parentheses. */
  readonly name: string;
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/** One file of an entry and everything that it imports. */
async function bundle(entry: string, platform: NonNullable<BuildOptions['platform']> = 'neutral'): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    platform,
    target: 'es2022',
    external: ['node:*'],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function weigh(name: string, contents: Uint8Array): BundleSize {
  return { name, minifiedBytes: contents.length, gzippedBytes: gzipSync(contents, { level: 9 }).length };
}

/**
 * Measures every entry but the command line, and what peers ship for browsers if they are
 * installed.
 *
 * @returns the sizes.
 */
export async function bundleSizes(): Promise<BundleSize[]> {
  const sizes: BundleSize[] = [];
  const published = await mkdtemp(join(tmpdir(), 'bench-'));
  await publish(published);
  // As in package.json: a bundler then leaves out what nothing uses.
  await writeFile(join(published, 'package.json'), JSON.stringify({ type: 'module', sideEffects: false }));
  for (const [name, source] of Object.entries(entries)) {
    if (source.startsWith('src/cli/')) continue;
    const entry = join(published, source.replace(/^src\//, '').replace(/\.ts$/, '.js'));
    sizes.push(weigh(name, await bundle(entry)));
  }
  await rm(published, { recursive: true });
  for (const name of ['extism-1', 'extism-2']) {
    const browser = `./node_modules/${name}/dist/browser/mod.js`;
    const contents = await bundle(browser, 'browser').catch(() => undefined);
    if (contents !== undefined) sizes.push(weigh(`(${name})`, contents));
  }
  return sizes;
}
