import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeBase64 } from '../../../src/base64.ts';
import {
  htmlReport,
  htmlSeriesReport,
  reportSeries,
  verifyPlugin,
  verifyRouter,
} from '../../../src/conformance/index.ts';
import { script, scriptHash } from '../../../src/conformance/reporters/html-script.ts';
import { styleHash, styleSheet } from '../../../src/conformance/reporters/html-style.ts';
import {
  EXAMPLE_SHA256,
  examplePage,
  exampleSeries,
  failingReport,
  passingReport,
} from '../../support/example-report.ts';
import { thrownBy } from '../../support/failure.ts';
import { fixture } from '../../support/fixture.ts';
import { HOSTILE, hostileReport } from '../../support/hostile-report.ts';

const html = suite('htmlReport');

html('has the verdict, an entry for each check, and a picture', async () => {
  const report = verifyRouter(await fixture('router/router.wasm'));
  const page = htmlReport(report);
  assert.match(page, '<title>router 1.0.0 conforms</title>');
  assert.equal(
    [...page.matchAll(/<li class="pass" data-check="([^"]+)">/g)].map(([, id]) => id),
    report.checks.map(({ id }) => id),
  );
  assert.is(page.split('<svg viewBox').length, 2);
  assert.is(page.split('<g class="step passed">').length - 1, report.exchange.length);
  assert.not.match(page, 'What to change');
});

html('says what to change, failures first', async () => {
  const report = await hostileReport();
  const page = htmlReport(report);
  const findings = [...page.matchAll(/<li class="(fail|warn)">/g)].map(([, status]) => status);
  assert.is(findings.length, report.counts.fail + report.counts.warn);
  assert.equal(findings, findings.toSorted());
});

html('shows the stack of a trap and the hint of a finding, with names as code', () => {
  const page = htmlReport(failingReport);
  assert.match(page, '<b>Found:</b> Trap: wasm trap: unreachable in <code>panic_fmt</code> \u2190 <code>unwrap_failed');
  assert.match(page, '<b>Change:</b> Look at <code>choose</code>: a panic');
});

