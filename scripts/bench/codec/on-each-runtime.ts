// Compares the speed of the codec with the engine's own JSON, on every runtime of this machine in
// turn:
//   npm run bench:codec
//   npm run bench:codec -- --runtime node,bun --rounds 101 --json FILE
// --runtime: some of node20, node, deno, bun; --rounds: pairs of runs that are measured; --warm-up:
// pairs before; --json: a file that all numbers are written to. Times depend on the machine and its
// load: compare ratios only. They never set the exit code.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runtimeNames } from '../../runtimes.mjs';
import { chosen, machine, startOnEach } from '../start-on-runtime.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    rounds: { type: 'string', default: '61' },
    'warm-up': { type: 'string', default: '40' },
    json: { type: 'string' },
  },
});

const runtimes = chosen('runtime', options.runtime, runtimeNames);
const task = { rounds: Number(options.rounds), warmUpRounds: Number(options['warm-up']) };
console.log(`${machine}\n`);
const results = await startOnEach(runtimes, 'scripts/bench/codec/codec.ts', task);
if (options.json !== undefined)
  await writeFile(options.json, `${JSON.stringify({ machine, ...task, results }, null, 2)}\n`);
