// Runs the published host, in Rust, on the same workloads: scripts/reference/benchmark.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as library from '../../../src/index.ts';
import { buildReference } from '../../reference/build.ts';
import { temporaryFolder } from '../temporary.ts';
import { admittedPlugins, fixtureBytes } from './admitted.ts';
import { exchangeCases, requestText } from './exchanges.ts';
import type { Effort, Timing } from './measure.ts';
import { callRows, type Result } from './workloads.ts';

/** The plugins under plugins/ that the reference runs. */
type Plugins = Parameters<typeof callRows>[0];

/** What the program is to do once: paths of files stand for modules and requests. */
type Row = Pick<Result, 'workload' | 'name' | 'bytes'> & { readonly wasm: string } & Readonly<Record<string, unknown>>;

/** What the program prints for a row. */
type Printed = Pick<Result, 'workload' | 'name' | 'bytes'> &
  Omit<Timing, 'host' | 'ratio'> & { readonly error: string | null };

/**
 * Builds the program. Returns its path, or undefined, after printing why, if it cannot be built.
 */
async function build(): Promise<string | undefined> {
  console.log('building the reference in Rust, which takes minutes the first time');
  const built = await buildReference('benchmark');
  if ('program' in built) return built.program;
  console.log(`skipped: the reference in Rust: ${built.reason}\n`);
  return undefined;
}

/** What the program is to do. All modules and requests become files in a folder. */
async function rowsIn(folder: string, parts: readonly string[], modules: Plugins): Promise<Row[]> {
  const rows: Row[] = [];
  const write = async (contents: Uint8Array | string): Promise<string> => {
    const path = join(folder, `${rows.length}-${contents instanceof Uint8Array ? 'module.wasm' : 'request.json'}`);
    await writeFile(path, contents);
    return path;
  };
  if (parts.includes('kernel')) {
    for (const { workload, name, bytes, wasm, exported } of callRows(modules)) {
      rows.push({ workload, name, bytes, wasm: await write(wasm), export: exported });
    }
  }
  if (parts.includes('dispatch')) {
    for (const exchange of exchangeCases(library)) {
      for (const plugin of exchange.plugins) {
        const [wasm, request] = [await write(fixtureBytes(plugin)), await write(requestText(library, exchange))];
        const name = `${exchange.name}, ${plugin}`;
        rows.push({ workload: 'dispatch', name, bytes: exchange.bytes, wasm, function: exchange.fn.name, request });
      }
    }
  }
  if (parts.includes('admission')) {
    for (const { name, wasm } of admittedPlugins()) {
      rows.push({ workload: 'admission', name, bytes: wasm.length, wasm: await write(wasm) });
    }
  }
  return rows;
}

/**
 * Runs the reference on the parts that it knows.
 *
 * @param parts names of parts.
 * @param modules plugins under plugins/.
 * @param effort how long to measure.
 * @returns its results, in the form of the others'; undefined if it cannot be built.
 * @throws {Error} if the program fails.
 */
export async function runReference(
  parts: readonly string[],
  modules: Plugins,
  { rounds, budgetMs }: Effort,
): Promise<Result[] | undefined> {
  const program = await build();
  if (program === undefined) return undefined;
  const rows = await rowsIn(temporaryFolder(), parts, modules);
  const input = JSON.stringify({ rounds, budget_ms: budgetMs, rows });
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`the reference ended with exit code ${code}`);
  // The cast: scripts/reference/benchmark printed it.
  return (JSON.parse(output) as Printed[]).map(({ workload, name, bytes, error, ...timing }) => ({
    workload,
    name,
    bytes,
    timings: error === null ? [{ host: 'reference', ratio: 1, ...timing }] : [],
    cannot: error === null ? [] : [{ host: 'reference', reason: error }],
  }));
}
