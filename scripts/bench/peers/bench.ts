// Compares this package and its peers on the same plugins and inputs, on every runtime of this
// machine in turn:
//   npm run bench
//   npm run bench -- --runtime node,bun --only kernel,dispatch --rounds 31 --json FILE
// --runtime: some of node20, node, deno, bun; --only: some of the parts below; --rounds: how often
// each host is measured; --budget: milliseconds after which no further round of a row begins;
// --json: a file that all numbers are written to; --write: replaces the tables in
// docs/BENCHMARKS.md; --quick: in less than two minutes, only what a user meets first; --against: a
// revision that the quick table is compared with; --runs: how often the quick table is measured, to
// see how far the runs are apart. A run of all parts on all runtimes also writes
// scripts/bench/results/latest.json and the pictures beside it. Times depend on the machine and its
// load: compare ratios only. They never set the exit code.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findRuntime, type Runtime, runtimeNames } from '../../runtimes.mjs';
import { median } from '../alternate.ts';
import { runQuick } from '../quick/quick.ts';
import { starter } from '../quick/starts.ts';
import { chosen, machine, reportOf, startOnEach } from '../start-on-runtime.ts';
import { table } from '../table.ts';
import { OURS, peers, workingCopy } from '../versions.ts';
import { type BundleSize, bundleSizes } from './bundles.ts';
import { replaceGenerated } from './generated-part.ts';
import { assembleModules } from './modules.ts';
import { runReference } from './reference.ts';
import { benchmarksText, drawPictures, duration } from './report.ts';
import type { BenchRun, ManyPlugins, MeasuredRuntime, StartUp } from './results.ts';
import { runtimeTargets, sizeTargets } from './targets.ts';
import type { Result } from './workloads.ts';

const compared = ['kernel', 'dispatch', 'admission'];
const allParts = [...compared, 'reference', 'many', 'start', 'size'];
const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: runtimeNames.join() },
    only: { type: 'string', default: allParts.join() },
    rounds: { type: 'string', default: '15' },
    budget: { type: 'string', default: '200' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    against: { type: 'string' },
    runs: { type: 'string', default: '1' },
  },
});

const COUNTS = [1, 10, 100, 1_000];
const START_UPS = 9;
const folder = new URL('../results/', import.meta.url);
const page = new URL('../../../docs/BENCHMARKS.md', import.meta.url);
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'));
const kilobytes = (bytes: number): string => (bytes / 1e3).toFixed(1);

const runtimes = chosen('runtime', options.runtime, runtimeNames);
if (options.quick) {
  console.log(`${machine}\n`);
  await runQuick({ runtimes, against: options.against, runs: Number(options.runs) });
  process.exit();
}
const parts = chosen('only', options.only, allParts);
const effort = { rounds: Number(options.rounds), budgetMs: Number(options.budget) };
const version = await workingCopy();
const modules = await assembleModules();
const versions = await peerVersions();

console.log(`${machine}\n${versions.join(', ')}\n`);
const bundles = parts.includes('size') ? await measureSizes() : [];
const sizes = sizeTargets(bundles);
const reference = parts.includes('reference') ? await measureReference() : [];
const measured = await measureRuntimes();
printTargets();
await store();

/** The peers, by name and version. Prints those that are not installed. */
async function peerVersions(): Promise<string[]> {
  const found: string[] = [];
  for (const name of ['extism-1', 'extism-2']) {
    const manifest = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    const text = await readFile(manifest, 'utf8').catch(() => undefined);
    if (text === undefined) console.log(`skipped: ${name}: not installed`);
    else found.push(`${JSON.parse(text).name} ${JSON.parse(text).version}`);
  }
  return found;
}

async function measureReference(): Promise<Result[]> {
  const plugins = { blocks: fromBase64(modules.blocks), empty: fromBase64(modules.empty) };
  const results = (await runReference(parts, plugins, effort)) ?? [];
  if (results.length === 0) return results;
  versions.push('cc-lb-runtime-protocol 0.1.0 on Extism 1.41.0 and Wasmtime 49');
  const rows = results.map(({ workload, name, timings: [timing], cannot: [refusal] }) => [
    `${workload}: ${name}`,
    timing === undefined ? `cannot: ${refusal?.reason}` : duration(timing.microseconds),
  ]);
  console.log(`${table(['reference in Rust', 'time'], rows)}\n`);
  return results;
}

/** Measures each runtime. */
async function measureRuntimes(): Promise<MeasuredRuntime[]> {
  const all: MeasuredRuntime[] = [];
  for (const name of runtimes) {
    const found = findRuntime(name);
    const task = {
      parts: parts.filter((part) => compared.includes(part)),
      entry: version.entry(OURS),
      modules,
      ...effort,
    };
    const [report] = await startOnEach<Pick<MeasuredRuntime, 'titles' | 'results'>>(
      [name],
      'scripts/bench/peers/run.ts',
      task,
    );
    if (found === undefined || report === undefined) continue;
    const many = parts.includes('many') ? await measureMany(found, report.titles) : [];
    const startUp = parts.includes('start') ? await measureStart(found) : [];
    const targets = runtimeTargets({ name, results: report.results, many, reference });
    all.push({ name, ...report, many, startUp, targets });
  }
  return all;
}

