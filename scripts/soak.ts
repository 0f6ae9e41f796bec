// Admits and calls good and bad plugins for a long time, in one process, and checks every answer:
//   npm run soak -- --minutes 2
//   npm run soak -- --dispatches 1000000 --admissions 20000 --minutes 120
//   npm run soak -- --runtime node,deno,bun --minutes 2
// --minutes: how long at most, 1 by default; --dispatches, --admissions: it ends after this many of
// both; --runtime: some of node20, node, deno, bun; the newest Node by default. Prints counts, and
// what the process takes after warm-up, at the end, and at most. The first two are measured after a
// collection of garbage. Draws soak-results/RUNTIME.svg. The exit code is 1 if an answer was lost
// or crossed, or if memory, address space or handles kept growing.
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { median } from './bench/alternate.ts';
import { chosen, startOnEach } from './bench/start-on-runtime.ts';
import { runtimeNames } from './runtimes.mjs';
import type { Sample } from './soak/measure.ts';
import type { SoakCounts } from './soak/mix.ts';
import { amount, picture, type Quantity } from './soak/picture.ts';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    dispatches: { type: 'string', default: 'Infinity' },
    admissions: { type: 'string', default: 'Infinity' },
    runtime: { type: 'string', default: 'node' },
  },
});

/**
 * Growth since warm-up that is allowed: this factor, and a fixed amount for what comes and goes.
 */
const GROWTH = 1.25;
const SLACK: Readonly<Record<Quantity, number>> = { heap: 16e6, resident: 100e6, virtual: 200e9, handles: 8 };

/** What scripts/soak/soak.ts reports. `settled` was measured after collections of garbage. */
interface SoakReport {
  readonly counts: SoakCounts;
  readonly samples: readonly Sample[];
  readonly settled: readonly Sample[];
}

/** The median of a quarter of the samples, by number from 0: the second one is after warm-up. */
function quarter(samples: readonly Sample[], quantity: Quantity, number: number): number {
  const from = Math.floor((samples.length * number) / 4);
  const to = Math.max(from + 1, Math.floor((samples.length * (number + 1)) / 4));
  return median(samples.slice(from, to).flatMap((sample) => sample[quantity] ?? []));
}

/** Prints a report, and sets the exit code if something is wrong. */
function print({ runtime, counts, samples, settled }: SoakReport & { readonly runtime: string }): void {
  const { dispatches, admissions, builds, slow, lost, crossed, faults } = counts;
  const seconds = (samples.at(-1)?.seconds ?? 0).toFixed(1);
  const ended = `${dispatches} dispatches (${slow} ended by the deadline)`;
  console.log(`${runtime}: ${ended}, ${admissions} admissions, ${builds} plugins built in ${seconds} s`);
  for (const fault of faults) console.log(`  ${fault}`);
  // The cast: an object literal has the keys of its type.
  for (const key of Object.keys(SLACK) as Quantity[]) {
    const values = samples.flatMap((sample) => sample[key] ?? []);
    if (values.length < samples.length) continue;
    const most = Math.max(...values);
    if (settled.length === 0) {
      const reason = 'growth is not judged, because this engine collects garbage only when it chooses to';
      console.log(`  ${key}: ${amount(key, most)} at most; ${reason}`);
      continue;
    }
    const [warm, end] = [quarter(settled, key, 1), quarter(settled, key, 3)];
    const grows = end > warm * GROWTH + SLACK[key];
    const found = `${amount(key, warm)} after warm-up, ${amount(key, end)} at the end, ${amount(key, most)} at most`;
    console.log(`  ${key}: ${found}${grows ? ': it grows' : ''}`);
    if (grows) process.exitCode = 1;
  }
  console.log(`  ${lost} lost, ${crossed} crossed`);
  if (lost + crossed > 0) process.exitCode = 1;
}

// JSON has no Infinity.
const limit = (text: string): number => Math.min(Number(text), Number.MAX_SAFE_INTEGER);
const task = {
  minutes: Number(options.minutes),
  dispatches: limit(options.dispatches),
  admissions: limit(options.admissions),
};
const reports = await startOnEach<SoakReport>(
  chosen('runtime', options.runtime, runtimeNames),
  'scripts/soak/soak.ts',
  task,
);
const folder = new URL('../soak-results/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const report of reports) {
  print(report);
  const name = `${report.runtime.replace(' ', '-')}.svg`;
  await writeFile(new URL(name, folder), picture(report.runtime, report.samples));
  console.log(`  soak-results/${name}`);
}
