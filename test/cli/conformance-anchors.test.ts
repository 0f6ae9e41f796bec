// Each check refers to a heading of abi/PROTOCOL.md.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyPlugin } from '../../src/conformance/index.ts';
import { fixture } from '../support/fixture.ts';

const anchors = suite('the references of checks');

/** The fragment that viewers make of a heading: lower case, no punctuation, dashes for spaces. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

anchors('are headings of abi/PROTOCOL.md', async () => {
  const text = readFileSync(new URL('../../abi/PROTOCOL.md', import.meta.url), 'utf8');
  const headings = new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => slug(heading)));
  assert.ok(headings.has('layer-1-identity'));
  // All kinds at once, so that all checks are there.
  const { checks } = verifyPlugin(await fixture('behaviour/bad-answers.wasm'), 'auto', { fuel: 1_000_000 });
  assert.ok(checks.length > 120);
  const absent = checks.filter(({ reference }) => !headings.has(reference.replace('abi/PROTOCOL.md#', '')));
  assert.equal(
    absent.map(({ id, reference }) => `${id}: ${reference}`),
    [],
  );
});

anchors.run();
