import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tapReport, verifyRouter } from '../../../src/conformance/index.ts';
import { fixture } from '../../support/fixture.ts';
import { hostileReport } from '../../support/hostile-report.ts';

const tap = suite('tapReport');

/** The lines of a report outside of YAML blocks, and the blocks. */
function parse(text: string): { readonly lines: readonly string[]; readonly blocks: readonly string[][] } {
  const lines: string[] = [];
  const blocks: string[][] = [];
  let block: string[] | undefined;
  for (const line of text.trimEnd().split('\n')) {
    if (line === '  ---') block = [];
    else if (line === '  ...' && block !== undefined) {
      blocks.push(block);
      block = undefined;
    } else (block ?? lines).push(line);
  }
  return { lines, blocks };
}

tap('has a version, a plan, and a point for each check', async () => {
  const { checks } = verifyRouter(await fixture('router/router.wasm'));
  const { lines, blocks } = parse(tapReport(verifyRouter(await fixture('router/router.wasm'))));
  assert.equal(lines.slice(0, 3), ['TAP version 14', `1..${checks.length}`, '# conformance of router 1.0.0 as router']);
  assert.equal(
    lines.slice(3, -1).map((line) => line.replace(/:.*/, '')),
    checks.map(({ id }, index) => `ok ${index + 1} - ${id}`),
  );
  assert.is(lines.at(-1), '# router 1.0.0 conforms');
  assert.is(blocks.length, checks.length);
});

tap('no text of a plugin becomes a line, a directive or the end of a block', async () => {
  const report = await hostileReport();
  const { lines, blocks } = parse(tapReport(report));
  const points = lines.slice(3, -1);
  assert.is(points.length, report.checks.length);
  assert.is(points.filter((line) => line.startsWith('not ok ')).length, report.counts.fail);
  assert.is(points.filter((line) => / (?<!\\)# SKIP /.test(line)).length, report.counts.skipped);
  for (const [index, line] of points.entries()) assert.match(line, new RegExp(`^(not )?ok ${index + 1} - `));
  for (const block of blocks) for (const line of block) assert.match(line, /^ {2}[a-z_]+: ("[^\n]*"|[a-z0-9.]+)$/);
  const messages = blocks.flat().filter((line) => line.startsWith('  message: '));
  assert.is(messages.length, report.counts.fail + report.counts.warn);
  for (const line of messages) assert.match(JSON.parse(line.slice('  message: '.length)), '</title>');
});

tap.run();
