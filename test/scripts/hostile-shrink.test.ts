import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Part, Recipe } from '../../scripts/hostile-compile/build-module.ts';
import { Counts, type Found } from '../../scripts/hostile-compile/counts.ts';
import { smaller } from '../../scripts/hostile-compile/draw.ts';
import { shrink } from '../../scripts/hostile-compile/shrink.ts';
import type { Outcome } from '../../scripts/hostile-compile/try-module.ts';

const shrinking = suite('findings of hostile modules');

const branches: Part = { kind: 'branches', size: 1_000, variant: 'plain' };
const calls: Part = { kind: 'calls', size: 64, variant: 'direct' };
const mixed: Recipe = { parts: [calls, branches], together: true, copies: 40 };

function outcome(recipe: Recipe, aim: string | undefined): Outcome {
  const misses = aim === undefined ? [] : [{ aim, measured: 2, allowed: 1, what: aim }];
  const report = { valid: true, phases: [], died: undefined };
  return { recipe, bytes: 1, kind: 'accepted', refusal: undefined, misses, report };
}

/** Misses the aim while it has at least 100 branches. */
const run = async (recipe: Recipe): Promise<Outcome> => {
  const size = recipe.parts.find(({ kind }) => kind === 'branches')?.size ?? 0;
  return outcome(recipe, size >= 100 ? 'compile' : 'peak');
};

shrinking('become the parts that they need, as small as they still miss the aim', async () => {
  const small = await shrink(outcome(mixed, 'compile'), 'compile', run, 60_000);
  assert.equal(small.recipe, { parts: [{ ...branches, size: 125 }], together: true, copies: 1 });
});

shrinking('stay what they are when the time is over, or when nothing smaller misses the same aim', async () => {
  const found = outcome(mixed, 'compile');
  assert.is(await shrink(found, 'compile', run, -1), found);
  assert.is(await shrink(found, 'compile', async (recipe) => outcome(recipe, undefined), 60_000), found);
});

shrinking('modules that a limit refused become smaller in what it counts', () => {
  assert.equal(smaller(mixed, 'branches'), { ...mixed, parts: [calls, { ...branches, size: 600 }] });
  assert.equal(smaller(mixed, 'moduleBranches'), { ...mixed, copies: 14 });
  const { parts, copies } = smaller(mixed, 'valuesAtJoins');
  assert.equal([...parts.map(({ size }) => size), copies], [38, 600, 24]);
});

shrinking('are printed once for the same kinds, aim and runtime, and counted', () => {
  const counts = new Counts();
  const found = (aim: string, recipe: Recipe): Found => {
    const own = { seed: 1, index: 2, runtime: 'node', aim, minutes: 0.4, rerun: '--seed 1 --case 2' };
    return { ...own, outcome: outcome(recipe, aim) };
  };
  const alone = { ...mixed, parts: [branches] };
  assert.ok(counts.addFinding(found('peak', alone)));
  assert.not.ok(counts.addFinding(found('peak', alone)));
  assert.ok(counts.isKnown('peak', 'node', ['calls', 'branches']), 'branches alone missed it');
  assert.not.ok(counts.isKnown('peak', 'node', ['calls']));
  assert.not.ok(counts.isKnown('compile', 'node', ['branches']));
  assert.not.ok(counts.isKnown('peak', 'bun', ['branches']));
  counts.addCase(outcome(mixed, undefined));
  counts.addRefused({ ...outcome(mixed, undefined), kind: 'refused', refusal: 'branches' });
  assert.match(
    counts.report(),
    '1 cases: 1 accepted, 0 that the engine does not take; 1 modules refused:\n  1 by branches',
  );
  assert.match(
    counts.report(),
    'node peak: branches/plain 1000, 40 copies (1 bytes): peak: 2, allowed 1; --seed 1 --case 2, minute 0; 2 times',
  );
  assert.match(counts.pairs(), /^calls +0 +.*1( +0)* +1 +\d+$/m);
});

shrinking.run();
