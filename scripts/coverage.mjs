// Prints what part of src/ the tests reach, on the newest Node: statements and branches of each file.
//   npm run coverage
//   npm run coverage -- --files kernel    only with the test files whose path contains this text
// A file under 95 % must have a reason in scripts/coverage-exceptions.json, and a reason needs such a file: else the exit code is 1.
// Statements are lines here: V8, which counts, tells of nothing smaller. Branches that only the type checker asks for do not count: what
// stands after `??` where an index is in range, and the rethrowing of an error that is none of the expected ones.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findRuntime } from './runtimes.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({ options: { files: { type: 'string', default: '' } } });

/** The least part of statements, and of branches, that tests must reach in a file, in percent. */
const LEAST = 95;

const runtime = findRuntime('node');
if (runtime === undefined) throw new Error('no Node that strips types by itself starts here');
const files = readdirSync(join(root, 'test'), { recursive: true })
  .map((entry) => `test/${entry.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts') && file.includes(options.files))
  // Those are about programs beside src.
  .filter((file) => !file.startsWith('test/scripts/'))
  .sort();

/** Runs the tests under c8, and gives what it says of each file. */
function measure(folder) {
  const c8 = join(root, 'node_modules/c8/bin/c8.js');
  const report = ['--reporter', 'json', '--reports-dir', folder, '--temp-directory', join(folder, 'raw')];
  const scope = ['--all', '--src', 'src', '--include', 'src/**', '--exclude-after-remap'];
  const { status, stdout, stderr } = spawnSync(
    runtime.command,
    [c8, ...report, ...scope, runtime.command, ...runtime.args, 'test/support/run.ts', ...files],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } },
  );
  if (status !== 0) throw new Error(`the tests could not be run:\n${stdout.slice(-4000)}${stderr.slice(-2000)}`);
  const line = stdout.split('\n').findLast((text) => text.startsWith('report: '));
  const { failed, failures } = JSON.parse(line.slice('report: '.length));
  if (failed > 0) throw new Error(`${failed} tests failed:\n${failures.join('\n')}`);
  return JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8'));
}

/** What the text of a branch begins with that is there for the type checker alone. */
const forTheTypeChecker = /^(\?\?|throw (error|thrown);|: (error|thrown);)/;

const part = (counts) =>
  counts.length === 0 ? 100 : (100 * counts.filter((count) => count > 0).length) / counts.length;

/** The parts of a file that were reached, in percent. */
function reached({ path, s, b, branchMap }) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const branches = Object.entries(b).flatMap(([id, counts]) =>
    counts.filter((count, index) => {
      const { line, column } = branchMap[id].locations[index].start;
      return count > 0 || !forTheTypeChecker.test(lines[line - 1].slice(column));
    }),
  );
  return { statements: part(Object.values(s)), branches: part(branches) };
}

/** Whether a file is gone when types are stripped: nothing of it can be reached. */
const isOfTypes = (path) =>
  !/^(export )?(abstract |async )?(const|let|function|class)\b|^export [{*]/m.test(readFileSync(path, 'utf8'));

function tell(report, reasons) {
  const percent = (value) => `${value.toFixed(1).padStart(6)} %`;
  console.log('statements  branches  file');
  for (const [path, found] of Object.entries(report).sort(([one], [other]) => one.localeCompare(other))) {
    const file = path.slice(root.length).replaceAll('\\', '/');
    if (isOfTypes(path)) {
      console.log(`                        ${file}: types only`);
      continue;
    }
    const { statements, branches } = reached(found);
    const reason = reasons[file];
    console.log(`  ${percent(statements)}  ${percent(branches)}  ${file}${reason === undefined ? '' : `: ${reason}`}`);
    const low = statements < LEAST || branches < LEAST;
    if (low === (reason !== undefined)) continue;
    console.log(low ? `  under ${LEAST} %, and no reason is given` : '  a reason is given, and is not needed');
    if (options.files === '') process.exitCode = 1;
  }
  const all = part(Object.values(report).flatMap(({ s }) => Object.values(s)));
  console.log(`  ${percent(all)}  of the statements of src`);
  for (const file of Object.keys(reasons)) {
    if (Object.keys(report).some((path) => path.endsWith(file))) continue;
    console.log(`${file}: a reason is given for a file that is not there`);
    process.exitCode = 1;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
try {
  tell(measure(folder), JSON.parse(readFileSync(new URL('coverage-exceptions.json', import.meta.url), 'utf8')));
} finally {
  rmSync(folder, { recursive: true });
}
