// Runs the tests on every runtime of this machine, one after the other:
//   npm test
//   npm test -- --runtime deno,chromium --files kernel --timeout 60
// --runtime: some of node20, node, deno, bun, chromium; --files: only test files whose path contains this text;
// --timeout: seconds that one process may take.
// Ends with `N passed, N failed`, summed over the runtimes, and with exit code 1 when something failed or nothing ran.
import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { browserPlaces, findChromium, serveTests } from './browser.mjs';
import { reportOfChild } from './child-report.mjs';
import { findRuntime, runtimeNames } from './runtimes.mjs';

const { values: options } = parseArgs({
  options: {
    runtime: { type: 'string', default: [...runtimeNames, 'chromium'].join() },
    files: { type: 'string', default: '' },
    timeout: { type: 'string', default: '600' },
  },
});
const timeoutMs = Number(options.timeout) * 1000;

/**
 * How many files one process of a runtime runs; all of them if it is not here. Bun collects garbage for tens of milliseconds now and then when it
 * makes a memory, and the longer the more memories the process has had.
 */
const FILES_PER_PROCESS = { bun: 8 };

/** Tests of programs, which start processes and read files: not for the browser. */
const notForBrowser = /^test\/(cli|scripts)\//;

const totals = { passed: 0, failed: 0 };

/** Prints what a runtime's tests came to, and adds it to the totals. */
function tell(title, { passed, failed, failures }, output, startedAt) {
  if (passed + failed === 0) return tellCrash(title, 'ran no test', output);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${title}: ${passed} passed${failed > 0 ? `, ${failed} failed` : ''} in ${seconds} s`);
  for (const reason of new Set(output.match(/skipped: .*/g))) console.log(`  ${reason}`);
  for (const failure of failures) console.log(`\n${failure}`);
  totals.passed += passed;
  totals.failed += failed;
}

/** A runtime that came to no end counts as one failed test. */
function tellCrash(title, reason, output) {
  console.log(`${title}: ${reason}\n${output.trimEnd().split('\n').slice(-60).join('\n')}`);
  totals.failed++;
}

/** Runs the files in processes of a runtime, one after the other. */
async function runProcesses({ command, args, title }, files, filesPerProcess = files.length) {
  const startedAt = performance.now();
  const sum = { passed: 0, failed: 0, failures: [] };
  let outputs = '';
  for (let from = 0; from < files.length; from += filesPerProcess) {
    const { report, output, crash } = await runProcess({ command, args }, files.slice(from, from + filesPerProcess));
    if (crash !== undefined) tellCrash(title, crash, output);
    else {
      sum.passed += report.passed;
      sum.failed += report.failed;
      sum.failures.push(...report.failures);
      outputs += output;
    }
  }
  tell(title, sum, outputs, startedAt);
}

/** Runs the files in one process: gives what the tests came to, or why it came to nothing. */
async function runProcess(runtime, files) {
  const child = await reportOfChild(runtime, 'test/support/run.ts', files, timeoutMs);
  const { code, ending, timedOut, output, reportText } = child;
  if (timedOut) return { crash: `no end within ${options.timeout} s; --timeout sets the limit`, output };
  if (reportText === undefined) return { crash: `ended early with ${ending}`, output };
  const report = JSON.parse(reportText);
  if (code !== 0 && report.failed === 0) return { crash: `exit code ${code} after the tests`, output };
  return { report, output };
}

/** Runs the files in Chromium, in each place by itself. */
async function runBrowser({ command, title }, files) {
  const own = files.filter((file) => !notForBrowser.test(file));
  const others = files.length - own.length;
  if (others > 0)
    console.log(
      `${title}: test/cli and test/scripts left out (${others} of ${files.length} files): no programs run in a browser`,
    );
  if (own.length === 0) return;
  const tests = await serveTests(command, own);
  for (const place of browserPlaces) {
    const startedAt = performance.now();
    try {
      const { report, output } = await tests.run(place, timeoutMs);
      tell(`${title}, ${place}`, report, output, startedAt);
    } catch (error) {
      tellCrash(`${title}, ${place}`, 'ended early', String(error.stack));
    }
  }
  tests.close();
}

/** The test files that match `--files`; a suite that its file forgets to run is found here, by its source. */
async function findFiles() {
  const entries = await readdir(new URL('../test/', import.meta.url), { recursive: true });
  const files = entries
    .map((entry) => `test/${entry.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && file.includes(options.files))
    .sort();
  for (const file of files) {
    const source = await readFile(new URL(`../${file}`, import.meta.url), 'utf8');
    for (const [, name] of source.matchAll(/\bconst (\w+) = suite\b/g)) {
      if (source.includes(`${name}.run()`)) continue;
      console.log(`${file}: the suite ${name} has no ${name}.run()`);
      totals.failed++;
    }
  }
  return files;
}

/** Runs all files on one runtime; one that cannot even be started has crashed. */
async function run(name, found) {
  try {
    if (name === 'chromium') await runBrowser(found, files);
    else await runProcesses(found, files, FILES_PER_PROCESS[name]);
  } catch (error) {
    tellCrash(found.title, 'could not be started', String(error.stack));
  }
}

const files = await findFiles();
const names = options.runtime.split(',');
const unknown = names.filter((name) => name !== 'chromium' && !runtimeNames.includes(name));
if (unknown.length > 0) throw new Error(`--runtime ${unknown}: expected some of ${[...runtimeNames, 'chromium']}`);
for (const name of files.length > 0 ? names : []) {
  const found = name === 'chromium' ? findChromium() : findRuntime(name);
  if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts`);
  else await run(name, found);
}
if (totals.passed + totals.failed === 0)
  console.log(`no test ran: ${files.length} test files contain '${options.files}' in their path`);
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
console.log(`${totals.passed} passed, ${totals.failed} failed`);
