// Changes the sources of src/wasm and src/kernel in one place at a time, and checks whether a test
// fails:
//   npm run mutation
//   npm run mutation -- --minutes 20 --seed 7
//   npm run mutation -- --files src/kernel/memory.ts:34    only this line
// --minutes: how long, 8 by default; --seed: the order in which places are tried, 1 by default;
// --files: a line of a file, a file, or the beginning of its path. A
// change is tried with the tests that mirror its file (src/x/y.ts: test/x/y.test.ts, else those of
// the folder test/x), and if those pass, with all tests of test/wasm or test/kernel. A change that
// makes a module of the kernel invalid counts as noticed. Survivors are printed. Some have no
// visible effect, so they do not change the exit code. Everything happens in a copy of src and
// test. The tables of src/wasm/instructions are left out.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutation/mutants.ts';
import { findRuntime } from './runtimes.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '' },
  },
});

/**
 * A change counts as noticed after this many milliseconds: the tests of a folder take about four
 * seconds.
 */
const LIMIT_MS = 20_000;

/** A change in a file. */
interface Change extends Mutant {
  readonly file: string;
}

const filesUnder = (folder: string, end: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((entry) => `${folder}/${entry.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith(end))
    .sort();

/** All changes, in order of their places. */
const allMutants = (): Change[] =>
  [...filesUnder('src/wasm', '.ts'), ...filesUnder('src/kernel', '.ts')]
    .filter((file) => !file.startsWith('src/wasm/instructions/'))
    .flatMap((file) => {
      const source = nodeModule.stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'));
      return mutantsOf(source, file.startsWith('src/kernel/code/')).map((mutant) => ({ file, ...mutant }));
    })
    .filter(({ file, line }) => file.startsWith(options.files) || `${file}:${line}` === options.files);

/** Shuffles a list by a seed (mulberry32, Fisher and Yates). */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const drawn: Item[] = [];
  const list = [...items];
  let state = seed;
  for (let left = list.length; left > 1; left--) {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    const chosen = Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * left);
    drawn.push(...list.splice(chosen, 1));
  }
  return [...drawn, ...list];
}

/** The tests to try, in order: those that mirror a file, then those of its folder. */
function testsOf(file: string): readonly (readonly string[])[] {
  const mirror = file.replace('src/', 'test/').replace('.ts', '.test.ts');
  const all = filesUnder(mirror.split('/').slice(0, 2).join('/'), '.test.ts');
  return [existsSync(join(root, mirror)) ? [mirror] : all.filter((test) => test.startsWith(dirname(mirror))), all];
}

/** What a change can result in. The first two say which tests noticed it. */
const outcomes = ['killed', 'killed by other tests of the folder', 'timed out', 'survived'] as const;
type Outcome = (typeof outcomes)[number];

/** Runs the tests of a file in the copy. */
function outcomeOf(file: string, copy: string, command: string): Outcome {
  for (const [stage, tests] of testsOf(file).entries()) {
    const { error, status, stdout } = spawnSync(
      command,
      ['--max-old-space-size=512', 'test/support/run.ts', ...tests],
      { cwd: copy, encoding: 'utf8', timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 },
    );
    if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return 'timed out';
    if (status !== 0 || !/^report: .*"failed":0,/m.test(stdout)) return outcomes[stage] ?? 'killed';
  }
  return 'survived';
}

/** Tries changes in the copy until the time is over, and prints the outcomes. */
function tryAll(mutants: readonly Change[], copy: string, command: string): void {
  const counts = new Map<Outcome, number>(outcomes.map((outcome) => [outcome, 0]));
  const end = performance.now() + Number(options.minutes) * 60_000;
  let tried = 0;
  for (const { file, line, change, mutated } of mutants) {
    if (performance.now() > end) break;
    const original = readFileSync(join(copy, file));
    writeFileSync(join(copy, file), mutated);
    const outcome = outcomeOf(file, copy, command);
    writeFileSync(join(copy, file), original);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    tried++;
    if (outcome !== 'killed') console.log(`${outcome}: ${file}:${line}: ${change}`);
  }
  const sums = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  console.log(`${tried} of ${mutants.length} changes tried with seed ${options.seed}: ${sums}`);
}

/** Makes the copy, and removes it afterwards. */
function run(command: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
  try {
    const filter = (path: string): boolean => !path.includes('node_modules', root.length);
    for (const folder of ['src', 'test']) cpSync(join(root, folder), join(copy, folder), { recursive: true, filter });
    for (const name of ['node_modules', 'fixtures', 'abi', 'scripts', 'package.json'])
      symlinkSync(join(root, name), join(copy, name));
    tryAll(shuffled(allMutants(), Number(options.seed)), copy, command);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const runtime = findRuntime('node');
if (runtime === undefined) throw new Error('no Node that strips types by itself starts here');
// Only such a Node can blank types.
if (nodeModule.stripTypeScriptTypes !== undefined) run(runtime.command);
else {
  const args = ['--no-warnings', ...process.argv.slice(1)];
  process.exitCode = spawnSync(runtime.command, args, { stdio: 'inherit' }).status ?? 1;
}
