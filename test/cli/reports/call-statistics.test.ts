import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { percentiles, statisticsLines, statisticsOf } from '../../../src/cli/reports/call-statistics.ts';

const statistics = suite('the statistics of calls');

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => last - index);
const cases: readonly (readonly [values: readonly number[], p50: number, p90: number, p99: number, max: number])[] = [
  [[7], 7, 7, 7, 7],
  [[2, 1], 1, 2, 2, 2],
  [[9, 10, 1], 9, 10, 10, 10],
  [upTo(10), 5, 9, 10, 10],
  [upTo(100), 50, 90, 99, 100],
  [upTo(1000), 500, 900, 990, 1000],
];
for (const [values, p50, p90, p99, max] of cases) {
  statistics(`are those of the nearest rank: ${values.length} values`, () => {
    assert.equal(percentiles(values), { p50, p90, p99, max });
  });
}

statistics('are written in columns', () => {
  const of = statisticsOf([
    { durationMs: 1.25, fuel: 1_000 },
    { durationMs: 0.5, fuel: 20_000 },
  ]);
  assert.equal(
    statisticsLines(of, (_style, text) => text),
    [
      '2 calls',
      '          p50     p90     p99     max',
      '  ms    0.500   1.250   1.250   1.250',
      '  fuel  1,000  20,000  20,000  20,000',
    ],
  );
});

statistics.run();