html('shows a finding without a hint, and folds nothing where no check passed', () => {
  const checks = failingReport.checks
    .filter(({ status }) => status === 'fail')
    .map(({ hint: _none, ...check }) => check);
  const page = htmlReport({ ...failingReport, checks });
  assert.is(page.split('<b>Found:</b>').length - 1, checks.length);
  assert.not.match(page, '<b>Change:</b>');
  assert.not.match(page, /<details><summary><span class="mark/);
});

html('folds the checks that passed or were skipped, and no others', () => {
  const page = htmlReport(failingReport);
  const folded = [...page.matchAll(/<details><summary>[\s\S]*?<\/details>/g)].map(([text]) => text).join('');
  const ids = [...folded.matchAll(/data-check="([^"]+)"/g)].map(([, id]) => id);
  const quiet = failingReport.checks.filter(({ status }) => status === 'pass' || status === 'skipped');
  assert.equal(
    ids,
    quiet.map(({ id }) => id),
  );
});

html('has contents whose links lead to elements', () => {
  for (const page of [htmlReport(failingReport), htmlSeriesReport(exampleSeries)]) {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.is(new Set(ids).size, ids.length, 'no id is there twice');
    const targets = [...page.matchAll(/ (?:href="#|data-copies="|aria-labelledby=")([^"]+)"/g)];
    const lost = targets.flatMap(([, names = '']) => names.split(' ').filter((name) => !ids.includes(name)));
    assert.equal(lost, []);
    assert.ok(targets.length > 5);
  }
  const nav = /<nav [\s\S]*<\/nav>/.exec(htmlReport(failingReport))?.[0] ?? '';
  for (const target of ['change', 'checks', 'exchange', 'requests', 'checks-filter'])
    assert.match(nav, `href="#${target}"`);
});

html('links each check to its rule, if it knows where the rules are', () => {
  const page = htmlReport(failingReport, examplePage);
  for (const { reference } of failingReport.checks) {
    assert.match(page, `<a class="reference" href="https://example.com/${reference}">${reference}</a>`);
  }
  assert.not.match(htmlReport(failingReport), 'https:');
});

html('says which file was verified, when and by what', () => {
  const page = htmlReport(failingReport, { ...examplePage, file: 'a\u202e.wasm', sha256: EXAMPLE_SHA256 });
  const facts = [...page.matchAll(/<dt>(.+)<\/dt>\s*<dd>([\s\S]*?)<\/dd>/g)].map(([, name, value]) => [name, value]);
  assert.equal(Object.fromEntries(facts), {
    File: 'a\\u{202e}.wasm',
    Size: '26,216 bytes',
    'Verified as': 'router (found by its functions)',
    Functions: 'filter',
    Capabilities: 'storage',
    Took: '316.9 ms',
    Date: '<time datetime="2030-01-02T03:04:05.000Z">2030-01-02 03:04 UTC</time>',
    Tool: 'cc-lb-plugin 1.2.3',
    'SHA-256': `<code>${EXAMPLE_SHA256}</code>`,
  });
  for (const name of ['File', 'Date', 'Tool', 'SHA-256']) assert.not.match(htmlReport(failingReport), `<dt>${name}<`);
  assert.instance(
    thrownBy(() => htmlReport(failingReport, { date: new Date(Number.NaN) })),
    RangeError,
  );
});

html('has the requests of the exchange, but none with the state of a signer', async () => {
  assert.match(htmlReport(failingReport), '{&quot;_v&quot;:1,&quot;request_id&quot;:&quot;sample&quot;');
  assert.match(htmlReport(failingReport), '<code>filter</code> <a href="#request-1">The request</a></p>');
  assert.match(htmlReport(passingReport), '{&quot;request_id&quot;:&quot;conformance-req-1&quot;');
  const { exchange } = verifyPlugin(await fixture('signer/signer.wasm'), 'auto');
  const titles = exchange.filter(({ layer }) => layer === 'dispatch').map(({ title }) => title);
  assert.ok(titles.includes('sign') && titles.includes('build_signer'));
  assert.equal(
    exchange.filter(({ requestJson }) => requestJson !== undefined),
    [],
  );
});

html('is self-contained', () => {
  const page = htmlReport(failingReport);
  assert.not.match(page, /<script[^>]|<iframe|@import|url\(|src=|https?:| style=/);
  assert.match(page, `"default-src 'none'; style-src '${styleHash}'; script-src '${scriptHash}'; img-src data:; `);
});

for (const [name, text, hash] of [
  ['style sheet', styleSheet, styleHash],
  ['script', script, scriptHash],
] as const) {
  html(`names the ${name} by its hash`, async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    assert.is(hash, `sha256-${encodeBase64(new Uint8Array(digest))}`);
  });
}

html('escapes all text of a plugin', async () => {
  const report = await hostileReport();
  const options = { file: HOSTILE, tool: HOSTILE, sha256: HOSTILE };
  const series = reportSeries([
    { file: HOSTILE, report },
    { file: HOSTILE, error: { kind: HOSTILE, message: HOSTILE } },
  ]);
  for (const page of [htmlReport(report, options), htmlSeriesReport(series, { tool: HOSTILE })]) {
    assert.not.match(page.replace(`<script>${script}</script>`, ''), /<script|<img|alert\(1\)<\/script>|onerror='/);
    assert.is(page.split('</title>').length, 3, 'one of the page, and one of the picture');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the page must contain none of these
    assert.not.match(page, /[\u0000-\u0008\u000b-\u001f\u202e\ufeff]/);
    assert.not.match(page, /\p{Cs}/u);
  }
});

/** A report with texts and lists that are as long as a plugin likes. */
function endless() {
  const long = '<'.repeat(100_000);
  const many = Array.from({ length: 10_000 }, () => long);
  const { plugin, checks, exchange } = failingReport;
  return {
    ...failingReport,
    plugin: { ...plugin, name: long, version: long, functions: many, capabilities: many },
    checks: checks.map((check) => ({ ...check, found: long, hint: long, reason: long })),
    exchange: exchange.map((step) => ({ ...step, request: long, response: long, requestJson: long })),
  };
}

html('stays small, whatever a plugin says', () => {
  const page = htmlReport(endless(), { file: '<'.repeat(100_000) });
  assert.ok(page.length < 300_000, `${page.length}`);
  assert.match(page, ', 9970 more</dd>');
});

const series = suite('htmlSeriesReport');

const ORDER = ['fail', 'unverified', 'warn', 'pass'];

series('has a row for each file, failures first, that leads to the whole report', () => {
  const page = htmlSeriesReport(exampleSeries, {
    ...examplePage,
    sha256: new Map([['plugins/quiet.wasm', EXAMPLE_SHA256]]),
  });
  const rows = [...page.matchAll(/<tr class="file (\w+)">([\s\S]*?)<\/tr>/g)];
  assert.equal(
    rows.map(([, outcome]) => outcome),
    ORDER,
  );
  const cells = (row = ''): string[] => [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) => cell);
  assert.equal(cells(rows[0]?.[2]).slice(1), [
    '<a href="#plugin-1">plugins/my-router.wasm</a>',
    'my-router 1.2.0',
    '1',
    'router',
    '1',
    '1',
    '5',
  ]);
  assert.match(rows[1]?.[2] ?? '', 'Unreadable: cannot read plugins/gone.wasm: no such file');
  const reports = [...page.matchAll(/<details class="file plugin (\w+)" id="(plugin-\d)">/g)];
  assert.equal(
    reports.map(([, verdict, id]) => `${id} ${verdict}`),
    ['plugin-1 fail', 'plugin-2 warn', 'plugin-3 pass'],
  );
  assert.match(page, 'id="plugin-1-change"');
  assert.is(page.split(EXAMPLE_SHA256).length - 1, 1);
});

series('can be filtered by each verdict that is there', () => {
  const values = (page: string) =>
    [...page.matchAll(/<input type="radio" name="show" value="(\w+)"/g)].map(([, value]) => value);
  assert.equal(values(htmlSeriesReport(exampleSeries)), ['all', ...ORDER]);
  assert.equal(values(htmlSeriesReport(reportSeries([{ file: 'a', report: passingReport }]))), ['all', 'pass']);
});

series('has at most 1000 rows and 50 reports, and says how many more there are', () => {
  const page = htmlSeriesReport(reportSeries(Array.from({ length: 1200 }, () => ({ file: 'a', report: endless() }))));
  assert.is(page.split('<tr class="file').length - 1, 1000);
  assert.is(page.split('<details class="file').length - 1, 50);
  assert.match(page, 'And 200 more files');
  assert.match(page, 'And 950 more reports');
  assert.ok(page.length < 20_000_000, `${page.length}`);
});

html.run();
series.run();
