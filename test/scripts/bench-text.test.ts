// What `npm run bench` writes: the generated part of a document, and the tables in it.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { replaceGenerated } from '../../scripts/bench/peers/generated-part.ts';
import { benchmarksText, drawPictures, duration } from '../../scripts/bench/peers/report.ts';
import type { BenchRun } from '../../scripts/bench/peers/results.ts';

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

text.run();
