// How fast the codec is beside the engine's own JSON, on every runtime of this machine, one after the other:
//   npm run bench:codec
//   npm run bench:codec -- --runtime node,bun --rounds 101 --json FILE
// --runtime: some of node20, node, deno, bun; --rounds: pairs of runs that are measured; --warm-up: pairs before;
// --json: a file to write all numbers to.
// Times are of this machine and this minute; only ratios compare, and nothing fails by them.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runtimeNames } from '../../runtimes.mjs';
import { chosen, machine, startOnEach } from '../start-on-runtime.mjs';

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
