import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { timer } from '../../src/host/timer.ts';

const timers = suite('a timer');

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

timers('calls after its time, unless it was stopped', async () => {
  const called: string[] = [];
  timer(1, () => called.push('waited'));
  timer(1, () => called.push('stopped'))();
  await pause(50);
  assert.equal(called, ['waited']);
});

timers('never calls after more than engines can wait, where they would call at once', async () => {
  const called: number[] = [];
  const stops = [2 ** 31, Number.POSITIVE_INFINITY].map((ms) => timer(ms, () => called.push(ms)));
  await pause(50);
  assert.equal(called, []);
  for (const stop of stops) stop();
});

timers.run();
