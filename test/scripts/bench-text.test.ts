// What `npm run bench` writes: the generated part of a document, and the tables in it.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hookRows, hooksText } from '../../scripts/bench/hooks/report.ts';
import type { HookRun } from '../../scripts/bench/hooks/results.ts';
import { placesText } from '../../scripts/bench/host/host.ts';
import type { PlacesRun } from '../../scripts/bench/host/places.ts';
import { replaceGenerated } from '../../scripts/bench/peers/generated-part.ts';
import { benchmarksText, drawPictures, duration } from '../../scripts/bench/peers/report.ts';
import type { BenchRun } from '../../scripts/bench/peers/results.ts';
import { type StartRun, startText } from '../../scripts/bench/start/start.ts';

const text = suite('what npm run bench writes');
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

text('only the part between the markers is replaced', () => {
  const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
  const expected = 'before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n';
  assert.is(replaceGenerated(page, 'bench', 'new'), expected);
  for (const faulty of ['', '<!-- bench:begin -->', '<!-- bench:end --><!-- bench:begin -->']) {
    assert.throws(() => replaceGenerated(faulty, 'bench', 'new'), /needs <!-- bench:begin --> and <!-- bench:end -->/);
  }
});

text('times have a unit that fits', () => {
  assert.equal([0.0123, 0.5, 12.34, 45_678, 2_000_000].map(duration), [
    '12 ns',
    '0.5 us',
    '12.3 us',
    '45.7 ms',
    '2.00 s',
  ]);
});

text('docs/BENCHMARKS.md shows the results that are committed', () => {
  // The cast: npm run bench wrote the file.
  const run = JSON.parse(read('scripts/bench/results/latest.json')) as BenchRun;
  const newest = run.runtimes.find(({ name }) => name === 'node');
  if (newest === undefined) throw new Error('latest.json has no results of the newest Node');
  const drawn = drawPictures(newest, run.reference, run.titles);
  const page = read('docs/BENCHMARKS.md');
  assert.is(replaceGenerated(page, 'bench', benchmarksText(run, Object.keys(drawn))), page);
  for (const [file, svg] of Object.entries(drawn)) assert.is(svg, read(`scripts/bench/results/${file}`), file);
});

for (const part of ['hooks', 'hooks-instances']) {
  text(`docs/BENCHMARKS.md shows the results of ${part} that are committed`, () => {
    // The cast: npm run bench wrote the file.
    const run = JSON.parse(read(`scripts/bench/results/${part}.json`)) as HookRun;
    const page = read('docs/BENCHMARKS.md');
    assert.is(replaceGenerated(page, part, hooksText(run)), page);
  });
}

text('docs/BENCHMARKS.md shows the results of start that are committed', () => {
  // The cast: npm run bench wrote the file.
  const run = JSON.parse(read('scripts/bench/results/start.json')) as StartRun;
  const page = read('docs/BENCHMARKS.md');
  assert.is(replaceGenerated(page, 'start', startText(run)), page);
});

text('docs/BENCHMARKS.md shows what a call costs in workers and processes', () => {
  // The cast: npm run bench wrote the file.
  const run = JSON.parse(read('scripts/bench/results/places.json')) as PlacesRun;
  const page = read('docs/BENCHMARKS.md');
  assert.is(replaceGenerated(page, 'places', placesText(run)), page);
});

text('the table of hooks has ratios, and counts the rows that meet the aims', () => {
  const timing = (host: string, median: number, p99: number) => ({ host, calls: 100, median, p99 });
  const run: HookRun = {
    machine: 'a machine',
    base: 'published',
    rounds: 1,
    turnMs: 1,
    titles: { published: 'the host', bun: 'bun 1' },
    results: [
      { name: 'admission', kind: 'admission', timings: [timing('published', 90, 99), timing('bun', 9, 9)], cannot: [] },
      { name: 'filter', kind: 'filter', timings: [timing('published', 100, 200), timing('bun', 50, 300)], cannot: [] },
      { name: 'shape', kind: 'shape', timings: [timing('published', 100, 200), timing('bun', 120, 240)], cannot: [] },
      { name: 'sse', kind: 'transform_sse_event', timings: [timing('published', 10, 20)], cannot: [] },
    ],
  };
  assert.equal(hookRows(run), [
    ['admission', '90 us', '9 us (0.10)'],
    ['filter', '100 us, 200 us', '50 us, 300 us (0.50, 1.50)'],
    ['shape', '100 us, 200 us', '120 us, 240 us (1.20, 1.20)'],
    ['sse', '10 us, 20 us', 'cannot'],
    ['calls whose median is at most that of the host', '3 of 3', '1 of 3'],
    ['calls whose p99 is at most 5 times the median', '3 of 3', '1 of 3'],
  ]);
});

text.run();
