import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  htmlSeriesReport,
  junitSeriesReport,
  reportSeries,
  type SeriesCounts,
  seriesText,
  tapSeriesReport,
  verifyRouter,
} from '../../src/conformance/index.ts';
import { fixture } from '../support/fixture.ts';
import { hostileReport } from '../support/hostile-report.ts';

const series = suite('a series of plugins');

const HOSTILE = '</title><b>"\u001b[2J\n# SKIP';
const router = verifyRouter(await fixture('router/router.wasm'));
const hostile = await hostileReport();
const unread = { file: `${HOSTILE}/c.wasm`, error: { kind: 'Unreadable', message: `cannot read ${HOSTILE}` } };
const report = reportSeries([{ file: 'a.wasm', report: router }, { file: HOSTILE, report: hostile }, unread]);

series('counts its plugins, and its verdict is the worst', () => {
  assert.equal(report.counts, { conforming: 1, nonconforming: 1, unverified: 1 });
  assert.is(report.durationMs, router.durationMs + hostile.durationMs);
  const warned = { ...router, verdict: 'warn' } as const;
  const verdicts = [[router], [router, warned], [router, warned, hostile]].map(
    (reports) => reportSeries(reports.map((each) => ({ file: 'a.wasm', report: each }))).verdict,
  );
  assert.equal([...verdicts, reportSeries([unread]).verdict], ['pass', 'warn', 'fail', 'fail']);
});

const texts: readonly (readonly [counts: SeriesCounts, text: string])[] = [
  [{ conforming: 10, nonconforming: 2, unverified: 0 }, '12 plugins: 10 conform, 2 do not'],
  [{ conforming: 1, nonconforming: 1, unverified: 2 }, '2 plugins: 1 conforms, 1 does not; 2 could not be verified'],
  [{ conforming: 0, nonconforming: 1, unverified: 0 }, '1 plugin: 1 does not'],
  [{ conforming: 3, nonconforming: 0, unverified: 0 }, '3 plugins: 3 conform'],
  [{ conforming: 0, nonconforming: 0, unverified: 1 }, '0 plugins; 1 could not be verified'],
];
for (const [counts, text] of texts) series(`is summed up as "${text}"`, () => assert.is(seriesText(counts), text));

series('has a suite for each file in JUnit XML, and an error for one without a report', () => {
  const xml = junitSeriesReport(report);
  const checks = [...router.checks, ...hostile.checks];
  assert.match(xml, `<testsuites name="conformance" tests="${checks.length + 1}" failures="${hostile.counts.fail}" `);
  assert.is(xml.split('<testsuite ').length - 1, 3);
  assert.match(xml, `<testsuite name="a.wasm" tests="${router.checks.length}" failures="0" skipped="0" errors="0" `);
  assert.match(xml, /classname="router\.filter" time="/);
  assert.match(xml, /c\.wasm" tests="1" failures="0" skipped="0" errors="1" time="0\.0000">\n/);
  assert.match(xml, /<error message="cannot read [^"]+" type="Unreadable"\/>/);
  assert.is(xml.split('<testcase ').length - 1, checks.length + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 can contain none of these
  assert.not.match(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<b>/);
});

series('has a subtest for each file in TAP', () => {
  const lines = tapSeriesReport(report).trimEnd().split('\n');
  const outer = lines.filter((line) => !line.startsWith(' '));
  assert.equal(outer.slice(0, 4), ['TAP version 14', '1..3', '# Subtest: a.wasm', 'ok 1 - a.wasm']);
  assert.is(lines[3], `    1..${router.checks.length}`);
  assert.match(outer[5] ?? '', /^not ok 2 - .*\\# SKIP$/);
  assert.match(outer[6] ?? '', /^not ok 3 - .*\/c\.wasm$/);
  assert.equal(outer.slice(7), ['# 2 plugins: 1 conforms, 1 does not; 1 could not be verified']);
  assert.is(
    lines.filter((line) => /^ {4}(not )?ok \d/.test(line)).length,
    router.checks.length + hostile.checks.length,
  );
});

series('has a row for each file in HTML, with all texts escaped', () => {
  const page = htmlSeriesReport(report);
  assert.ok(page.startsWith('<!doctype html>\n'));
  for (const name of ['a.wasm', 'router 1.0.0', 'c.wasm', 'Unreadable']) assert.match(page, name);
  assert.not.match(page, '</title><b>');
  assert.not.match(page, '\u001b');
});

series.run();
