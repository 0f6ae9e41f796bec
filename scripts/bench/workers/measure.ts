// What a worker costs for each call beside the same call on this thread, on the runtime that runs
// this file. The last line that it prints is the report. Started by workers.ts.

import { shapeHook } from '../../../src/hooks/index.ts';
import { shapeSample } from '../../../src/hooks/samples.ts';
import { hostInWorkers, PluginHost } from '../../../src/host/index.ts';
import { fixture } from '../../../test/support/fixture.ts';
import { unhurried } from '../../../test/support/layers.ts';
import { reportLabel } from '../../report-label.ts';
import { quantile } from '../alternate.ts';
import { SIZES, type WorkerTimes } from './times.ts';

const WARM_UP = 300;
const ROUNDS = 600;
/** Rounds of a size whose body is a megabyte. */
const ROUNDS_LARGE = 60;

const options = { ...unhurried, hooks: { probe: { wallMs: Number.POSITIVE_INFINITY } } };
const direct = PluginHost.direct(options);
const workers = hostInWorkers({ ...options, workers: 1 });
const key = { name: 'shape' };
const plugin = await fixture('hooks/shape-active/shape-active.wasm');
for (const host of [direct, workers]) await host.register(key, plugin);

async function microseconds(run: () => Promise<{ readonly kind: string }>): Promise<number> {
  const start = performance.now();
  const { kind } = await run();
  const end = performance.now();
  if (kind !== 'ok') throw new Error('a call failed');
  return (end - start) * 1_000;
}

const rows: WorkerTimes[] = [];
for (const bytes of SIZES) {
  // The answer has the body of the request: request and answer together have this size.
  const request = { ...shapeSample(), body: new Uint8Array(bytes / 2).fill(65) };
  const times = { direct: [] as number[], workers: [] as number[] };
  const rounds = bytes > 100_000 ? ROUNDS_LARGE : ROUNDS;
  for (let round = -WARM_UP; round < rounds; round++) {
    const directMicroseconds = await microseconds(() => direct.dispatch(key, shapeHook, request));
    const workerMicroseconds = await microseconds(() => workers.dispatch(key, shapeHook, request));
    if (round < 0) continue;
    times.direct.push(directMicroseconds);
    times.workers.push(workerMicroseconds);
  }
  const differences = times.workers.map((time, round) => time - (times.direct[round] ?? Number.NaN));
  rows.push({
    bytes,
    direct: quantile(times.direct, 0.5),
    worker: quantile(times.workers, 0.5),
    beyond: quantile(differences, 0.5),
  });
}
await workers.close();
console.log(reportLabel + JSON.stringify({ rows }));
