// Started by scripts/soak.ts on a runtime, with its task on standard input; the last line it prints
// is the report.
import { collectGarbage } from '../collect-garbage.ts';
import { measure, type Sample } from './measure.ts';
import { Soak, type SoakTask } from './mix.ts';

async function readTask(): Promise<SoakTask> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  // Written by scripts/soak.ts.
  return JSON.parse(text) as SoakTask;
}

const task = await readTask();
const start = performance.now();
const seconds = () => (performance.now() - start) / 1000;
/** Measured while it runs, so they include garbage that the engine has not collected yet. */
const samples: Sample[] = [];
/**
 * Measured after collections of garbage: only these show whether something keeps growing.
 */
const settled: Sample[] = [];
/** Seconds between two samples: about 300 in all. */
const every = Math.max(0.1, Math.min((task.minutes * 60) / 300, 5));
/** A collection takes a tenth of a second, so the longer it has run, the rarer they are. */
const untilSettled = () => Math.max(0.5, seconds() / 20);
const since = (list: readonly Sample[]) => seconds() - (list.at(-1)?.seconds ?? Number.NEGATIVE_INFINITY);
const counts = await new Soak(task).run(async () => {
  if (since(samples) >= every) samples.push(measure(seconds()));
  if (since(settled) >= untilSettled() && (await collectGarbage())) settled.push(measure(seconds()));
});
samples.push(measure(seconds()));
if (await collectGarbage()) settled.push(measure(seconds()));
console.log(`report: ${JSON.stringify({ counts, samples, settled })}`);
