// The soak of worker threads in one process, on the runtime that runs this file. soak-workers.ts
// starts it, and writes its task, as JSON, to its standard input.
import { readFileSync } from 'node:fs';
import { hostInWorkers } from '../../src/host/index.ts';
import { fixture } from '../../test/support/fixture.ts';
import { unhurried } from '../../test/support/layers.ts';
import { reportLabel } from '../child-report.ts';
import { registerSoak, soakDispatches } from './dispatches.ts';

/** How many dispatches are under way at the same time. */
const AT_ONCE = 64;

// The process that started this one wrote it.
const { dispatches, workers } = JSON.parse(readFileSync(0, 'utf8')) as {
  readonly dispatches: number;
  readonly workers: number;
};
const hooks = { probe: { wallMs: Number.POSITIVE_INFINITY } };
const host = hostInWorkers({ ...unhurried, hooks, workers, callMs: 60_000 });
await registerSoak(host, {
  dialect: await fixture('dialect/dialect.wasm'),
  shape: await fixture('hooks/shape-active/shape-active.wasm'),
});
const startedAt = performance.now();
const counts = await soakDispatches(host, dispatches, AT_ONCE);
const seconds = (performance.now() - startedAt) / 1_000;
await host.close();
console.log(`${reportLabel}${JSON.stringify({ ...counts, seconds })}`);
