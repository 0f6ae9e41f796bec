// Each check refers to a heading of abi/PROTOCOL.md or abi/HOOKS.md.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anchorsOf } from '../../scripts/docs/links.ts';
import { type CheckReport, verifyHooks, verifyPlugin } from '../../src/conformance/index.ts';
import { conformingPlugin, options } from '../conformance/hooks/plugins.ts';
import { fixture } from '../support/fixture.ts';

const anchors = suite('the references of checks');

/** The references of checks that lead to no heading. */
function lost(document: string, checks: readonly CheckReport[]): string[] {
  const headings = anchorsOf(readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8'));
  const found = headings.map((anchor) => `${document}#${anchor}`);
  return checks.filter(({ reference }) => !found.includes(reference)).map(({ id, reference }) => `${id}: ${reference}`);
}

anchors('are headings of abi/PROTOCOL.md', async () => {
  // All kinds at once, so that all checks are there.
  const { checks } = verifyPlugin(await fixture('behaviour/bad-answers.wasm'), 'auto', { fuel: 1_000_000 });
  assert.ok(checks.length > 120);
  assert.equal(lost('abi/PROTOCOL.md', checks), []);
});

anchors('are headings of abi/HOOKS.md', async () => {
  const { checks } = verifyHooks(await conformingPlugin(), options);
  assert.ok(checks.length > 110);
  assert.equal(lost('abi/HOOKS.md', checks), []);
});

anchors.run();
