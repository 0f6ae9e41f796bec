// A few modules of `npm run fuzz -- --only hostile-compile`, on the runtime that runs this: each is
// compiled, called and admitted in a process of its own, and holds the aims. What is refused is
// refused by name, and the next plugin is admitted.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeRecipe } from '../../scripts/hostile-compile/counts.ts';
import { drawCase } from '../../scripts/hostile-compile/draw.ts';
import { openOwnSource } from '../../scripts/hostile-compile/project.ts';
import { runtimeNamed } from '../../scripts/hostile-compile/run-child.ts';
import { confirm, type Trial, tryFitted, tryOnce } from '../../scripts/hostile-compile/try-module.ts';

const hostile = suite('hostile modules');

const SEED = 20_261_128;

/** How long cases are run, in milliseconds, and how many at most. Longest on the newest Node. */
const TIME_MS = { node: 45_000, node20: 20_000, deno: 20_000, bun: 20_000 } as const;
const CASES = 14;

/** The machine may be busy. */
const SLACK = 2;

function currentRuntime(): keyof typeof TIME_MS {
  if ('Deno' in globalThis) return 'deno';
  if ('Bun' in globalThis) return 'bun';
  return process.versions.node.startsWith('20.') ? 'node20' : 'node';
}

const project = openOwnSource();

async function trial(slack: number): Promise<Trial> {
  return {
    project: await project,
    runtime: runtimeNamed(currentRuntime()),
    slack,
    idleMs: 3_000,
    timeoutMs: 60_000,
  };
}

hostile('hold the aims, or are refused by name', async () => {
  const own = await trial(SLACK);
  const since = performance.now();
  const counts = { cases: 0, accepted: 0, refused: 0 };
  for (let index = 0; index < CASES && performance.now() - since < TIME_MS[currentRuntime()]; index++) {
    const { recipe } = drawCase(SEED, index, own.project.limits ?? {});
    const { refused, last } = await tryFitted(recipe, own);
    counts.cases++;
    counts.refused += refused.length;
    if (last.kind === 'accepted') counts.accepted++;
    for (const outcome of [...refused, last]) {
      const misses = outcome.misses.length === 0 ? [] : (await confirm(outcome, own)).misses;
      assert.equal(misses, [], `case ${index} of seed ${SEED}: ${describeRecipe(outcome.recipe)}`);
    }
  }
  console.log(`${counts.cases} cases, ${counts.accepted} accepted, ${counts.refused} modules refused`);
  assert.ok(counts.cases > 0 && counts.accepted > 0, JSON.stringify(counts));
});

hostile('are measured: nothing holds aims of nothing', async () => {
  const recipe = { parts: [{ kind: 'branches', size: 2_000, variant: 'plain' }], together: false, copies: 20 };
  const { misses } = await tryOnce(recipe, await trial(1e-6));
  const missed = misses.map(({ aim }) => aim);
  for (const aim of ['compile', 'admit', 'first call', 'call', 'peak'])
    assert.ok(missed.includes(aim), `${aim}: ${missed}`);
});

hostile.run();
