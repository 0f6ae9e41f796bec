import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { htmlReport, verifyRouter } from '../../../src/conformance/index.ts';
import { fixture } from '../../support/fixture.ts';
import { hostileReport } from '../../support/hostile-report.ts';

const html = suite('htmlReport');

html('has the verdict, a row for each check, and a picture', async () => {
  const report = verifyRouter(await fixture('router/router.wasm'));
  const page = htmlReport(report);
  assert.match(page, '<title>router 1.0.0 conforms</title>');
  assert.equal(
    [...page.matchAll(/<tr class="pass" data-check="([^"]+)">/g)].map(([, id]) => id),
    report.checks.map(({ id }) => id),
  );
  assert.is(page.split('<svg ').length, 2);
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

html('is self-contained', async () => {
  const page = htmlReport(verifyRouter(await fixture('router/router.wasm')));
  assert.not.match(page, /<script|<iframe|@import|url\(|src=|https?:/);
  assert.match(page, `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
});

html('escapes all text of a plugin', async () => {
  const page = htmlReport(await hostileReport());
  assert.not.match(page, /<script|<img|alert\(1\)<\/script>|onerror='/);
  assert.is(page.split('</title>').length, 3, 'one of the page, and one of the picture');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the page must contain none of these
  assert.not.match(page, /[\u0000-\u0008\u000b-\u001f\u202e\ufeff]/);
  assert.not.match(page, /\p{Cs}/u);
});

html.run();
