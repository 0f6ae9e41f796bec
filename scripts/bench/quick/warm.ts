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

/** One call, again and again, of a plugin that each host opens. */
async function calls(hosts: readonly Host[], wasm: Uint8Array<ArrayBuffer>, task: (plugin: OpenPlugin) => Run) {
  const runs: Run[] = [];
  for (const host of hosts) runs.push(task(await host.open(wasm)));
  return runs;
}

let number = 0;
/** @param cold whether the bytes are others each time. */
const admissions = (hosts: readonly Host[], wasm: Uint8Array<ArrayBuffer>, cold: boolean): Run[] =>
  hosts.map((host) => () => host.admit?.(cold ? variant(wasm, number++) : wasm));

const requests = exchangeCases(library);
const dispatchOf = (name: string) => (plugin: OpenPlugin) => {
  const found = requests.find((request) => request.name === name);
  if (found === undefined) throw new Error(`there is no request ${name}`);
  return plugin.dispatchTask(found);
};
const [small, middle, dialect] = ['router/router', 'rust/router/router', 'dialect/dialect'].map(fixtureBytes);
const large = admittedPlugins().at(-1)?.wasm;
if (!(ours && unmetered && extism && small && middle && dialect && large)) throw new Error('something is missing');
const [beside, own, bare] = [
  [ours, extism],
  [ours, unmetered],
  [ours, floor],
];

await measure('cold admission, 26 KB', admissions(beside, small, true), { rounds: 15, warmUp: 15, batch: 1 });
await measure('cold admission, 146 KB', admissions(beside, middle, true), { rounds: 11, warmUp: 5, batch: 1 });
await measure('cold admission, 2.2 MB', admissions(beside, large, true), { rounds: 3, warmUp: 1, batch: 1 });
await measure('admission again, 26 KB', admissions(own, small, false), { rounds: 25, warmUp: 15, batch: 1 });
await measure('admission again, 146 KB', admissions(own, middle, false), { rounds: 25, warmUp: 5, batch: 1 });
// Few runs at a time: another process seldom comes between.
await measure('dispatch of filter, 10 candidates', await calls(bare, small, dispatchOf('filter, 10 candidates')), {
  rounds: 200,
  warmUp: 300,
  batch: 2,
});
await measure('dispatch of shape, 64 KB', await calls(beside, dialect, dispatchOf('shape, 64 KB')), {
  rounds: 15,
  warmUp: 30,
  batch: 1,
});
const empty = await calls(bare, bytesOf(modules.empty), (plugin) => plugin.callTask('run', ''));
await measure(EMPTY_CALL, empty, { rounds: 100, warmUp: 100, batch: 500 });
// Of a call without work, what matters is what it costs beyond the export.
const [whole, exported] = rows[EMPTY_CALL] ?? [Number.NaN, Number.NaN];
rows[EMPTY_CALL] = [whole - exported, Number.NaN];
console.log(reportLabel + JSON.stringify({ rows }));
