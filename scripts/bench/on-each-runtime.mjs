// What metering costs, on every runtime of this machine, one after the other:
//   npm run bench:metering
//   npm run bench:metering -- --runtime node,bun --kernel copy,fib --rounds 51 --json FILE
// --runtime: some of node20, node, deno, bun; --kernel: some of the table's; --rounds: pairs of runs that are measured;
// --warm-up: pairs before; --only: some of kernels, dispatch, rewriting; --json: a file to write all numbers to.
// Times are of this machine and this minute; only ratios compare, and nothing fails by them.
import { spawn } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findRuntime, runtimeNames } from '../runtimes.mjs';
import { compileKernels, kernelNames } from './compile-kernels.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
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

/** What stands before the numbers on the output of metering.ts. */
const reportLabel = 'report: ';

/** Modules of more than this are rewritten, in bytes. */
const LARGE_MODULE = 1_000_000;

/** The core modules over 1 MB among the packages that are installed. */
async function largeModules() {
  const folder = new URL('../../node_modules/', import.meta.url);
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  const modules = [];
  for (const path of paths.filter((name) => name.endsWith('.core.wasm')).sort()) {
    const file = new URL(path.replaceAll('\\', '/'), folder);
    if ((await stat(file)).size > LARGE_MODULE) modules.push(fileURLToPath(file));
  }
  return modules;
}

/** Runs metering.ts on a runtime. It gives the numbers, or undefined when it came to no end. */
async function measure({ command, args, title }, task) {
  console.log(title);
  const child = spawn(command, [...args, 'scripts/bench/metering.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, DENO_NO_UPDATE_CHECK: '1' },
  });
  child.stdin.end(JSON.stringify(task));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const lines = output.split('\n');
  const report = lines.find((line) => line.startsWith(reportLabel));
  console.log(lines.filter((line) => line !== report).join('\n'));
  if (code === 0 && report !== undefined) return { runtime: title, ...JSON.parse(report.slice(reportLabel.length)) };
  console.log(`${title}: ended early with exit code ${code}`);
  process.exitCode = 1;
  return undefined;
}

/** Refuses names that are not among those known, before anything runs. */
function chosen(option, known) {
  const names = options[option].split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--${option} ${unknown}: expected some of ${known}`);
  return names;
}

const runtimes = chosen('runtime', runtimeNames);
const parts = chosen('only', ['kernels', 'dispatch', 'rewriting']);
const modules = parts.includes('rewriting') ? await largeModules() : [];
const task = {
  kernels: parts.includes('kernels') ? await compileKernels(chosen('kernel', kernelNames)) : [],
  dispatch: parts.includes('dispatch'),
  modules,
  rounds: Number(options.rounds),
  warmUpRounds: Number(options['warm-up']),
};
const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()} ${process.arch}`;
console.log(`${machine}\n`);
if (parts.includes('rewriting') && modules.length === 0)
  console.log('skipped: rewriting: node_modules holds no *.core.wasm over 1 MB\n');
const results = [];
for (const name of runtimes) {
  const found = findRuntime(name);
  if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts\n`);
  else results.push(await measure(found, task));
}
if (options.json !== undefined) {
  const { rounds, warmUpRounds } = task;
  const report = { machine, rounds, warmUpRounds, results: results.filter((result) => result !== undefined) };
  await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
}
