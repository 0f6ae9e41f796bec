// Dispatches to plugins in worker threads, and checks that each answer belongs to its request.
//   npm run soak:workers
//   npm run soak:workers -- --runtime node,bun --dispatches 20000
// --dispatches: how many in all, a million by default, shared between the runtimes; --runtime: some
// of node20, node, deno, bun; --workers: how many, 2 by default. The exit code is 1 if an answer
// was lost, or belonged to another request.
import { parseArgs } from 'node:util';
import { chosen, machine, startOnEach } from './bench/start-on-runtime.ts';
import { table } from './bench/table.ts';
import { runtimeNames } from './runtimes.mjs';
import type { SoakCounts } from './soak/dispatches.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    dispatches: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '2' },
  },
});

const names = chosen('runtime', options.runtime, runtimeNames);
const dispatches = Math.ceil(Number(options.dispatches) / names.length);
const workers = Number(options.workers);
if (!(dispatches > 0)) throw new Error(`--dispatches ${options.dispatches}: expected a number above 0`);
if (!(workers > 0)) throw new Error(`--workers ${options.workers}: expected a number above 0`);

console.log(machine);
const reports = await startOnEach<SoakCounts & { readonly seconds: number }>(names, 'scripts/soak/workers.ts', {
  dispatches,
  workers,
});
const rows = reports.map(({ runtime, sent, lost, crossed, seconds }) =>
  [runtime, sent, lost, crossed, Math.round(sent / seconds)].map(String),
);
console.log(table(['', 'dispatches', 'lost', 'crossed', 'per second'], rows));
for (const { runtime, faults } of reports) for (const fault of faults) console.log(`${runtime}: ${fault}`);
if (reports.length < names.length || reports.some(({ lost, crossed }) => lost + crossed > 0)) process.exitCode = 1;
