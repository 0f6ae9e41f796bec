// Runs the tests. Each runtime runs them in processes that take the next test file from one queue.
//   npm test                          on the Node that is installed, and on nothing else
//   npm test -- --files kernel        only test files whose path contains this text
//   npm run test:all                  on every runtime of this machine, and the real modules
//   node --import ./scripts/typescript.mjs scripts/test.ts --runtime deno,chromium --timeout 60
//   npm run test:gateway              those of examples/gateway, which --folder names
// --runtime: all, or some of node20, node, deno, bun, chromium, workerd; by default the Node that
// runs this program, without tests that need a browser or another runtime; --timeout: a process is
// ended when it prints nothing for this many seconds, 120 by default; --processes: how many run at
// the same time, by default as many as there are cores; --alone: each file has a process of its
// own; --write-seconds: writes how long each file took into scripts/test/seconds.json, which
// decides the order of the files. Only without --runtime. Prints why tests were skipped, and each
// failure. The last line is `N passed, N failed`, summed over the runtimes. The exit code is 1 if a
// test failed or none ran.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { findChromium } from '../test/support/chromium.ts';
import { ONLY_THIS_NODE } from '../test/support/only-this-node.ts';
import { findRuntime, findWorkerd, type Runtime, runtimeNames, thisNode } from './runtimes.mjs';
import { browserPlaces, serveTests } from './test/browser.ts';
import { runFiles } from './test/run-files.ts';
import { readSeconds, writeSeconds } from './test/seconds.ts';
import { skippedReasons } from './test/skipped-reasons.ts';
import { findTestFiles, longestFirst, WORKERD_TESTS } from './test/test-files.ts';
import type { FileOutcome } from './test/test-process.ts';
import { runInWorker, runsInWorkerd } from './test/workerd.ts';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string' },
    files: { type: 'string', default: '' },
    folder: { type: 'string', default: 'test' },
    alone: { type: 'boolean', default: false },
    timeout: { type: 'string', default: '120' },
    processes: { type: 'string', default: String(availableParallelism()) },
    'write-seconds': { type: 'boolean', default: false },
  },
});

/** A positive number that an option gives. */
function numberOf(option: 'timeout' | 'processes'): number {
  const value = Number(options[option]);
  if (!(value > 0)) throw new Error(`--${option} ${options[option]}: expected a number above 0`);
  return value;
}

const silenceMs = numberOf('timeout') * 1000;
const processes = Math.ceil(numberOf('processes'));

/**
 * How many files one process of a runtime runs, if not all that it gets. Bun sometimes collects
 * garbage for tens of milliseconds when it makes a memory, and longer the more memories the process
 * has had: a file that makes thousands of memories must not come after one that did.
 */
const FILES_PER_PROCESS: Readonly<Record<string, number>> = { bun: 1 };

/** Tests that start processes or servers, or use files: they do not run in a browser. */
const notForBrowser = /^test\/(cli|environments|scripts|host\/(folder|http|processes)|inspector\/page)\//;

/** Tests of pages that Node opens. They run with the Nodes, or for Chromium alone. */
const drivesBrowser = /^test\/(environments\/csp|inspector\/page\/)/;

/** A longer reason of skipped tests, such as a list of what an engine lacks, is cut. */
const REASON_CHARACTERS = 200;

const totals = { passed: 0, failed: 0 };

/** The last lines of an output that is printed because something crashed. */
const tail = (output: string): string => output.trimEnd().split('\n').slice(-60).join('\n');

function countCrash(title: string, reason: string, output: string): void {
  console.log(`${title}: ${reason}\n${tail(output)}`);
  totals.failed++;
}

