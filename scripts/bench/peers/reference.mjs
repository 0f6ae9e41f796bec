// The published host, in Rust, on the same workloads: scripts/reference/benchmark.
import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildReference } from '../../reference/build.ts';
import { admittedPlugins, fixtureBytes } from './admitted.ts';
import { exchangeCases, requestText } from './exchanges.ts';
import { callRows } from './workloads.ts';

/** Builds the program; `undefined`, and a notice, where that cannot be done. */
async function build() {
  console.log('building the reference in Rust, which takes minutes the first time');
  const built = await buildReference('benchmark');
  if ('program' in built) return built.program;
  console.log(`skipped: the reference in Rust: ${built.reason}\n`);
  return undefined;
}

/** What the program is to do, with all modules and requests as files in a folder. */
async function rowsIn(folder, parts, modules) {
  const rows = [];
  const write = async (contents) => {
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
    for (const exchange of exchangeCases()) {
      for (const plugin of exchange.plugins) {
        const [wasm, request] = [await write(fixtureBytes(plugin)), await write(requestText(exchange))];
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
 * @param {readonly string[]} parts
 * @param {{ blocks: Uint8Array, empty: Uint8Array }} modules
 * @param {{ rounds: number, budgetMs: number }} effort
 * @returns its results, in the form of the others'; `undefined` where it cannot be built.
 */
export async function runReference(parts, modules, { rounds, budgetMs }) {
  const program = await build();
  if (program === undefined) return undefined;
  const rows = await rowsIn(await mkdtemp(join(tmpdir(), 'bench-')), parts, modules);
  const input = JSON.stringify({ rounds, budget_ms: budgetMs, rows });
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0) throw new Error(`the reference ended with exit code ${code}`);
  return JSON.parse(output).map(({ workload, name, bytes, error, ...timing }) => ({
    workload,
    name,
    bytes,
    timings: error === null ? [{ host: 'reference', ratio: 1, ...timing }] : [],
    cannot: error === null ? [] : [{ host: 'reference', reason: error }],
  }));
}
