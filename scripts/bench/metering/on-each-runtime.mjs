// What metering costs, on every runtime of this machine, one after the other:
//   npm run bench:metering
//   npm run bench:metering -- --runtime node,bun --kernel copy,fib --rounds 51 --json FILE
// --runtime: some of node20, node, deno, bun; --kernel: some of the table's; --rounds: pairs of runs that are measured;
// --warm-up: pairs before; --only: some of kernels, dispatch, rewriting; --json: a file to write all numbers to.
// Times are of this machine and this minute; only ratios compare, and nothing fails by them.
import { readdir, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runtimeNames } from '../../runtimes.mjs';
import { compileKernels, kernelNames } from '../programs/compile.mjs';
import { chosen, machine, startOnEach } from '../start-on-runtime.mjs';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    kernel: { type: 'string', default: kernelNames.join() },
    rounds: { type: 'string', default: '41' },
    'warm-up': { type: 'string', default: '40' },
    only: { type: 'string', default: 'kernels,dispatch,rewriting' },
    json: { type: 'string' },
  },
});

/** Modules of more than this are rewritten, in bytes. */
const LARGE_MODULE = 1_000_000;

/** The core modules over 1 MB among the packages that are installed. */
async function largeModules() {
  const folder = new URL('../../../node_modules/', import.meta.url);
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  const modules = [];
  for (const path of paths.filter((name) => name.endsWith('.core.wasm')).sort()) {
    const file = new URL(path.replaceAll('\\', '/'), folder);
    if ((await stat(file)).size > LARGE_MODULE) modules.push(fileURLToPath(file));
  }
  return modules;
}

const runtimes = chosen('runtime', options.runtime, runtimeNames);
const parts = chosen('only', options.only, ['kernels', 'dispatch', 'rewriting']);
const modules = parts.includes('rewriting') ? await largeModules() : [];
const task = {
  kernels: parts.includes('kernels') ? await compileKernels(chosen('kernel', options.kernel, kernelNames)) : [],
  dispatch: parts.includes('dispatch'),
  modules,
  rounds: Number(options.rounds),
  warmUpRounds: Number(options['warm-up']),
};
console.log(`${machine}\n`);
if (parts.includes('rewriting') && modules.length === 0)
  console.log('skipped: rewriting: node_modules holds no *.core.wasm over 1 MB\n');
const results = await startOnEach(runtimes, 'scripts/bench/metering/metering.ts', task);
if (options.json !== undefined) {
  const { rounds, warmUpRounds } = task;
  await writeFile(options.json, `${JSON.stringify({ machine, rounds, warmUpRounds, results }, null, 2)}\n`);
}
