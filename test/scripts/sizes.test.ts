// What `npm run sizes` says of what it has weighed.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faults, grown, largest, sizesText, staleRows } from '../../scripts/bench/sizes/report.ts';
import { KIB, type Row, rows, unmatched } from '../../scripts/bench/sizes/rows.ts';
import { sourceSizes } from '../../scripts/bench/sizes/sources.ts';
import type { Weighed } from '../../scripts/bench/sizes/weigh.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** A row of which each bundler makes a number of KiB. */
function weighed(row: Row, esbuild: number, webpack?: number, sources: Record<string, number> = {}): Weighed {
  const size = (gzipped: number) => ({ minified: 3 * gzipped * KIB, gzipped: gzipped * KIB });
  const sizes = { esbuild: size(esbuild), ...(webpack === undefined ? {} : { webpack: size(webpack) }) };
  return { row, sizes, sources: new Map(Object.entries(sources)) };
}

const small: Row = { name: '`./small`', program: '', limit: 10 };
const peer: Row = { name: '(peer)', program: '' };
const sizes = suite('what npm run sizes says');

sizes('the table has a row for each, and a place for each bundler', () => {
  assert.is(
    sizesText([weighed(small, 9, 9.25), weighed(peer, 40)]),
    [
      '| KiB | minified | gzipped, esbuild | gzipped, webpack | gzipped, Rollup | limit |',
      '| --- | --- | --- | --- | --- | --- |',
      '| `./small` | 27.0 | 9.0 | 9.3 |  | 10 |',
      '| (peer) | 120.0 | 40.0 |  |  |  |',
    ].join('\n'),
  );
});

sizes('an aim is shown, and fails nothing', () => {
  const missed = weighed({ ...small, aim: 9 }, 9, 9.25);
  assert.match(sizesText([missed]), '| 10 (aim 9, **missed**) |');
  assert.equal(faults(missed), []);
  assert.match(sizesText([weighed({ ...small, aim: 9.25 }, 9, 9.25)]), '| 10 (aim 9.25) |');
});

sizes('a row over its limit is a fault for each bundler that makes too much of it', () => {
  assert.equal(faults(weighed(small, 10, 10)), []);
  assert.equal(faults(weighed(peer, 1_000)), []);
  assert.equal(faults(weighed(small, 9, 10.5)), [
    '`./small` is 10.5 KiB with webpack, 512 bytes (5.0 %) over its limit of 10',
  ]);
  assert.is(faults(weighed(small, 11, 11)).length, 2);
});

sizes('the largest sources come first', () => {
  const sources = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`src/${index}.ts`, index * 100]));
  const lines = largest(weighed(small, 1, 1, sources));
  assert.is(lines.length, 12);
  assert.is(lines[0], '    1900  src/19.ts');
});

sizes('what has grown is shown by source, and what is the same is not', () => {
  const before = [weighed(small, 9, 9, { 'src/a.ts': 100, 'src/b.ts': 50, 'src/c.ts': 7 }), weighed(peer, 40)];
  const now = [weighed(small, 9.5, 9, { 'src/a.ts': 90, 'src/c.ts': 7, 'src/d.ts': 700 }), weighed(peer, 40)];
  assert.equal(grown(before, now), [
    '`./small`: 9.0 -> 9.5 KiB',
    '    +700  src/d.ts',
    '     -50  src/b.ts',
    '     -10  src/a.ts',
  ]);
});

sizes('a document is stale when a figure is off, or a row is missing', () => {
  const now = [weighed(small, 9, 9.2), weighed(peer, 40)];
  const page = (all: readonly Weighed[]): string => `<!-- sizes:begin -->\n\n${sizesText(all)}\n\n<!-- sizes:end -->`;
  assert.equal(staleRows(page(now), now), []);
  assert.equal(staleRows(page([weighed(small, 9.1, 9.3), weighed(peer, 40.7)]), now), []);
  for (const other of [
    [weighed(small, 9.3, 9.2), weighed(peer, 40)],
    [weighed(small, 9, 9.5), weighed(peer, 40)],
    [weighed(small, 9), weighed(peer, 40)],
    [weighed(peer, 40)],
    [weighed({ ...small, limit: 11 }, 9, 9.2), weighed(peer, 40)],
  ])
    assert.match(staleRows(page(other), now).join('\n'), /^docs\/BENCHMARKS\.md: the row `\.\/small` has [^\n]*$/);
  assert.is(staleRows('', now).length, 2);
});

sizes('each entry of package.json has a limit, and nothing else has one', () => {
  // The cast: the project's own file.
  const { exports } = JSON.parse(read('package.json')) as { readonly exports: Readonly<Record<string, unknown>> };
  assert.equal(unmatched(exports), []);
  const { './wire': _, ...fewer } = exports;
  assert.equal(unmatched({ ...fewer, './new': {} }), [
    './new is in package.json, and has no limit',
    './wire has a limit, and is not in package.json',
  ]);
});

sizes('docs/BENCHMARKS.md has the rows and their limits', () => {
  const [, table = ''] = read('docs/BENCHMARKS.md').split(/<!-- sizes:(?:begin|end) -->/);
  const shown = table.split('\n').slice(4, -2);
  assert.is(shown.length, rows.length);
  for (const [index, { name, limit, aim }] of rows.entries()) {
    assert.ok(shown[index]?.startsWith(`| ${name} | `), shown[index]);
    assert.match(shown[index] ?? '', ` | ${limit ?? ''} ${aim === undefined ? '|' : `(aim ${aim}`}`);
  }
});

sizes('the bytes of a bundle are counted by the source file that they are from', () => {
  // Segments at columns 0 and 4 of src/a.ts, at 10 of src/b.ts, and one of nothing at 15; then a
  // line of src/a.ts.
  const map = JSON.stringify({ sources: ['../../pack/src/a.ts', 'x/src/b.ts'], mappings: 'AAAA,IAAC,MCAA,K;ADCA' });
  assert.equal(
    [...sourceSizes({ code: '0123456789abcdefghi\n01234', map })],
    [
      ['src/a.ts', 15],
      ['src/b.ts', 5],
    ],
  );
  assert.equal([...sourceSizes({ code: 'nothing is known of this' })], []);
});

sizes.run();
