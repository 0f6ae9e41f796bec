// Compares the answers of the published host with those of this host. `npm run test:reference`
// writes new records.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixture } from '../support/fixture.ts';
import { deviations } from './deviations.ts';
import { sortedFields } from './failure-text.ts';
import { type ReferenceRecord, stable } from './kind.ts';
import { kinds } from './kinds/index.ts';

const reference = suite('the published host');

/** The most differing cases of a kind that a failure lists. */
const TOLD = 5;

for (const kind of kinds) {
  reference(`${kind.name}: this host answers as the published one, except for the known deviations`, async () => {
    // The cast: scripts/reference/record.ts wrote the file in this form.
    const record = JSON.parse(
      new TextDecoder().decode(await fixture(`reference/${kind.name}.json`)),
    ) as ReferenceRecord;
    const known = deviations.filter((deviation) => deviation.kinds.includes(kind.name));
    const met = new Map(known.map(({ what }) => [what, 0]));
    const differences: string[] = [];
    let compared = 0;
    for (const [of, answered] of record.cases) {
      const here = await kind.answer(of);
      // The engine lacks a feature that the case needs.
      if (here === undefined) continue;
      compared++;
      const there = withSortedFields(answered);
      if (stable(there) === stable(here)) continue;
      const deviation = known.find(({ isIt }) => isIt({ of, there, here }));
      if (deviation !== undefined) met.set(deviation.what, (met.get(deviation.what) ?? 0) + 1);
      else differences.push(`${stable(of)}\n  there ${stable(there)}\n  here  ${stable(here)}`);
    }
    assert.is(differences.length, 0, `${differences.length} cases differ:\n${differences.slice(0, TOLD).join('\n')}`);
    assert.ok(compared > record.cases.length / 2, `only ${compared} of ${record.cases.length} cases could be compared`);
    for (const { what } of known) assert.ok((met.get(what) ?? 0) > 0, `no case shows this deviation any more: ${what}`);
  });
}

reference('every deviation names an existing kind', () => {
  const names = kinds.map(({ name }) => name);
  for (const { what, kinds: of } of deviations)
    assert.ok(of.length > 0 && of.every((name) => names.includes(name)), what);
});

/** Rust prints the fields of an error in the order in which they are declared. */
function withSortedFields(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return answer;
  return { ...answer, error: sortedFields(String(answer.error)) };
}

reference.run();
