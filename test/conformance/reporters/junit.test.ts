import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { junitReport, verifyRouter } from '../../../src/conformance/index.ts';
import { fixture } from '../../support/fixture.ts';
import { hostileReport } from '../../support/hostile-report.ts';

const junit = suite('junitReport');

junit('has a suite for each group and a case for each check', async () => {
  const report = verifyRouter(await fixture('router/router.wasm'));
  const xml = junitReport(report);
  assert.ok(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="conformance of router 1.0.0" '));
  assert.equal(
    [...xml.matchAll(/<testsuite name="([a-z-]+)"/g)].map(([, name]) => name),
    ['identity', 'handshake', 'self-check', 'record', 'kind', 'filter', 'isolation', 'budget'],
  );
  assert.equal(
    [...xml.matchAll(/<testcase name="([a-z.-]+)"/g)].map(([, name]) => name),
    report.checks.map(({ id }) => id),
  );
  assert.match(xml, /classname="router\.filter" time="0\.\d{4}"/);
  assert.match(xml, `tests="${report.checks.length}" failures="0" skipped="0"`);
});

junit('has failures, warnings and skipped checks', async () => {
  const report = await hostileReport();
  const xml = junitReport(report);
  assert.is(xml.split('<failure ').length - 1, report.counts.fail);
  assert.is(xml.split('<skipped ').length - 1, report.counts.skipped);
  assert.match(xml, 'warning: ');
  assert.match(xml, '<failure message="&lt;/title&gt;');
});

junit('is well-formed for any text of a plugin', async () => {
  const xml = junitReport(await hostileReport());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 can contain none of these
  assert.not.match(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<script|<img/);
  assert.not.match(xml, /\p{Cs}/u);
  if (typeof DOMParser === 'undefined')
    return console.log('skipped: JUnit in an XML parser: there is no DOMParser here');
  const document = new DOMParser().parseFromString(xml, 'application/xml');
  assert.is(document.querySelector('parsererror'), null);
  assert.is(document.querySelectorAll('testcase').length, (await hostileReport()).checks.length);
});

junit.run();
