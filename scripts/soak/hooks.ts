// Started by scripts/soak-hooks.ts on a runtime, with its task on standard input; the last line it
// prints is the report.
import { readFileSync } from 'node:fs';
import { reportLabel } from '../child-report.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { HookSoak } from './hook-mix.ts';
import { type HookSample, SAMPLES } from './hook-samples.ts';
import { measure, virtualPeak } from './measure.ts';

// The process that started this one wrote it.
const { calls } = JSON.parse(readFileSync(0, 'utf8')) as { readonly calls: number };
const soak = new HookSoak();
const start = performance.now();
const samples: HookSample[] = [];
let isSettled = true;
for (let sample = 0; sample <= SAMPLES; sample++) {
  const until = Math.round((calls * sample) / SAMPLES);
  while (soak.calls < until) soak.call();
  isSettled = (await collectGarbage()) && isSettled;
  samples.push({ calls: soak.calls, ...measure((performance.now() - start) / 1000) });
}
const { faultCount, faults } = soak;
console.log(reportLabel + JSON.stringify({ samples, isSettled, virtualPeak: virtualPeak(), faultCount, faults }));
