import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as library from '../../../src/index.ts';
import type { Runtime } from '../../runtimes.mjs';
import { exchangeCases } from '../peers/exchanges.ts';
import { bundlers } from '../sizes/bundlers.ts';
import { reportOf } from '../start-on-runtime.ts';
import { temporaryFolder } from '../temporary.ts';
import { OURS, peers, type Version } from '../versions.ts';

/** What one process took, in milliseconds. */
export interface Started {
  readonly importMs: number;
  /** From before the import to after the first dispatch. */
  readonly ms: number;
  /** The same two, of processors: on all threads together. */
  readonly importCpuMs: number;
  readonly cpuMs: number;
}

/** A process that imports a package and dispatches once, again and again. */
export type Start = () => Promise<Started>;

/**
 * Ways to start: this package, from the bytes of a plugin of 26 KB or from prepared bytes, which
 * are compiled within the time; and peers, from bytes.
 */
export const ways = [
  'ours',
  'ours, prepared',
  './prepared',
  './prepared, bundled',
  ...peers,
  ...peers.map((name) => `${name}, bundled` as const),
] as const;

/** The name of a way. */
export type Way = (typeof ways)[number];

const SCRIPT = 'scripts/bench/start/start-up.mjs';
const PREPARED = `${OURS}/prepared`;
const wasm = fileURLToPath(new URL('../../../fixtures/router/router.wasm', import.meta.url));

/** What a host takes of each package, which a bundle has. */
const taken: Readonly<Record<string, string>> = {
  [PREPARED]: 'buildPlugin, dispatchWireCall, wire',
  ...Object.fromEntries(peers.map((name) => [name, 'createPlugin'])),
};

/** Bundles what a host takes of a package, as for a browser. Returns the address of the file. */
async function bundled(packageName: string, folder: string): Promise<string> {
  const text = `export { ${taken[packageName]} } from '${packageName}';`;
  const { code } = (await bundlers.esbuild?.({ text, folder })) ?? { code: '' };
  const file = join(folder, `${packageName.replaceAll('/', '-')}-bundled.mjs`);
  writeFileSync(file, code);
  return pathToFileURL(file).href;
}

/**
 * Prepares the plugin for a runtime.
 *
 * @param runtime what `findRuntime` returns.
 * @param version the package.
 * @returns how to start in each way. The entry `./prepared` is missing if the version lacks it, or
 * the runtime runs no linked kernel.
 * @throws {Error} if a process fails.
 */
export async function starts({ command, args, title }: Runtime, version: Version): Promise<ReadonlyMap<Way, Start>> {
  // Node 20 needs no loader for plain JavaScript, and the loader would take part in the import.
  const bare = { command, args: title.startsWith('node') ? [] : args };
  const prepared = join(temporaryFolder(), 'prepared.wasm');
  const request = exchangeCases(library)[0]?.request;
  const start = async (way: string, entry: string): Promise<Started & { readonly linked?: boolean }> => {
    const task = { way, entry, wasm, prepared, request };
    const { report, code } = await reportOf<Started & { readonly linked?: boolean }>(bare, SCRIPT, task);
    if (report === undefined) throw new Error(`${title}: ${way}: exit code ${code}`);
    return report;
  };
  const root = version.entry(OURS);
  const { linked } = await start('prepare', root);
  const all = new Map<Way, Start>([
    ['ours', () => start('bytes', root)],
    ['ours, prepared', () => start('prepared', root)],
  ]);
  if (linked === true && version.exports.includes('./prepared')) {
    const [whole, bundle] = [version.entry(PREPARED), await bundled(PREPARED, version.folder)];
    all.set('./prepared', () => start('prepared', whole));
    all.set('./prepared, bundled', () => start('prepared', bundle));
  }
  for (const peer of peers) {
    const [whole, bundle] = [version.entry(peer), await bundled(peer, version.folder)];
    all.set(peer, () => start('extism', whole));
    all.set(`${peer}, bundled`, () => start('extism', bundle));
  }
  return all;
}
