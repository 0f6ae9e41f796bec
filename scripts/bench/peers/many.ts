// Measures what plugins take that are loaded at the same time, in one host, on the runtime that
// runs this file. It has a process of its own, so that the memory is that of nothing else. bench.ts
// starts it with its task on the standard input. Its last line is all numbers as JSON.
import { readFileSync } from 'node:fs';
import { reportLabel } from '../../child-report.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { median } from '../alternate.ts';
import { fixtureBytes, variant } from './admitted.ts';
import { extismHosts } from './extism.ts';
import { floorHost } from './floor.ts';
import type { OpenPlugin } from './host.ts';
import { oursFrom } from './ours.ts';
import type { PluginsAtOnce } from './results.ts';

interface Task {
  /** The package to measure. */
  readonly entry: string;
  readonly host: string;
  readonly counts: readonly number[];
  readonly floor: string;
}

const PLUGIN = 'observer/observer';
/**
 * No more plugins are loaded after this many milliseconds: on some engines each one takes longer
 * than the one before.
 */
const LONGEST_MS = 60_000;
const EVENTS = '{"_v":1,"events":[]}';
/** Admissions that are timed beside the plugins that are loaded. */
const ADMISSIONS = 7;

/** Resident memory in bytes, after a collection. */
async function residentBytes(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().rss;
}

// The process that started this one wrote it.
const task = JSON.parse(readFileSync(0, 'utf8')) as Task;
const floor = floorHost(new WebAssembly.Module(Uint8Array.from(atob(task.floor), (char) => char.charCodeAt(0))));
const ours = oursFrom(await import(task.entry));
const hosts = [...ours, ...(await extismHosts()), floor];
const host = hosts.find(({ name }) => name === task.host);
if (host === undefined) throw new Error(`there is no host ${task.host} here`);

const wasm = fixtureBytes(PLUGIN);
const plugins: OpenPlugin[] = [];
let number = 0;
/** Loads a plugin as other bytes than any before, and calls it once. */
async function load(): Promise<OpenPlugin> {
  const plugin = await host?.open(variant(wasm, number++));
  if (plugin === undefined) throw new Error('there is no host');
  await plugin.callTask('observe', EVENTS)();
  return plugin;
}

/** Microseconds of a cold admission, the median. */
async function admissionMicroseconds(): Promise<number | undefined> {
  const { admit } = host ?? {};
  if (admit === undefined) return undefined;
  const times: number[] = [];
  for (let count = 0; count < ADMISSIONS; count++) {
    const bytes = variant(wasm, number++);
    const start = performance.now();
    await admit(bytes);
    times.push((performance.now() - start) * 1e3);
  }
  return median(times);
}

// What is loaded only once, such as compiled code of the host, does not count as a plugin's.
for (let count = 0; count < 20; count++) await load();
await admissionMicroseconds();
const before = await residentBytes();
const results: PluginsAtOnce[] = [];
const end = performance.now() + LONGEST_MS;
for (const count of task.counts) {
  const [had, start] = [plugins.length, performance.now()];
  while (plugins.length < count && performance.now() < end) plugins.push(await load());
  const ms = performance.now() - start;
  const [loaded, added] = [plugins.length, plugins.length - had];
  if (added === 0) break;
  const bytesEach = Math.max(0, (await residentBytes()) - before) / loaded;
  const admission = await admissionMicroseconds();
  results.push({ count: loaded, bytesEach, microsecondsEach: (ms * 1e3) / added, admission });
}
console.log(reportLabel + JSON.stringify({ host: task.host, results }));
