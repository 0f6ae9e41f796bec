// The parts `hooks` and `hooks-instances` of `npm run bench`.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildReference } from '../../reference/build.ts';
import { findRuntime, type Runtime } from '../../runtimes.mjs';
import { replaceGenerated } from '../peers/generated-part.ts';
import { machine } from '../start-on-runtime.ts';
import { stored } from '../stored.ts';
import { table } from '../table.ts';
import { temporaryFolder } from '../temporary.ts';
import { OURS, type Version } from '../versions.ts';
import { formTitles } from './forms.ts';
import { type Contender, measureInTurns, type TurnEffort } from './processes.ts';
import { hookHead, hookRows, hooksText } from './report.ts';
import { type HookResult, type HookRun, PUBLISHED } from './results.ts';
import { rowsIn } from './rows.ts';

/** The parts that this file runs, by the names that `--only` takes. */
export const hookParts = ['hooks', 'hooks-instances'];

/** How to run a part. */
export interface HookTask extends TurnEffort {
  /** Names of runtimes. */
  readonly runtimes: readonly string[];
  /** Whether to replace the committed results and the tables in docs/BENCHMARKS.md. */
  readonly write: boolean;
}

const PUBLISHED_TITLE = 'cc-lb-runtime-wasmtime 0.3.0';
/** The rows with which the ways of making an instance are compared. */
const INSTANCE_ROWS = /^filter, 10 candidates, 2 KB$|^shape, 64 KB$/;

const page = new URL('../../../docs/BENCHMARKS.md', import.meta.url);
const resultsOf = (name: string): URL => new URL(`../results/${name}.json`, import.meta.url);

/** Compares the package with the published host. */
export async function runHooks(versions: readonly Version[], task: HookTask): Promise<void> {
  const contenders: Contender[] = [];
  const titles: Record<string, string> = {};
  const published = await publishedHost();
  if (published !== undefined) {
    contenders.push(published);
    titles[PUBLISHED] = PUBLISHED_TITLE;
  }
  for (const runtime of foundRuntimes(task.runtimes)) {
    for (const { name, folder } of versions) {
      const entry = join(folder, 'node_modules', OURS, 'dist/hooks/index.js');
      if (!existsSync(entry)) {
        console.log(`skipped: ${name} has no entry ./hooks\n`);
        continue;
      }
      const title = name === 'now' ? runtime.title : `${runtime.title}, ${name}`;
      contenders.push(contender(title, runtime, 'ours.ts', { entry: pathToFileURL(entry).href }));
      titles[title] = title;
    }
  }
  const results: HookResult[] = [];
  await measureInTurns(contenders, rowsIn(temporaryFolder()), task, (result) => void results.push(result));
  const base = published === undefined ? undefined : PUBLISHED;
  await show('hooks', { machine, base, rounds: task.rounds, turnMs: task.turnMs, titles, results }, task.write);
}

/** Compares ways of making an instance for each call, each in a process of its own. */
export async function runInstances(task: HookTask): Promise<void> {
  const [base] = Object.keys(formTitles);
  const results: HookResult[] = [];
  const rows = rowsIn(temporaryFolder(), INSTANCE_ROWS);
  for (const runtime of foundRuntimes(task.runtimes)) {
    const contenders = Object.keys(formTitles).map((form) => contender(form, runtime, 'instances.ts', { form }));
    await measureInTurns(contenders, rows, task, ({ name, ...result }) => {
      results.push({ name: `${runtime.title}: ${name}`, ...result });
    });
  }
  const { rounds, turnMs, write } = task;
  await show('hooks-instances', { machine, base, rounds, turnMs, titles: formTitles, results }, write);
}

/** The published host in Rust; undefined, after printing why, if it cannot be built. */
async function publishedHost(): Promise<Contender | undefined> {
  console.log('building the published host of hook plugins, which takes 20 minutes the first time');
  const built = await buildReference('hooks');
  if ('program' in built) return { host: PUBLISHED, command: built.program, args: [], task: {} };
  // The cast: this file wrote it.
  const committed = JSON.parse(await readFile(resultsOf('hooks'), 'utf8')) as HookRun;
  console.log(`skipped: ${PUBLISHED_TITLE}: ${built.reason}`);
  console.log(`scripts/bench/results/hooks.json has its times on ${committed.machine}\n`);
  return undefined;
}

function foundRuntimes(names: readonly string[]): Runtime[] {
  return names.flatMap((name) => {
    const found = findRuntime(name);
    if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts\n`);
    return found === undefined ? [] : [found];
  });
}

function contender(host: string, { command, args }: Runtime, script: string, task: object): Contender {
  return { host, command, args: [...args, `scripts/bench/hooks/${script}`], task };
}

/** Prints a run, and replaces the committed one if it is to be written. */
async function show(part: string, exact: HookRun, write: boolean): Promise<void> {
  const { text, value: run } = stored(exact);
  console.log(`${table(hookHead(run), hookRows(run))}\n`);
  for (const { name, cannot } of run.results) {
    for (const { host, reason } of cannot) console.log(`  ${run.titles[host]} cannot, ${name}: ${reason}`);
  }
  if (!write) return;
  if (run.base === undefined) {
    console.log('nothing is written: a run without the published host does not replace one with it\n');
    return;
  }
  await writeFile(resultsOf(part), text);
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), part, hooksText(run)));
}
