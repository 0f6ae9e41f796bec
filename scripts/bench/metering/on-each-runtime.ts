// Measures what metering costs, on every runtime of this machine in turn:
//   npm run bench:metering
//   npm run bench:metering -- --runtime node,bun --program copy,fib --rounds 51 --json FILE
// --runtime: some of node20, node, deno, bun; --program: some of those in the table;
// --rounds: pairs of runs that are measured; --warm-up: pairs before;
// --only: some of programs, dispatch, rewriting; --json: a file that all numbers are written to.
// Times depend on the machine and its load: compare ratios only. They never set the exit code.
import { readdir, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runtimeNames } from '../../runtimes.mjs';
import { compilePrograms, programNames } from '../programs/compile.ts';
import { chosen, machine, startOnEach } from '../start-on-runtime.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    program: { type: 'string', default: programNames.join() },
    rounds: { type: 'string', default: '41' },
    'warm-up': { type: 'string', default: '40' },
    only: { type: 'string', default: 'programs,dispatch,rewriting' },
    json: { type: 'string' },
  },
});

/** Modules larger than this are rewritten, in bytes. */
const LARGE_MODULE = 1_000_000;

/** The core modules over 1 MB among the packages that are installed. */
async function largeModules(): Promise<string[]> {
  const folder = new URL('../../../node_modules/', import.meta.url);
  const paths = await readdir(folder, { recursive: true });
  const modules: string[] = [];
  for (const path of paths.filter((name) => name.endsWith('.core.wasm')).sort()) {
    const file = new URL(path.replaceAll('\\', '/'), folder);
    if ((await stat(file)).size > LARGE_MODULE) modules.push(fileURLToPath(file));
  }
  return modules;
}

const runtimes = chosen('runtime', options.runtime, runtimeNames);
const parts = chosen('only', options.only, ['programs', 'dispatch', 'rewriting']);
const modules = parts.includes('rewriting') ? await largeModules() : [];
const task = {
  programs: parts.includes('programs') ? await compilePrograms(chosen('program', options.program, programNames)) : [],
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