/** Prints the results of the tests on a runtime, and adds them to the totals. */
function count(title: string, outcomes: readonly FileOutcome[], startedAt: number): void {
  let [passed, failed] = [0, 0];
  for (const { result } of outcomes) {
    if ('crash' in result) continue;
    passed += result.passed;
    failed += result.failed;
  }
  totals.passed += passed;
  totals.failed += failed;
  const crashes = outcomes.flatMap(({ file, result, output }) =>
    'crash' in result ? [{ file, output, reason: result.crash }] : [],
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${title}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} in ${seconds} s`);
  for (const reason of skippedReasons(outcomes.map(({ output }) => output))) {
    console.log(`  ${reason.length > REASON_CHARACTERS ? `${reason.slice(0, REASON_CHARACTERS)} ...` : reason}`);
  }
  for (const { file, reason, output } of crashes) countCrash(`${title}: ${file}`, reason, output);
  for (const { result } of outcomes) {
    if ('crash' in result) continue;
    for (const failure of result.failures) console.log(`\n${failure}`);
  }
  if (passed + failed + crashes.length === 0) countCrash(title, 'ran no test', '');
}

/** Says on a terminal how far the tests are; the line is replaced by the next one. */
function showProgress(done: number, all: number): void {
  if (process.stdout.isTTY) process.stdout.write(done === all ? '\r\u001b[K' : `\r${done} of ${all} test files`);
}

async function runOnRuntime(
  runtime: Runtime,
  files: readonly string[],
  filesPerProcess: number,
  env: Readonly<Record<string, string>>,
): Promise<FileOutcome[]> {
  const startedAt = performance.now();
  let done = 0;
  const onOutcome = (): void => showProgress(++done, files.length);
  const outcomes = await runFiles(runtime, files, { processes, filesPerProcess, silenceMs, env, onOutcome });
  showProgress(1, 1);
  count(runtime.title, outcomes, startedAt);
  return outcomes;
}

/** Runs the files in Chromium: in a page and in a worker, each in a browser of its own. */
async function runInBrowser(files: readonly string[]): Promise<void> {
  const chromium = findChromium();
  if (chromium === undefined) return console.log('skipped: chromium: none on this machine that starts');
  const own = files.filter((file) => !notForBrowser.test(file));
  const others = files.length - own.length;
  if (others > 0) {
    const what = `tests of programs, servers and files left out (${others} of ${files.length} files)`;
    console.log(`${chromium.title}: ${what}: a browser has none of them`);
  }
  const driven = files.filter((file) => drivesBrowser.test(file));
  if (driven.length > 0 && !names.some((name) => name.startsWith('node'))) {
    const title = `${chromium.title}, opened by tests on Node`;
    await runOnRuntime({ ...thisNode(), title }, driven, Number.POSITIVE_INFINITY, {});
  }
  if (own.length === 0) return;
  const tests = await serveTests(chromium.command, own);
  const run = async (place: (typeof browserPlaces)[number]): Promise<void> => {
    const title = `${chromium.title}, ${place}`;
    const startedAt = performance.now();
    try {
      const { report, output } = await tests.run(place, silenceMs);
      count(title, [{ file: place, seconds: 0, output, result: report }], startedAt);
    } catch (error) {
      countCrash(title, 'ended early', stackOf(error));
    }
  };
  if (processes > 1) await Promise.all(browserPlaces.map(run));
  else for (const place of browserPlaces) await run(place);
  tests.close();
}

/** The tests of the example that runs in workerd: they start it, and ask it over HTTP. */
const EDGE_EXAMPLE = 'examples/edge/test';

/**
 * Runs tests in workerd, in a request handler: those of {@link WORKERD_TESTS}, and of the files
 * that need nothing but fixtures. Then the tests of the example, on the Node that runs this.
 */
async function runInWorkerd(files: readonly string[]): Promise<void> {
  const workerd = findWorkerd();
  if (workerd === undefined) return console.log('skipped: workerd: none on this machine that starts');
  const common = files.filter(runsInWorkerd);
  const others = files.length - common.length;
  if (others > 0) {
    const what = `tests that compile or read files left out (${others} of ${files.length} files)`;
    console.log(`${workerd.title}: ${what}: an edge worker does neither`);
  }
  const inside = [...common, ...ofWorkerd];
  if (inside.length > 0) {
    const startedAt = performance.now();
    const { report, output } = await runInWorker(workerd, inside, silenceMs);
    count(workerd.title, [{ file: 'in the worker', seconds: 0, output, result: report }], startedAt);
  }
  const title = `${workerd.title}, ${EDGE_EXAMPLE}`;
  if (ofExample.length > 0) await runOnRuntime({ ...thisNode(), title }, ofExample, Number.POSITIVE_INFINITY, {});
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Runs all files on one of the runtimes that `--runtime` names. */
async function runNamed(name: string, files: readonly string[]): Promise<void> {
  if (name === 'workerd') return await runInWorkerd(files);
  if (name === 'chromium') return await runInBrowser(files);
  if (files.length === 0) return console.log(`${name}: it runs none of these tests`);
  const runtime = findRuntime(name);
  if (runtime === undefined) return console.log(`skipped: ${name}: none on this machine that starts`);
  const filesPerProcess = options.alone ? 1 : (FILES_PER_PROCESS[name] ?? Number.POSITIVE_INFINITY);
  await runOnRuntime(runtime, files, filesPerProcess, {});
}

const known = [...runtimeNames, 'chromium', 'workerd'];
const names = options.runtime === 'all' ? known : (options.runtime?.split(',') ?? []);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`--runtime ${unknown}: expected all, or some of ${known}`);

/** The test files of a folder; what is wrong with them counts as a failure. */
async function filesIn(folder: string): Promise<readonly string[]> {
  const { files, faults } = await findTestFiles(options.files, folder);
  for (const fault of faults) countCrash('the source of a test', fault, '');
  return files;
}

const files = longestFirst(await filesIn(options.folder), await readSeconds());
const usesWorkerd = names.includes('workerd');
const ofWorkerd = usesWorkerd ? await filesIn(WORKERD_TESTS) : [];
const ofExample = usesWorkerd ? await filesIn(EDGE_EXAMPLE) : [];
const isAny = files.length + ofWorkerd.length + ofExample.length > 0;
if (!isAny) console.log(`no test file has '${options.files}' in its path`);
else if (options.runtime === undefined) {
  const outcomes = await runOnRuntime(thisNode(), files, Number.POSITIVE_INFINITY, { [ONLY_THIS_NODE]: '1' });
  if (options['write-seconds']) await writeSeconds(outcomes);
}
for (const name of isAny ? names : []) {
  try {
    await runNamed(name, files);
  } catch (error) {
    countCrash(name, 'could not be started', stackOf(error));
  }
}
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed`);
