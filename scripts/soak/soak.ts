// Started by scripts/soak.mjs on a runtime, with its task on standard input; the last line it prints is the report.
import { measure, type Sample } from './measure.ts';
import { Soak, type SoakTask } from './mix.ts';

async function readTask(): Promise<SoakTask> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  // Written by scripts/soak.mjs.
  return JSON.parse(text) as SoakTask;
}

const task = await readTask();
const since = performance.now();
const samples: Sample[] = [];
/** Seconds between two samples: about 300 in all. */
const every = Math.max(0.1, Math.min((task.minutes * 60) / 300, 5));
const counts = await new Soak(task).run(() => {
  const last = samples.at(-1)?.seconds ?? Number.NEGATIVE_INFINITY;
  if ((performance.now() - since) / 1000 - last >= every) samples.push(measure(since));
});
samples.push(measure(since));
console.log(`report: ${JSON.stringify({ counts, samples })}`);
