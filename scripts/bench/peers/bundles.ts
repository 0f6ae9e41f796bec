// Measures the size of the package in a browser: each entry as it is installed, with everything
// that it imports, minified, and gzipped.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { OURS, peers, type Version } from '../versions.ts';

/** The size of a bundle. */
export interface BundleSize {
  /** Name of the entry; a peer's name is in parentheses. */
  readonly name: string;
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/** What most hosts import of the root entry. */
export const COMMON_IMPORT = '{ admit, buildPlugin, dispatchWireCall }';

/** One file of what a program imports. */
async function weigh(folder: string, name: string, program: string): Promise<BundleSize> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*'],
    write: false,
    logLevel: 'silent',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  return { name, minifiedBytes: contents.length, gzippedBytes: gzipSync(contents, { level: 9 }).length };
}

/**
 * Measures every entry, what most hosts import of the root entry, and the peers.
 *
 * @param version the package.
 * @returns the sizes.
 */
export async function bundleSizes({ folder }: Version): Promise<BundleSize[]> {
  // The cast: the package's own file.
  const { exports } = JSON.parse(await readFile(join(folder, 'node_modules', OURS, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const entries = Object.keys(exports).filter((name) => name !== './package.json');
  const all = (specifier: string): string => `export * from '${specifier}';`;
  const programs: [name: string, program: string][] = [
    [COMMON_IMPORT, `export ${COMMON_IMPORT} from '${OURS}';`],
    ...entries.map((name): [string, string] => [name, all(`${OURS}${name.slice(1)}`)]),
    ...peers.map((name): [string, string] => [`(${name})`, all(name)]),
  ];
  const sizes: BundleSize[] = [];
  for (const [name, program] of programs) sizes.push(await weigh(folder, name, program));
  return sizes;
}
