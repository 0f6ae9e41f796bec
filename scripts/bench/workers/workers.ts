// Measures what a worker costs for each call beside the same call on the thread of the host: node
// --import ./scripts/typescript.mjs scripts/bench/workers/workers.ts --runtime: some of node20,
// node, deno, bun, and chromium, whose page is isolated. Prints medians in microseconds. Both kinds
// of calls alternate in one process.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium } from '../../../test/support/chromium.ts';
import { reportLabel } from '../../child-report.ts';
import { runtimeNames } from '../../runtimes.mjs';
import { runInIsolatedPage } from '../../test/browser.ts';
import { chosen, machine, startOnEach } from '../start-on-runtime.ts';
import { table } from '../table.ts';
import type { WorkerTimes } from './times.ts';

interface Report {
  readonly rows: readonly WorkerTimes[];
}

const MEASURE = 'scripts/bench/workers/measure.ts';
const known = [...runtimeNames, 'chromium'];
const { values: options } = parseArgs({ options: { runtime: { type: 'string', default: known.join() } } });
const names = chosen('runtime', options.runtime, known);

const reports: (Report & { readonly runtime: string })[] = await startOnEach<Report>(
  names.filter((name) => name !== 'chromium'),
  MEASURE,
  {},
);
const chromium = names.includes('chromium') ? findChromium() : undefined;
if (chromium !== undefined) {
  const script = fileURLToPath(new URL(`../../../${MEASURE}`, import.meta.url));
  const line = await runInIsolatedPage(chromium.command, script, reportLabel);
  reports.push({ ...JSON.parse(line), runtime: chromium.title });
}
console.log(machine);
const microseconds = (time: number): string => time.toFixed(0);
const rows = reports.flatMap(({ runtime, rows: times }) =>
  times.map(({ bytes, direct, worker, beyond }) => [
    runtime,
    String(bytes),
    ...[direct, worker, beyond].map(microseconds),
  ]),
);
console.log(table(['', 'bytes', 'direct', 'worker', 'beyond'], rows));
