import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { htmlReport, junitReport, tapReport, type VerifyReport, verifyHooks } from '../../../src/conformance/index.ts';
import { conformingPlugin, options } from './plugins.ts';

const reporters = suite('reports about hook plugins');

const report: VerifyReport = verifyHooks(await conformingPlugin(), options);

reporters('the page has hooks instead of functions, and names the contract', () => {
  const page = htmlReport(report);
  assert.match(page, '<dd>filter, shape (found by its hooks)</dd>');
  assert.match(page, '<dt>Hooks</dt><dd>filter, shape, transform_response, transform_sse_event</dd>');
  assert.not.match(page, 'Capabilities');
  assert.match(page, 'abi/HOOKS.md</span> states the rules');
  assert.not.match(page, 'abi/PROTOCOL.md');
  assert.match(page, '>4 calls</text>');
  assert.is(page.split('<g class="step passed">').length - 1, report.exchange.length);
});

reporters('JUnit and TAP have a point for each check', () => {
  const ids = report.checks.map(({ id }) => id);
  assert.equal(
    [...junitReport(report).matchAll(/<testcase name="([a-z.-]+)"/g)].map(([, name]) => name),
    ids,
  );
  const points = tapReport(report)
    .split('\n')
    .filter((line) => /^(not )?ok /.test(line));
  assert.equal(
    points.map((line) => line.replace(/:.*/, '')),
    ids.map((id, index) => `ok ${index + 1} - ${id}`),
  );
  assert.match(tapReport(report), '\n# conformance of n v as filter, shape\n');
});

reporters.run();
