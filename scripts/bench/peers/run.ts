// The parts of `npm run bench` that compare hosts in one process, on the runtime that runs this
// file. bench.ts starts it, and writes its task, as JSON, to its standard input. It prints a table,
// and last a line with all numbers as JSON.
import { readFileSync } from 'node:fs';
import type * as Library from '../../../src/index.ts';
import { reportLabel } from '../../child-report.ts';
import { table } from '../table.ts';
import { extismHosts } from './extism.ts';
import { floorHost } from './floor.ts';
import type { Effort } from './measure.ts';
import { oursFrom } from './ours.ts';
import { plainKernel } from './plain-kernel.ts';
import { parts, type Result } from './workloads.ts';

interface Task extends Effort {
  /** The package to measure. */
  readonly entry: string;
  readonly parts: readonly (keyof typeof parts)[];
  /** The modules of plugins/, in base64. */
  readonly modules: Readonly<Record<'floor' | 'blocks' | 'empty', string>>;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** What hosts could not do, by host and reason: a whole workload, or what of it. */
function refusals(all: readonly Result[]): Map<string, Set<string>> {
  const byReason = new Map<string, Set<string>>();
  for (const { workload, name, cannot } of all) {
    for (const { host, reason } of cannot) {
      const key = `${host} cannot, ${reason}`;
      const didOthers = all.some((other) => other.workload === workload && isTimed(other, host));
      const what = didOthers ? name : workload;
      byReason.set(key, (byReason.get(key) ?? new Set()).add(what));
    }
  }
  return byReason;
}

function isTimed({ timings }: Result, host: string): boolean {
  return timings.some((timing) => timing.host === host);
}

// The process that started this one wrote it.
const task = JSON.parse(readFileSync(0, 'utf8')) as Task;
const { modules, rounds, budgetMs } = task;
const floor = floorHost(new WebAssembly.Module(bytesOf(modules.floor)));
// The cast: the module at that address is the root entry.
const library = (await import(task.entry)) as typeof Library;
const ours = oursFrom(library);
const hosts = [...ours, ...(await extismHosts()), plainKernel, floor];
const results: Result[] = [];
const bench = {
  library,
  hosts,
  effort: { rounds, budgetMs },
  blocks: bytesOf(modules.blocks),
  empty: bytesOf(modules.empty),
  report: (result: Result) => void results.push(result),
};
for (const part of task.parts) await parts[part](bench);

const columns = [...hosts.map(({ name }) => name), 'memcpy'];
const [base] = ours;
const rows = results.map(({ workload, name, timings }) => [
  `${workload}: ${name}`,
  ...columns.map((column) => {
    const timing = timings.find(({ host }) => host === column);
    if (timing === undefined) return '-';
    const us = timing.microseconds.toPrecision(3);
    return column === base?.name ? Number(us).toString() : `${Number(us)} (${timing.ratio.toFixed(2)})`;
  }),
]);
if (rows.length > 0) console.log(`${table([`microseconds (times ${base?.name})`, ...columns], rows)}\n`);
for (const [reason, names] of refusals(results)) console.log(`  ${reason}: ${[...names].join('; ')}`);
const titles = Object.fromEntries([
  ...hosts.map(({ name, title }) => [name, title]),
  ['memcpy', 'memcpy of the bytes'],
]);
console.log(reportLabel + JSON.stringify({ titles, results }));
