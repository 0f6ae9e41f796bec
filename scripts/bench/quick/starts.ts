import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as library from '../../../src/index.ts';
import type { Runtime } from '../../runtimes.mjs';
import { exchangeCases } from '../peers/exchanges.ts';
import { reportOf } from '../start-on-runtime.ts';
import { temporaryFolder } from '../temporary.ts';
import { OURS, type Version } from '../versions.ts';

/** What one process took, in milliseconds. */
interface Started {
  readonly importMs: number;
  /** From before the import to after the first dispatch. */
  readonly ms: number;
}

/** Starts a process that imports a package and dispatches once, again and again. */
export interface Starter {
  /** This package, from the bytes of a plugin of 26 KB. */
  readonly bytes: () => Promise<Started>;
  /** This package, from prepared bytes, which are compiled within the time. */
  readonly prepared: () => Promise<Started>;
  /** A peer, from bytes. */
  readonly peer: (packageName: string) => Promise<Started>;
}

const SCRIPT = 'scripts/bench/quick/start-up.mjs';
const wasm = fileURLToPath(new URL('../../../fixtures/router/router.wasm', import.meta.url));

/**
 * Prepares the plugin for a runtime.
 *
 * @param runtime what `findRuntime` returns.
 * @param version the package.
 * @returns the starter.
 * @throws {Error} if a process fails.
 */
export async function starter({ command, args, title }: Runtime, version: Version): Promise<Starter> {
  // Node 20 needs no loader for plain JavaScript, and the loader would take part in the import.
  const bare = { command, args: title.startsWith('node') ? [] : args };
  const prepared = join(temporaryFolder(), 'prepared.wasm');
  const request = exchangeCases(library)[0]?.request;
  const start = async (way: string, packageName: string): Promise<Started> => {
    const task = { way, entry: version.entry(packageName), wasm, prepared, request };
    const { report, code } = await reportOf<Started>(bare, SCRIPT, task);
    if (report === undefined) throw new Error(`${title}: ${way}: exit code ${code}`);
    return report;
  };
  await start('prepare', OURS);
  return {
    bytes: () => start('bytes', OURS),
    prepared: () => start('prepared', OURS),
    peer: (packageName) => start('extism', packageName),
  };
}
