// Calls hook plugins a million times on each runtime, and checks every answer:
//   npm run soak:hooks
//   npm run soak:hooks -- --runtime node,bun --calls 50000
// --calls: how many; --runtime: some of node20, node, deno, bun; --write: replaces the table in
// docs/BENCHMARKS.md. Samples heap, resident memory and address space a hundred times, after a
// collection of garbage, and prints them. Draws soak-results/hooks-RUNTIME.svg. The exit code is 1
// if a call failed or answered differently from the first one, or if a straight line through the
// samples after the first tenth rises by more than the bound that is printed with it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { replaceGenerated } from './bench/peers/generated-part.ts';
import { chosen, machine, startOnEach } from './bench/start-on-runtime.ts';
import { table } from './bench/table.ts';
import { markdownTable } from './docs/markdown.ts';
import { runtimeNames } from './runtimes.mjs';
import { growthOf, type HookSample, SAMPLES, sampled } from './soak/hook-samples.ts';
import { amount, picture } from './soak/picture.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    calls: { type: 'string', default: '1000000' },
    write: { type: 'boolean', default: false },
  },
});

/** What scripts/soak/hooks.ts reports. */
interface HookSoakReport {
  readonly samples: readonly HookSample[];
  /** Whether garbage was collected before each sample. */
  readonly isSettled: boolean;
  /** The most address space at any time, in bytes; missing if the system does not report it. */
  readonly virtualPeak?: number;
  /** Calls that failed, or answered differently from the first one; the first few are described. */
  readonly faultCount: number;
  readonly faults: readonly string[];
}

type NamedReport = HookSoakReport & { readonly runtime: string };

const UNKNOWN = 'unknown on this system';
const labels = sampled.map(([, label]) => label);

function printSamples({ runtime, samples, isSettled }: NamedReport): void {
  const rows = samples.map((sample) => [
    sample.calls.toLocaleString('en'),
    ...sampled.map(([quantity]) => (sample[quantity] === undefined ? UNKNOWN : amount(quantity, sample[quantity]))),
  ]);
  console.log(`${table([`${runtime}: calls`, ...labels], rows)}\n`);
  const { calls, seconds } = lastOf(samples);
  console.log(`  ${calls.toLocaleString('en')} calls in ${seconds.toFixed(0)} s, with the collections`);
  if (!isSettled) console.log('  this engine collects garbage only when it chooses to: the samples include garbage');
}

/**
 * Prints how a run ended, and sets the exit code if something is wrong.
 *
 * @returns a row of the table in docs/BENCHMARKS.md.
 */
function judge({ runtime, samples, virtualPeak, faultCount, faults }: NamedReport): string[] {
  const cells = sampled.map(([quantity, label, bound]) => {
    const growth = growthOf(samples, quantity);
    if (growth === undefined) return UNKNOWN;
    const { perCall, total, first, last } = growth;
    const found = `${amount(quantity, first)} → ${amount(quantity, last)}, ${perCall.toFixed(2)} B a call`;
    const grows = !(total <= bound);
    const judged = `${amount(quantity, total)} in all, at most ${amount(quantity, bound)}`;
    console.log(`  ${label}: ${found} (${judged})${grows ? ': it grows' : ''}`);
    if (grows) process.exitCode = 1;
    return grows ? `${found} **grows**` : found;
  });
  const peak = virtualPeak === undefined ? UNKNOWN : amount('virtual', virtualPeak);
  console.log(`  address space at any time: at most ${peak}`);
  for (const fault of faults) console.log(`  ${fault}`);
  console.log(`  ${faultCount} calls failed or answered differently\n`);
  if (faultCount > 0) process.exitCode = 1;
  return [runtime, lastOf(samples).calls.toLocaleString('en'), ...cells, peak];
}

function lastOf(samples: readonly HookSample[]): HookSample {
  const last = samples.at(-1);
  if (last === undefined) throw new Error('there are no samples');
  return last;
}

const calls = Number(options.calls);
if (!(Number.isSafeInteger(calls) && calls >= SAMPLES)) throw new Error(`--calls must be at least ${SAMPLES}`);
const runtimes = chosen('runtime', options.runtime, runtimeNames);
const reports = await startOnEach<HookSoakReport>(runtimes, 'scripts/soak/hooks.ts', { calls });
const folder = new URL('../soak-results/', import.meta.url);
await mkdir(folder, { recursive: true });
const rows: string[][] = [];
for (const report of reports) {
  printSamples(report);
  rows.push(judge(report));
  const name = `hooks-${report.runtime.replace(' ', '-')}.svg`;
  await writeFile(new URL(name, folder), picture(`${report.runtime}, hooks`, report.samples));
  console.log(`  soak-results/${name}\n`);
}
if (options.write) {
  const page = new URL('../docs/BENCHMARKS.md', import.meta.url);
  const head = ['', 'calls', ...labels, 'address space at any time'];
  const text = [`On ${machine}.`, markdownTable(head, rows)].join('\n\n');
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), 'hooks-soak', text));
}
