// Changes the sources of src/wasm and src/kernel in one place at a time, and looks whether a test notices:
//   npm run mutation
//   npm run mutation -- --minutes 20 --seed 7
//   npm run mutation -- --files src/kernel/memory.ts:34    only this line; or a file, or the beginning of its path
// --minutes: how long, 8 by default; --seed: the order in which places are tried, 1 by default.
// A change is tried with the tests that mirror its file (src/x/y.ts: test/x/y.test.ts, else those of the folder test/x), and when those
// pass, with all tests of test/wasm or test/kernel. One without which a module of the kernel is not valid counts as noticed too.
// Survivors are printed; some change nothing that can be seen, so the exit code does not tell of them.
// All happens in a copy of src and test: the project itself is never changed. The tables of src/wasm/instructions are left out.
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
import { mutantsOf } from './mutation/mutants.mjs';
import { findRuntime } from './runtimes.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '' },
  },
});

/** How long tests may take, in milliseconds, before a change counts as noticed: those of a folder take about four seconds. */
const LIMIT_MS = 20_000;

const filesUnder = (folder, end) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((entry) => `${folder}/${entry.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith(end))
    .sort();

/** All changes, in order of their places. */
const allMutants = () =>
  [...filesUnder('src/wasm', '.ts'), ...filesUnder('src/kernel', '.ts')]
    .filter((file) => !file.startsWith('src/wasm/instructions/'))
    .flatMap((file) => {
      const source = nodeModule.stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'));
      return mutantsOf(source, file.startsWith('src/kernel/code/')).map((mutant) => ({ file, ...mutant }));
    })
    .filter(({ file, line }) => file.startsWith(options.files) || `${file}:${line}` === options.files);

/** Puts a list into an order that a seed decides (mulberry32, Fisher and Yates). */
function shuffle(list, seed) {
  let state = seed;
  for (let left = list.length; left > 1; left--) {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    const chosen = Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * left);
    [list[left - 1], list[chosen]] = [list[chosen], list[left - 1]];
  }
  return list;
}

/** The tests to try one after the other: those that mirror a file, then those of its part of the project. */
function testsOf(file) {
  const mirror = file.replace('src/', 'test/').replace('.ts', '.test.ts');
  const all = filesUnder(mirror.split('/').slice(0, 2).join('/'), '.test.ts');
  return [existsSync(join(root, mirror)) ? [mirror] : all.filter((test) => test.startsWith(dirname(mirror))), all];
}

/** What can come of a change; which tests noticed it is told by the first two. */
const outcomes = ['killed', 'killed by other tests of the folder', 'timed out', 'survived'];

/** Runs the tests of a file in the copy: one of `outcomes`. */
function outcomeOf(file, copy, command) {
  for (const [stage, tests] of testsOf(file).entries()) {
    const { error, status, stdout } = spawnSync(
      command,
      ['--max-old-space-size=512', 'test/support/run.ts', ...tests],
      { cwd: copy, encoding: 'utf8', timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 },
    );
    if (error?.code === 'ETIMEDOUT') return 'timed out';
    if (status !== 0 || !/^report: .*"failed":0,/m.test(stdout)) return outcomes[stage];
  }
  return 'survived';
}

/** Tries changes in the copy until the time is over, and prints what came of them. */
function tryAll(mutants, copy, command) {
  const counts = new Map(outcomes.map((outcome) => [outcome, 0]));
  const end = performance.now() + Number(options.minutes) * 60_000;
  let tried = 0;
  for (const { file, line, change, mutated } of mutants) {
    if (performance.now() > end) break;
    const original = readFileSync(join(copy, file));
    writeFileSync(join(copy, file), mutated);
    const outcome = outcomeOf(file, copy, command);
    writeFileSync(join(copy, file), original);
    counts.set(outcome, counts.get(outcome) + 1);
    tried++;
    if (outcome !== 'killed') console.log(`${outcome}: ${file}:${line}: ${change}`);
  }
  const told = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  console.log(`${tried} of ${mutants.length} changes tried with seed ${options.seed}: ${told}`);
}

/** Makes the copy, and removes it afterwards. */
function run(command) {
  const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
  try {
    const filter = (path) => !path.includes('node_modules', root.length);
    for (const folder of ['src', 'test']) cpSync(join(root, folder), join(copy, folder), { recursive: true, filter });
    for (const name of ['node_modules', 'fixtures', 'abi', 'scripts', 'package.json'])
      symlinkSync(join(root, name), join(copy, name));
    tryAll(shuffle(allMutants(), Number(options.seed)), copy, command);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const runtime = findRuntime('node');
if (runtime === undefined) throw new Error('no Node that strips types by itself starts here');
// Blanking types takes such a Node as well.
if (nodeModule.stripTypeScriptTypes !== undefined) run(runtime.command);
else {
  const args = ['--no-warnings', ...process.argv.slice(1)];
  process.exitCode = spawnSync(runtime.command, args, { stdio: 'inherit' }).status ?? 1;
}
