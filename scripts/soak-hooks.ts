// Calls hook plugins a million times on each runtime, and checks every answer:
//   npm run soak:hooks
//   npm run soak:hooks -- --runtime node,bun --calls 50000
// --calls: how many; --runtime: some of node20, node, deno, bun; --write: replaces the table in
// docs/BENCHMARKS.md. Samples heap, resident memory and address space a hundred times, after a
// collection of garbage, and prints them. Draws soak-results/hooks-RUNTIME.svg. The exit code is 1
// if a call failed or answered differently from the first one, or if a straight line through the
// samples after the first tenth rises by more than the bound below.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { replaceGenerated } from './bench/peers/generated-part.ts';
import { markdownTable } from './bench/peers/report.ts';
import { chosen, machine, startOnEach } from './bench/start-on-runtime.ts';
import { table } from './bench/table.ts';
import { runtimeNames } from './runtimes.mjs';
import { growthOf, type HookSample, SAMPLES, type SampledQuantity, sampledQuantities } from './soak/hook-samples.ts';
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
  /** Calls that failed, or answered differently from the first one; the first few are described. */
  readonly faultCount: number;
  readonly faults: readonly string[];
}

const shown = (quantity: SampledQuantity, value: number | undefined): string =>
  value === undefined ? 'unknown' : amount(quantity, value);

/**
 * Prints a report, and sets the exit code if something is wrong.
 *
 * @returns a row of the table in docs/BENCHMARKS.md.
 */
function print({ runtime, samples, isSettled, faultCount, faults }: HookSoakReport & { runtime: string }): string[] {
  const rows = samples.map((sample) => [
    sample.calls.toLocaleString('en'),
    ...sampledQuantities.map((quantity) => shown(quantity, sample[quantity])),
  ]);
  console.log(`${table([`${runtime}: calls`, ...sampledQuantities], rows)}\n`);
  if (!isSettled) console.log('  this engine collects garbage only when it chooses to: the samples include garbage');
  const cells = sampledQuantities.map((quantity) => {
    const growth = growthOf(samples, quantity);
    if (growth === undefined) return 'unknown on this system';
    const { perCall, total, bound, first, last, grows } = growth;
    const found = `${shown(quantity, first)} → ${shown(quantity, last)}, ${perCall.toFixed(2)} B a call`;
    const judged = `${amount(quantity, total)} in all, at most ${amount(quantity, bound)}`;
    console.log(`  ${quantity}: ${found} (${judged})${grows ? ': it grows' : ''}`);
    if (grows) process.exitCode = 1;
    return grows ? `${found} **grows**` : found;
  });
  for (const fault of faults) console.log(`  ${fault}`);
  console.log(`  ${faultCount} calls failed or answered differently\n`);
  if (faultCount > 0) process.exitCode = 1;
  return [runtime, (samples.at(-1)?.calls ?? 0).toLocaleString('en'), ...cells];
}

const calls = Number(options.calls);
if (!(Number.isSafeInteger(calls) && calls >= SAMPLES)) throw new Error(`--calls must be at least ${SAMPLES}`);
const reports = await startOnEach<HookSoakReport>(
  chosen('runtime', options.runtime, runtimeNames),
  'scripts/soak/hooks.ts',
  { calls },
);
const folder = new URL('../soak-results/', import.meta.url);
await mkdir(folder, { recursive: true });
const rows: string[][] = [];
for (const report of reports) {
  rows.push(print(report));
  const name = `hooks-${report.runtime.replace(' ', '-')}.svg`;
  await writeFile(new URL(name, folder), picture(`${report.runtime}, hooks`, report.samples));
  console.log(`  soak-results/${name}\n`);
}
if (options.write) {
  const page = new URL('../docs/BENCHMARKS.md', import.meta.url);
  const text = [`On ${machine}.`, markdownTable(['', 'calls', ...sampledQuantities], rows)].join('\n\n');
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), 'hooks-soak', text));
}
