// Started by scripts/fuzz.ts for `--only hostile-compile`:
//   npm run fuzz -- --only hostile-compile --minutes 120 --seed 1 \
//     --runtime node20,node,deno,bun --project PATH
//   npm run fuzz -- --only hostile-compile --seed 1 --case 17
//   npm run fuzz -- --only hostile-compile --replay fuzz-findings/hostile-compile-1-17-compile.json
// Makes hostile modules that mix kinds of structure, and holds what they take against the aims of
// aims.ts, each in a process of its own.
// --project: a clone whose dist/ is tried; the source of this one by default. --runtime: tried in
// turn; the newest Node by default. --kinds: some of the kinds only. --slack: what the aims are
// multiplied with. --workers: processes at once, 1 or 2. --idle-s: how long engines' threads may go
// on. --shrink-s: how long a finding is made smaller. --findings: the run ends after as many.
// --verbose: prints a line for each case.
// What misses an aim is run twice more, made small, and kept under fuzz-findings/. Exit code 1 when
// anything was found.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Recipe } from './build-module.ts';
import { Counts, describe, describeRecipe, type Found } from './counts.ts';
import { drawCase } from './draw.ts';
import { kindNamed, kinds } from './kinds/index.ts';
import { openOwnSource, openProject } from './project.ts';
import { type Runtime, runtimeNamed } from './run-child.ts';
import { shrink } from './shrink.ts';
import { confirm, type Outcome, type Trial, tryFitted, tryOnce } from './try-module.ts';

const folder = new URL('../../fuzz-findings/', import.meta.url);

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    case: { type: 'string' },
    replay: { type: 'string' },
    project: { type: 'string' },
    runtime: { type: 'string', default: 'node' },
    kinds: { type: 'string' },
    slack: { type: 'string', default: '1' },
    workers: { type: 'string', default: '1' },
    'shrink-s': { type: 'string', default: '180' },
    findings: { type: 'string', default: 'Infinity' },
    verbose: { type: 'boolean', default: false },
    'idle-s': { type: 'string', default: '15' },
    'timeout-s': { type: 'string', default: '90' },
  },
});

/** Parses an option that is a number above 0. */
function positive(name: 'minutes' | 'slack' | 'workers' | 'idle-s' | 'timeout-s' | 'shrink-s' | 'findings'): number {
  const value = Number(options[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a number over 0`);
  return value;
}

const seed = options.seed === undefined ? Date.now() % 2 ** 31 : Number(options.seed);
if (!Number.isInteger(seed)) throw new Error('--seed must be an integer');
const workers = positive('workers');
if (workers > 2) throw new Error('--workers must be 1 or 2: processes that wait for one another are not measured');

const project = options.project === undefined ? await openOwnSource() : await openProject(options.project);
const runtimes = options.runtime.split(',').map((name) => runtimeNamed(name));
const chosen = options.kinds === undefined ? kinds : options.kinds.split(',').map(kindNamed);
const startedAt = performance.now();
const minutes = (): number => (performance.now() - startedAt) / 60_000;
const counts = new Counts();

function trialOn(runtime: Runtime | undefined): Trial {
  if (runtime === undefined) throw new Error('--runtime names none');
  return {
    project,
    runtime,
    slack: positive('slack'),
    idleMs: positive('idle-s') * 1_000,
    timeoutMs: positive('timeout-s') * 1_000,
  };
}

/** Keeps a finding in a file. */
function keep(found: Found): string {
  mkdirSync(folder, { recursive: true });
  const name = `hostile-compile-${found.seed}-${found.index}-${found.aim.replaceAll(' ', '-')}.json`;
  writeFileSync(new URL(name, folder), `${JSON.stringify(found, null, 2)}\n`);
  return `fuzz-findings/${name}`;
}

/** Looks at each aim that a module missed. */
async function follow(index: number, outcome: Outcome, trial: Trial): Promise<void> {
  const names = outcome.recipe.parts.map(({ kind }) => kind);
  const news = outcome.misses.filter(({ aim }) => !counts.isKnown(aim, trial.runtime.name, names));
  if (news.length === 0) return;
  const confirmed = await confirm({ ...outcome, misses: news }, trial);
  const [worst] = confirmed.misses;
  if (worst === undefined) return;
  const small = await shrink(confirmed, worst.aim, (recipe) => tryOnce(recipe, trial), positive('shrink-s') * 1_000);
  const kindsOption = options.kinds === undefined ? '' : ` --kinds ${options.kinds}`;
  const rerun = `--seed ${seed} --case ${index} --runtime ${options.runtime}${kindsOption}`;
  for (const { aim } of confirmed.misses) {
    const its = small.misses.some((miss) => miss.aim === aim) ? small : confirmed;
    const found: Found = { seed, index, runtime: trial.runtime.name, aim, minutes: minutes(), rerun, outcome: its };
    if (counts.addFinding(found)) console.log(`found: ${describe(found)}\n  ${keep(found)}`);
  }
}

async function runCase(index: number): Promise<void> {
  const drawn = drawCase(seed, index, project.limits ?? {}, { from: chosen, runtimes: runtimes.length });
  const trial = trialOn(runtimes[drawn.runtime]);
  const recipe = drawn.recipe;
  const { refused, last } = await tryFitted(recipe, trial);
  for (const each of refused) counts.addRefused(each);
  counts.addCase(last);
  for (const each of [...refused, last]) await follow(index, each, trial);
  if (options.case === undefined && !options.verbose) return;
  const missed = last.misses.map(({ what, measured }) => `${what} ${measured}`).join(', ') || 'no aim missed';
  console.log(`${index} ${trial.runtime.name} ${describeRecipe(last.recipe)}: ${last.kind}, ${missed}`);
}

/** Runs cases one after the other, beside other workers, until the time is over. */
async function work(worker: number): Promise<void> {
  const goesOn = (): boolean => minutes() < positive('minutes') && counts.found.length < positive('findings');
  for (let index = worker; goesOn(); index += workers) await runCase(index);
}

async function replay(path: string): Promise<void> {
  // Written by `keep`.
  const { runtime, outcome } = JSON.parse(readFileSync(path, 'utf8')) as {
    runtime: string;
    outcome: { recipe: Recipe };
  };
  const { misses, kind, refusal } = await tryOnce(outcome.recipe, trialOn(runtimeNamed(runtime)));
  console.log(`${describeRecipe(outcome.recipe)}: ${kind}${refusal === undefined ? '' : ` (${refusal})`}`);
  for (const { what, measured, allowed } of misses) console.log(`  ${what}: ${measured}, allowed ${allowed}`);
  if (misses.length > 0) process.exitCode = 1;
}

if (options.replay !== undefined) await replay(options.replay);
else {
  if (options.case !== undefined) await runCase(Number(options.case));
  else await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  console.log(`${counts.report()}\n\nhow often each pair of kinds was mixed:\n${counts.pairs()}`);
  console.log(`seed ${seed}, ${minutes().toFixed(1)} minutes on ${options.runtime}: ${counts.found.length} findings`);
  if (counts.found.length > 0) process.exitCode = 1;
}
