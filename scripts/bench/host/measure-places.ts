// Measures calls of a plugin on this thread, in a worker and in a process, for `host.ts`.
import { readFileSync } from 'node:fs';
import type * as Host from '../../../src/host/index.ts';
import type * as Wire from '../../../src/protocol/messages/index.ts';
import { reportLabel } from '../../child-report.ts';
import { median } from '../alternate.ts';
import { base64, headers } from '../samples.ts';
import { type Place, type PlacesReport, type PlacesTask, places, sizes } from './places.ts';

// The cast: the parent writes a task.
const task = JSON.parse(readFileSync(0, 'utf8')) as PlacesTask;
const library: typeof Host = await import(task.host);
const { shape }: typeof Wire.wire.v1 = ((await import(task.wire)) as typeof Wire).wire.v1;
const dialect = readFileSync(new URL('../../../fixtures/dialect/dialect.wasm', import.meta.url));

const infinite = Number.POSITIVE_INFINITY;
const options = {
  handshake: { wallMs: infinite },
  selfCheck: { wallMs: infinite },
  // The largest request takes the plugin more memory than the default.
  calls: { memoryMaxPages: infinite },
};
const key = { name: 'dialect' };
const hosts = {
  direct: library.PluginHost.direct(options),
  worker: library.hostInWorkers({ ...options, workers: 1 }),
  process: library.hostInProcesses({ ...options, processes: 1, spareProcesses: 0 }),
};

/** A request that is about as long as text. */
function requestOf(bytes: number) {
  const request = (body_base64: string) => {
    const { request: plain, ...others } = shape.dryRunRequest();
    return { ...others, request: { ...plain, headers: headers.slice(0, 1), body_base64 } };
  };
  const rest = JSON.stringify(request('')).length;
  return request(base64(Math.max(0, Math.floor((bytes - rest) / 4) * 4)));
}

async function callIn(place: Place, request: ReturnType<typeof requestOf>): Promise<void> {
  const outcome = await hosts[place].dispatch(key, shape, request);
  if (outcome.kind !== 'ok') throw outcome.error;
}

/** The times of calls one after the other, in microseconds. */
async function turn(place: Place, request: ReturnType<typeof requestOf>, turnMs: number): Promise<number[]> {
  const times: number[] = [];
  const endsAt = performance.now() + turnMs;
  for (let now = performance.now(); now < endsAt; ) {
    await callIn(place, request);
    const after = performance.now();
    times.push((after - now) * 1e3);
    now = after;
  }
  return times;
}

for (const place of places) await hosts[place].register(key, dialect);
const medians: Record<string, Record<Place, number>> = {};
for (const [title, bytes] of sizes) {
  const request = requestOf(bytes);
  const times: Record<Place, number[]> = { direct: [], worker: [], process: [] };
  for (const place of places) await turn(place, request, task.turnMs);
  for (let round = 0; round < task.rounds; round++) {
    for (let at = 0; at < places.length; at++) {
      const place = places[(round + at) % places.length] ?? 'direct';
      times[place].push(median(await turn(place, request, task.turnMs)));
    }
  }
  medians[title] = { direct: median(times.direct), worker: median(times.worker), process: median(times.process) };
}
for (const place of places) await hosts[place].close();
const report: PlacesReport = { medians };
console.log(`${reportLabel}${JSON.stringify(report)}`);
