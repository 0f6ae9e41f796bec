// The deviations that test vectors name are those of RATIONALE.md.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadVectors } from '../../src/conformance/index.ts';
import { contractFile } from '../support/fixture.ts';

/** The headings of the tables of deviations. */
const HEADINGS = [
  'Where does it deviate from the reference?',
  'Where does the host of hook plugins deviate from cc-lb?',
];

const rationale = readFileSync(new URL('../../RATIONALE.md', import.meta.url), 'utf8');

/** The first column of the table under a heading. */
function rowsUnder(heading: string): readonly string[] {
  const [, section = ''] = rationale.split(`\n### ${heading}\n`);
  const [, ...rows] =
    section
      .split(/\n#/, 1)
      .join()
      .match(/^\| [^|]+(?= \|)/gm) ?? [];
  return rows.map((row) => row.slice(2));
}

const tests = suite('the deviations of the test vectors');

for (const heading of HEADINGS) {
  tests(`RATIONALE.md has rows under "${heading}"`, () => {
    assert.ok(rowsUnder(heading).length > 5);
  });
}

tests('are rows of RATIONALE.md', async () => {
  const rows = HEADINGS.flatMap(rowsUnder);
  const vectors = await loadVectors((path) => contractFile(`vectors/${path}`));
  const unknown = vectors.filter(({ deviation }) => typeof deviation === 'string' && !rows.includes(deviation));
  assert.equal(
    unknown.map(({ id, deviation }) => `${id}: ${deviation}`),
    [],
  );
});

tests.run();
