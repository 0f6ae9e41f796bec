// `npm run soak:hooks`: how it judges samples, and a short run of its calls.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HookSoak } from '../../scripts/soak/hook-mix.ts';
import { growthOf, type HookSample, sampled, slope } from '../../scripts/soak/hook-samples.ts';

const soak = suite('npm run soak:hooks');

/** How a run grows. @param resident bytes at a sample, by its number from 0 to 100. */
function residentGrowth(resident: (sample: number) => number) {
  const samples = Array.from({ length: 101 }, (_, sample): HookSample => {
    const rest = { heap: 5e6, virtual: undefined, handles: undefined };
    return { calls: sample * 10_000, seconds: sample, resident: resident(sample), ...rest };
  });
  assert.is(growthOf(samples, 'virtual'), undefined, 'what the system does not report is not judged');
  const { perCall, total } = growthOf(samples, 'resident') ?? { perCall: Number.NaN, total: Number.NaN };
  const bound = sampled.find(([quantity]) => quantity === 'resident')?.[2] ?? 0;
  return { perCall, grows: total > bound };
}

soak('the slope is that of the line with the least squares', () => {
  const points = [
    [0, 1],
    [1, 3],
    [2, 2],
    [3, 6],
  ] as const;
  assert.ok(Math.abs(slope(points) - 1.4) < 1e-12, `${slope(points)}`);
});

soak('a leak in each call grows, and what engines take once or give back does not', () => {
  const leak = residentGrowth((sample) => 80e6 + sample * 10_000 * 64);
  assert.equal(leak, { perCall: 64, grows: true });
  const warmUp = residentGrowth((sample) => Math.min(sample, 10) * 10e6);
  assert.equal(warmUp, { perCall: 0, grows: false });
  const sawtooth = residentGrowth((sample) => 80e6 + (sample % 7) * 10e6);
  assert.is(sawtooth.grows, false);
});

soak('calls of all hooks, with small and large bodies, answer the same each time', () => {
  const run = new HookSoak();
  while (run.calls < 4_000) run.call();
  assert.equal(run.faults, []);
  assert.is(run.faultCount, 0);
});

soak.run();
