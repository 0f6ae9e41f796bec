// Compares this package, as npm installs it, and its peers on the same plugins and inputs, on every
// runtime of this machine in turn:
//   npm run bench
//   npm run bench -- --runtime node,bun --only kernel,dispatch --rounds 31 --json FILE
//   npm run bench -- --quick --against HEAD~1
// --runtime: some of node20, node, deno, bun; --only: some of the parts below; --against: a
// revision that is measured as well; --rounds: how often each host is measured; --budget:
// milliseconds after which no further round of a row begins, and those of a turn in the parts of
// hooks and places; --json: a file that all numbers are written to, except those of start,
// hooks and places; --write: replaces
// the tables in docs/BENCHMARKS.md; --quick: measures what a user meets first, in less than two
// minutes; --runs: how often the quick table is measured, to see how far the runs are apart. A run
// of all parts on all runtimes also writes scripts/bench/results/latest.json and the pictures
// beside it. Times depend on the machine and its load: compare ratios only. They never set the exit
// code.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runtimeNames } from '../../runtimes.mjs';
import { hookParts, runHooks, runInstances } from '../hooks/hooks.ts';
import { placesPart, runPlaces } from '../host/host.ts';
import { runQuick } from '../quick/quick.ts';
import { runStart, startPart } from '../start/start.ts';
import { chosen, machine } from '../start-on-runtime.ts';
import { stored } from '../stored.ts';
import { table } from '../table.ts';
import { peers, type Version, versionsOf } from '../versions.ts';
import { replaceGenerated } from './generated-part.ts';
import { compared, measureRuntime } from './measure-runtime.ts';
import { assembleModules } from './modules.ts';
import { runReference } from './reference.ts';
import { benchmarksText, drawPictures, duration } from './report.ts';
import type { BenchRun, FoundTarget, MeasuredRuntime } from './results.ts';
import { besides, runtimeTargets } from './targets.ts';
import type { Result } from './workloads.ts';

const hostParts = [...compared, 'reference', 'many', 'metering', 'codec'];
const allParts = [...hostParts, startPart, ...hookParts, placesPart];
const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    only: { type: 'string', default: allParts.join() },
    against: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    budget: { type: 'string', default: '200' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1' },
  },
});

const folder = new URL('../results/', import.meta.url);
const page = new URL('../../../docs/BENCHMARKS.md', import.meta.url);
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'));

const runtimes = chosen('runtime', options.runtime, runtimeNames);
const parts = chosen('only', options.only, allParts);
const effort = { rounds: Number(options.rounds), budgetMs: Number(options.budget) };
const { against } = options;

if (options.quick) {
  console.log(`${machine}\n`);
  await runQuick({ runtimes, against, runs: Number(options.runs) });
} else {
  console.log(`${machine}\n`);
  const versions = await versionsOf(against);
  if (parts.some((part) => hostParts.includes(part))) await runAll(versions);
  const task = { runtimes, rounds: effort.rounds, turnMs: effort.budgetMs, write: options.write };
  if (parts.includes('hooks'))
    await runHooks(
      versions.filter((version) => version !== undefined),
      task,
    );
  if (parts.includes('hooks-instances')) await runInstances(task);
  if (parts.includes(startPart)) await runStart(versions[0], task);
  if (parts.includes(placesPart)) await runPlaces(versions[0], task);
}

async function runAll([now, before]: readonly [now: Version, before?: Version]): Promise<void> {
  const modules = await assembleModules();
  const peerVersions = await namesOfPeers();
  console.log(`${peerVersions.join(', ')}\n`);
  const plugins = { blocks: fromBase64(modules.blocks), empty: fromBase64(modules.empty) };
  const reference = parts.includes('reference') ? ((await runReference(parts, plugins, effort)) ?? []) : [];
  if (reference.length > 0) peerVersions.push('cc-lb-runtime-protocol 0.1.0 on Extism 1.41.0 and Wasmtime 49');
  printReference(reference);
  const measured: MeasuredRuntime[] = [];
  for (const name of runtimes) {
    const task = { parts, modules, ...effort };
    const found = await measureRuntime(name, now, task);
    const earlier = before === undefined ? undefined : await measureRuntime(name, before, task);
    if (found === undefined) continue;
    const targetsBefore = earlier === undefined ? [] : runtimeTargets({ ...earlier, reference });
    measured.push({ ...found, targets: besides(runtimeTargets({ ...found, reference }), targetsBefore) });
  }
  for (const { runtime, targets } of measured) printTargets(runtime, targets);
  const titles = { reference: 'reference, in Rust', ...measured[0]?.titles };
  await store({
    machine,
    versions: peerVersions,
    against,
    ...effort,
    titles,
    runtimes: measured,
    reference,
  });
}

/** The peers, by name and version. */
async function namesOfPeers(): Promise<string[]> {
  const found: string[] = [];
  for (const peer of peers) {
    const text = await readFile(new URL(`../../../node_modules/${peer}/package.json`, import.meta.url), 'utf8');
    const { name, version } = JSON.parse(text);
    found.push(`${name} ${version}`);
  }
  return found;
}

function printReference(results: readonly Result[]): void {
  if (results.length === 0) return;
  const rows = results.map(({ workload, name, timings: [timing], cannot: [refusal] }) => [
    `${workload}: ${name}`,
    timing === undefined ? `cannot: ${refusal?.reason}` : duration(timing.microseconds),
  ]);
  console.log(`${table(['reference in Rust', 'time'], rows)}\n`);
}

function printTargets(title: string, targets: readonly FoundTarget[]): void {
  if (targets.length === 0) return;
  const rows = targets.map(({ what, target, before, shown, met }) => {
    return [what, target ?? '', before ?? '', shown, target === undefined ? '' : met ? 'met' : 'MISSED'];
  });
  console.log(`${table([title, 'aim', against ?? '', 'now', ''], rows)}\n`);
}

async function store(exact: BenchRun): Promise<void> {
  const { text: numbers, value: run } = stored(exact);
  if (options.json !== undefined) await writeFile(options.json, numbers);
  const newest = run.runtimes.find(({ name }) => name === 'node') ?? run.runtimes[0];
  const drawn = newest === undefined ? {} : drawPictures(newest, run.reference, run.titles);
  const isWhole = hostParts.every((part) => parts.includes(part)) && runtimes.length === runtimeNames.length;
  if (isWhole) {
    await writeFile(new URL('latest.json', folder), numbers);
    for (const [file, svg] of Object.entries(drawn)) await writeFile(new URL(file, folder), svg);
  }
  if (!options.write) return;
  const text = benchmarksText(run, Object.keys(drawn));
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), 'bench', text));
}
