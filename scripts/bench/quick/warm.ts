// The rows of the quick benchmark that one process measures, on the runtime that runs this file.
// quick.ts starts it, and writes its task, as JSON, to its standard input.
import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/index.ts';
import { reportLabel } from '../../child-report.ts';
import { quantile } from '../alternate.ts';
import { admittedPlugins, fixtureBytes, variant } from '../peers/admitted.ts';
import { exchangeCases } from '../peers/exchanges.ts';
import { extismHosts } from '../peers/extism.ts';
import { floorHost } from '../peers/floor.ts';
import type { Host, OpenPlugin, Task as Run } from '../peers/host.ts';
import { oursFrom } from '../peers/ours.ts';

interface Task {
  /** The package to measure. */
  readonly entry: string;
  /** Modules of peers/plugins, in base64. */
  readonly modules: Readonly<Record<'floor' | 'empty', string>>;
}

/** Milliseconds of a row, ours and the peer's. */
export type Times = readonly [ours: number, peer: number];

/**
 * How often: the rounds that are measured, those before, and the runs that a round times together.
 * Fixed numbers, so that each process has the engine compile the same.
 */
interface Effort {
  readonly rounds: number;
  readonly warmUp: number;
  readonly batch: number;
}

const EMPTY_CALL = 'empty call, beyond the export alone';

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

// The process that started this one wrote it.
const { entry, modules } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const rows: Record<string, Times> = {};
const [extism] = (await extismHosts()).filter(({ name }) => name === 'extism-2');
// The cast: the module at that address is the root entry.
const library = (await import(entry)) as typeof Library;
const [ours, , unmetered] = oursFrom(library);
const floor = floorHost(new WebAssembly.Module(bytesOf(modules.floor)));

async function batchMs(run: Run, batch: number): Promise<number> {
  const start = performance.now();
  for (let count = 0; count < batch; count++) {
    const made = run();
    if (made instanceof Promise) await made;
  }
  return (performance.now() - start) / batch;
}

async function measure(name: string, runs: readonly Run[], { rounds, warmUp, batch }: Effort): Promise<void> {
  const times: number[][] = runs.map(() => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const ms = await batchMs(run, batch);
      if (round >= 0) times[index]?.push(ms);
    }
  }
  // A round in which another process had the processor says nothing of this one.
  const [ourMs = Number.NaN, peerMs = Number.NaN] = times.map((all) => quantile(all, 0.25));
  rows[name] = [ourMs, peerMs];
}

async function measureCalls(
  name: string,
  peer: Host | undefined,
  wasm: Uint8Array<ArrayBuffer>,
  task: (plugin: OpenPlugin) => Run,
  effort: Effort,
): Promise<void> {
  const runs: Run[] = [];
  for (const host of [ours, peer]) if (host !== undefined) runs.push(task(await host.open(wasm)));
  await measure(name, runs, effort);
}

/** @param cold whether the bytes are others each time. */
async function measureAdmission(
  name: string,
  peer: Host | undefined,
  wasm: Uint8Array<ArrayBuffer>,
  cold: boolean,
  effort: Effort,
): Promise<void> {
  let number = 0;
  const runs = [ours, peer].flatMap((host) => {
    const admit = host?.admit;
    return admit === undefined ? [] : [() => admit(cold ? variant(wasm, number++) : wasm)];
  });
  await measure(name, runs, effort);
}

const exchange = (start: string) => {
  const found = exchangeCases(library).find(({ name }) => name === start);
  if (found === undefined) throw new Error(`there is no request ${start}`);
  return found;
};
const plugins = admittedPlugins();
const large = plugins.at(-1)?.wasm ?? new Uint8Array();
const [small, middle] = ['router/router', 'rust/router/router'].map(fixtureBytes);
if (small === undefined || middle === undefined) throw new Error('the plugins are missing');

await measureAdmission('cold admission, 26 KB', extism, small, true, { rounds: 15, warmUp: 15, batch: 1 });
await measureAdmission('cold admission, 146 KB', extism, middle, true, { rounds: 11, warmUp: 5, batch: 1 });
await measureAdmission('cold admission, 2.2 MB', extism, large, true, { rounds: 3, warmUp: 1, batch: 1 });
await measureAdmission('admission again, 26 KB', unmetered, small, false, { rounds: 15, warmUp: 15, batch: 1 });
await measureAdmission('admission again, 146 KB', unmetered, middle, false, { rounds: 11, warmUp: 5, batch: 1 });
const filter = exchange('filter, 10 candidates');
await measureCalls('dispatch of filter, 10 candidates', floor, small, (plugin) => plugin.dispatchTask(filter), {
  rounds: 15,
  warmUp: 30,
  batch: 20,
});
const shape = exchange('shape, 64 KB');
await measureCalls(
  'dispatch of shape, 64 KB',
  extism,
  fixtureBytes('dialect/dialect'),
  (plugin) => plugin.dispatchTask(shape),
  { rounds: 15, warmUp: 30, batch: 1 },
);
await measureCalls(EMPTY_CALL, floor, bytesOf(modules.empty), (plugin) => plugin.callTask('run', ''), {
  rounds: 15,
  warmUp: 15,
  batch: 5000,
});
// Of a call without work, what matters is what it costs beyond the export.
const [whole, exported] = rows[EMPTY_CALL] ?? [Number.NaN, Number.NaN];
rows[EMPTY_CALL] = [whole - exported, Number.NaN];
console.log(reportLabel + JSON.stringify({ rows }));