/** Measures many plugins at once, each host in a process of its own. */
async function measureMany(found: Runtime, titles: BenchRun['titles']): Promise<ManyPlugins[]> {
  const all: ManyPlugins[] = [];
  for (const host of Object.keys(titles).filter(
    (name) => !['plain-kernel', 'memcpy', 'ours-unmetered', 'instance'].includes(name),
  )) {
    const task = { host, entry: version.entry(OURS), counts: COUNTS, floor: modules.floor };
    const { report, text, code } = await reportOf<ManyPlugins>(found, 'scripts/bench/peers/many.ts', task);
    if (report === undefined) console.log(`  ${host} cannot load ${COUNTS.at(-1)} plugins: exit code ${code} ${text}`);
    else all.push(report);
  }
  const cell = ({ count, bytesEach, microsecondsEach }: ManyPlugins['results'][number], column: number): string => {
    const reached = count === COUNTS[column] ? '' : ` (at ${count})`;
    return `${kilobytes(bytesEach)} ${duration(microsecondsEach)}${reached}`;
  };
  const rows = all.map(({ host, results }) => [host, ...results.map(cell)]);
  console.log(`${table(['plugins at once: KB each, time each', ...COUNTS.map(String)], rows)}\n`);
  return all;
}

/** Measures the time from the import to the first dispatch. */
async function measureStart(found: Runtime): Promise<StartUp[]> {
  const { bytes, prepared, peer } = await starter(found, version);
  const ways = {
    ours: bytes,
    'ours, prepared': prepared,
    ...Object.fromEntries(peers.map((name) => [name, () => peer(name)])),
  };
  const rounds: StartUp[] = [];
  for (let turn = 0; turn < START_UPS; turn++) {
    for (const [host, start] of Object.entries(ways)) rounds.push({ host, ...(await start()) });
  }
  const all = Object.keys(ways).map((name): StartUp => {
    const own = rounds.filter(({ host }) => host === name);
    return { host: name, importMs: median(own.map(({ importMs }) => importMs)), ms: median(own.map(({ ms }) => ms)) };
  });
  const rows = all.map(({ host, importMs, ms }) => [host, importMs.toFixed(1), ms.toFixed(1)]);
  console.log(`${table(['start: ms', 'import', 'import to first dispatch'], rows)}\n`);
  return all;
}

async function measureSizes(): Promise<BundleSize[]> {
  const all = await bundleSizes();
  const rows = all.map(({ name, minifiedBytes, gzippedBytes }) => [
    name,
    kilobytes(minifiedBytes),
    kilobytes(gzippedBytes),
  ]);
  console.log(`${table(['entry: KB', 'minified', 'and gzipped'], rows)}\n`);
  return all;
}

function printTargets(): void {
  for (const { runtime, targets } of [...measured, { runtime: 'bundles', targets: sizes }]) {
    if (targets.length === 0) continue;
    const rows = targets.map(({ what, target, shown, met }) => [what, target, shown, met ? 'met' : 'MISSED']);
    console.log(`${table([runtime, 'target', 'found', ''], rows)}\n`);
  }
}

async function store(): Promise<void> {
  const titles = { reference: 'reference, in Rust', ...measured[0]?.titles };
  // Digits of measurements beyond the fourth are noise.
  const digits = (_: string, value: unknown): unknown =>
    typeof value !== 'number' || Number.isInteger(value) ? value : Number(value.toPrecision(4));
  const exact: BenchRun = { machine, versions, ...effort, titles, runtimes: measured, reference, bundles, sizes };
  const numbers = `${JSON.stringify(exact, digits, 2)}\n`;
  // The cast: it is the run, rounded. Tables and pictures are drawn from what is stored.
  const run = JSON.parse(numbers) as BenchRun;
  if (options.json !== undefined) await writeFile(options.json, numbers);
  const newest = run.runtimes.find(({ name }) => name === 'node') ?? run.runtimes[0];
  const drawn = newest === undefined ? {} : drawPictures(newest, run.reference, titles);
  const isWhole = parts.length === allParts.length && runtimes.length === runtimeNames.length;
  if (isWhole) {
    await writeFile(new URL('latest.json', folder), numbers);
    for (const [file, svg] of Object.entries(drawn)) await writeFile(new URL(file, folder), svg);
  }
  if (!options.write) return;
  const text = benchmarksText(run, Object.keys(drawn));
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), 'bench', text));
}
