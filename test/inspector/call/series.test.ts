import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallCost, CallReport, SeriesSlice } from '../../../src/inspector/call/report.ts';
import { costText, runSeries, type Series, seriesCount, spreadOf } from '../../../src/inspector/call/series.ts';

const cost = (fuel: number): CallCost => ({ fuel, memoryPages: 2, durationMs: fuel / 10 });
const slice = (...fuels: number[]): SeriesSlice => ({ costs: fuels.map(cost) });
const recorded = { logs: [], moreLogs: 0, counters: [], moreCounters: 0 };
const failure: CallReport = {
  name: 'filter',
  outcome: { kind: 'refused', stage: 'build', fault: { error: '', kind: '', message: '', details: [] } },
  recorded,
  callsBefore: 0,
};

/** Runs a series of 5 calls over these slices. */
async function run(slices: readonly SeriesSlice[], stopAfter = Number.POSITIVE_INFINITY) {
  const asked: number[] = [];
  const told: Series[] = [];
  const next = (left: number): Promise<SeriesSlice> => {
    const given = slices[asked.length];
    asked.push(left);
    return given === undefined ? Promise.reject(new Error('too many slices')) : Promise.resolve(given);
  };
  const series = await runSeries(
    5,
    next,
    (each) => told.push(each),
    () => asked.length >= stopAfter,
  );
  return { series, asked, told };
}

const series = suite('runSeries');

series('asks for what is left until all calls are made', async () => {
  const { series: made, asked, told } = await run([slice(1, 2), slice(3), slice(4, 5)]);
  assert.equal(asked, [5, 3, 2]);
  assert.equal(
    told.map(({ costs, end }) => [costs.length, end]),
    [
      [0, 'running'],
      [2, 'running'],
      [3, 'running'],
      [5, 'done'],
    ],
  );
  assert.equal(
    made.costs.map(({ fuel }) => fuel),
    [1, 2, 3, 4, 5],
  );
});

series('ends with a call that fails', async () => {
  const { series: made } = await run([slice(1), { ...slice(2), failed: failure }]);
  assert.equal([made.end, made.costs.length, made.failed], ['failed', 2, failure]);
});

series('ends when it is stopped, and is done if that comes too late', async () => {
  const stopped = await run([slice(1), slice(2)], 1);
  assert.equal([stopped.series.end, stopped.asked], ['stopped', [5]]);
  const late = await run([slice(1, 2, 3, 4, 5)], 1);
  assert.is(late.series.end, 'done');
});

series('rejects if a slice does', async () => {
  let error: unknown;
  await run([slice(1)]).catch((thrown) => {
    error = thrown;
  });
  assert.match(String(error), 'too many slices');
});

series.run();

const facts = suite('facts of a series');

facts('are the least, the lower middle and the greatest', () => {
  assert.equal(spreadOf([3, 1, 10, 2].map(cost), 'fuel'), { least: 1, median: 2, greatest: 10 });
  assert.equal(spreadOf([cost(7)], 'durationMs'), { least: 0.7, median: 0.7, greatest: 0.7 });
});

facts('are missing without calls, and for what is not counted', () => {
  assert.is(spreadOf([], 'fuel'), undefined);
  assert.is(spreadOf([cost(1), cost(Number.NaN)], 'fuel'), undefined);
});

facts('of one call leave out what is not counted', () => {
  assert.is(
    costText({ fuel: 1_234, memoryPages: 1, durationMs: 0.25 }, 1_000),
    'Call 1,000: 1,234 fuel, 1 page, 0.25 ms',
  );
  assert.is(costText({ fuel: Number.NaN, memoryPages: Number.NaN, durationMs: 1 }, 1), 'Call 1: 1.00 ms');
  assert.is(costText(cost(1), 2), 'Call 2: 1 fuel, 2 pages, 0.10 ms');
});

facts('take a number of calls from 1 to 10,000', () => {
  assert.is(seriesCount(' 10000 '), 10_000);
  assert.is(seriesCount('1'), 1);
  for (const typed of ['', '0', '10001', '-1', '1.5', '1e3', 'x', '9'.repeat(30)])
    assert.is(seriesCount(typed), undefined);
});

facts.run();
