// The processes that run tests: what they report, when they are ended, and how they share files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';
import { runFiles } from '../../scripts/test/run-files.ts';
import { longestFirst } from '../../scripts/test/test-files.ts';
import type { FileOutcome } from '../../scripts/test/test-process.ts';

const processes = suite('processes of tests');

const found = findNode();
const folder = mkdtempSync(join(tmpdir(), 'run-files-'));
processes.after(() => rmSync(folder, { recursive: true }));

/** Long enough for a busy machine to start a process. */
const QUIET_MS = 20_000;
const report = (passed: number): string => `console.log('\\nreport: {"passed":${passed},"failed":0,"failures":[]}');`;

/**
 * Runs files with a script that gets the name of a file as `name`, and its own number of files as
 * `count`.
 */
async function outcomesOf(
  body: string,
  files: readonly string[],
  { silenceMs = QUIET_MS, processes = 1, filesPerProcess = Number.POSITIVE_INFINITY } = {},
): Promise<FileOutcome[]> {
  const script = join(folder, 'script.mjs');
  writeFileSync(
    script,
    `import { createInterface } from 'node:readline';
     const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
     let count = 0;
     for await (const name of createInterface({ input: process.stdin })) { count++; ${body} }`,
  );
  // Every test returns before this if there is none.
  const command = found?.command ?? '';
  return await runFiles({ command, args: [] }, files, { script, silenceMs, processes, filesPerProcess });
}

const crashesOf = (outcomes: readonly FileOutcome[]): readonly (string | undefined)[] =>
  outcomes.map(({ result }) => ('crash' in result ? result.crash : undefined));

/** A test that needs a Node, which is the only runtime that the script is for. */
function test(title: string, run: () => Promise<void>): void {
  processes(title, async () => {
    if (found === undefined) return console.log(`skipped: ${title}: no Node on this machine`);
    await run();
  });
}

test('a process that prints nothing for too long is ended, and the next file runs in a new one', async () => {
  const body = `if (name === 'silent') await after(60_000); ${report(3)}`;
  const started = performance.now();
  const outcomes = await outcomesOf(body, ['silent', 'other'], { silenceMs: 2_000 });
  assert.ok(performance.now() - started < 30_000);
  assert.equal(crashesOf(outcomes), ['printed nothing for 2 s; --timeout sets the limit', undefined]);
  assert.equal(outcomes[1]?.result, { passed: 3, failed: 0, failures: [] });
});

test('a process that takes longer than that, and prints, is not ended', async () => {
  const body = `for (let turn = 0; turn < 40; turn++) { await after(100); process.stdout.write('.'); } ${report(1)}`;
  const started = performance.now();
  const outcomes = await outcomesOf(body, ['slow'], { silenceMs: 3_000 });
  assert.ok(performance.now() - started > 3_900);
  assert.equal(crashesOf(outcomes), [undefined]);
  assert.match(outcomes[0]?.output ?? '', /^\.{40}/);
});

test('a process that does not end after its last file is ended and reported', async () => {
  const body = `setInterval(() => undefined, 1_000); ${report(1)}`;
  const outcomes = await outcomesOf(body, ['last'], { silenceMs: 2_000 });
  assert.equal(crashesOf(outcomes), [undefined, 'did not end after its last test file: printed nothing for 2 s']);
});

test('an early end is reported with its output, and an exit code that no failed test explains', async () => {
  const early = await outcomesOf(`console.error('why'); process.exit(7);`, ['a', 'b']);
  assert.equal(crashesOf(early), ['ended early with exit code 7', 'ended early with exit code 7']);
  assert.match(early[0]?.output ?? '', 'why');
  const late = await outcomesOf(`process.exitCode = 5; ${report(1)}`, ['a', 'b']);
  assert.equal(crashesOf(late), [undefined, undefined, 'exit code 5 after the tests']);
});

test('a runtime that cannot be started is reported for each file', async () => {
  const options = { silenceMs: QUIET_MS, processes: 2, filesPerProcess: 8 };
  const outcomes = await runFiles({ command: join(folder, 'absent'), args: [] }, ['a', 'b'], options);
  assert.is(outcomes.length, 2);
  for (const crash of crashesOf(outcomes)) assert.match(crash ?? '', /^could not be started: .*ENOENT/);
});

test('a process is replaced after its number of files, and processes share the files', async () => {
  const body = `console.log('file ' + count + ' of ' + process.pid); ${report(1)}`;
  const files = Array.from({ length: 9 }, (_, index) => `file ${index}`);
  const outcomes = await outcomesOf(body, files, { processes: 2, filesPerProcess: 2 });
  assert.equal(outcomes.map(({ file }) => file).sort(), files);
  const counts = outcomes.map(({ output }) => /file (\d) of (\d+)/.exec(output) ?? []);
  assert.ok(counts.every(([, count]) => Number(count) <= 2));
  assert.ok(new Set(counts.map(([, , pid]) => pid)).size >= 5);
});

test('a test that awaits what never comes ends its process at once', async () => {
  // Beside node_modules, where the file finds uvu.
  const own = fileURLToPath(new URL('../../node_modules/.cache/run-files-test', import.meta.url));
  mkdirSync(own, { recursive: true });
  try {
    const file = join(own, 'hangs.test.mjs');
    const text = `import { suite } from 'uvu';
      const hangs = suite('hangs'); hangs('for ever', () => new Promise(() => undefined)); hangs.run();`;
    writeFileSync(file, text);
    if (found === undefined) return;
    const options = { silenceMs: 60_000, processes: 1, filesPerProcess: 8 };
    const outcomes = await runFiles(found, [file], options);
    assert.match(crashesOf(outcomes)[0] ?? '', /^ended early with exit code \d+$/);
    assert.match(outcomes[0]?.output ?? '', 'Exiting early before testing is finished.');
  } finally {
    rmSync(own, { recursive: true });
  }
});

processes('files without a time start first, then the slowest', () => {
  const seconds = { a: 1, b: 9, d: 3 };
  assert.equal(longestFirst(['a', 'b', 'c', 'd', 'e'], seconds), ['c', 'e', 'b', 'd', 'a']);
});

processes.run();
