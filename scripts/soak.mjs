// Admits and calls good and bad plugins for a long time, in one process, and checks every answer:
//   npm run soak -- --minutes 2
//   npm run soak -- --dispatches 1000000 --admissions 20000 --minutes 120
//   npm run soak -- --runtime node,deno,bun --minutes 2
// --minutes: how long at most, 1 by default; --dispatches, --admissions: it ends when there were as many of both;
// --runtime: some of node20, node, deno, bun; the newest Node by default.
// Prints counts, and what the process takes after warm-up, at the end, and at most: the first two when garbage has been collected, since engines
// collect it when they choose to. Draws soak-results/RUNTIME.svg. Exit code 1 when an answer was lost or crossed, or when memory, address space
// or handles that stay kept growing.
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chosen, startOnEach } from './bench/start-on-runtime.mjs';
import { runtimeNames } from './runtimes.mjs';
import { amount, picture } from './soak/picture.mjs';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    dispatches: { type: 'string', default: 'Infinity' },
    admissions: { type: 'string', default: 'Infinity' },
    runtime: { type: 'string', default: 'node' },
  },
});

/** What may come on top of what stayed after warm-up: a part of it, and a little for what comes and goes. */
const GROWTH = 1.25;
const SLACK = { heap: 16e6, resident: 100e6, virtual: 200e9, handles: 8 };

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The middle of a quarter of the samples, by number: the second one is after warm-up. */
function quarter(samples, key, number) {
  const from = Math.floor((samples.length * number) / 4);
  return median(
    samples
      .slice(from, Math.max(from + 1, Math.floor((samples.length * (number + 1)) / 4)))
      .map((sample) => sample[key]),
  );
}

function tellOf({ runtime, counts, samples, settled }) {
  const { dispatches, admissions, builds, slow, lost, crossed, faults } = counts;
  const seconds = samples.at(-1).seconds;
  console.log(
    `${runtime}: ${dispatches} dispatches (${slow} ended by the deadline), ${admissions} admissions, ${builds} plugins built in ${seconds.toFixed(1)} s`,
  );
  for (const fault of faults) console.log(`  ${fault}`);
  for (const key of Object.keys(SLACK)) {
    if (samples.some((sample) => sample[key] === undefined)) continue;
    const most = Math.max(...samples.map((sample) => sample[key]));
    if (settled.length === 0) {
      console.log(
        `  ${key}: ${amount(key, most)} at most; this engine cannot be told to collect garbage, so growth is not judged`,
      );
      continue;
    }
    const [warm, end] = [quarter(settled, key, 1), quarter(settled, key, 3)];
    const grows = end > warm * GROWTH + SLACK[key];
    console.log(
      `  ${key}: ${amount(key, warm)} after warm-up, ${amount(key, end)} at the end, ${amount(key, most)} at most${grows ? ': it grows' : ''}`,
    );
    if (grows) process.exitCode = 1;
  }
  console.log(`  ${lost} lost, ${crossed} crossed`);
  if (lost + crossed > 0) process.exitCode = 1;
}

// JSON has no Infinity.
const limit = (text) => Math.min(Number(text), Number.MAX_SAFE_INTEGER);
const task = {
  minutes: Number(options.minutes),
  dispatches: limit(options.dispatches),
  admissions: limit(options.admissions),
};
const reports = await startOnEach(chosen('runtime', options.runtime, runtimeNames), 'scripts/soak/soak.ts', task);
const folder = new URL('../soak-results/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const report of reports) {
  tellOf(report);
  const name = `${report.runtime.replace(' ', '-')}.svg`;
  await writeFile(new URL(name, folder), picture(report.runtime, report.samples));
  console.log(`  soak-results/${name}`);
}
