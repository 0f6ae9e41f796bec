// Prints how much of src/ the tests reach, on the newest Node: statements and branches of each
// file.
//   npm run coverage
//   npm run coverage -- --files kernel    only with the test files whose path contains this text
// The exit code is 1 if a file under 95 % has no reason in scripts/coverage-exceptions.json, or if
// a reason is given for a file that needs none. A statement here is a line: V8, which counts,
// reports nothing smaller. Branches that exist for the type checker only do not count: the right
// side of `??` where an index is in range, and the rethrowing of an unexpected error.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from '../test/support/suites.ts';
import { findRuntime, type Runtime } from './runtimes.mjs';
import { WORKERD_TESTS } from './test/test-files.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values: options } = parseArgs({ options: { files: { type: 'string', default: '' } } });

/** How much of the statements, and of the branches, of a file the tests must reach, in percent. */
const LEAST = 95;

/** Tests of programs outside src, of what runs in workerd, and of pages in a browser. */
const ELSEWHERE = ['test/scripts', WORKERD_TESTS, 'test/inspector/page'];

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((entry) => `test/${entry.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts') && file.includes(options.files))
  .filter((file) => !ELSEWHERE.some((folder) => file.startsWith(`${folder}/`)))
  .sort();

/**
 * What c8 reports of a file: how often each statement and each branch ran, and where branches
 * begin.
 */
interface FileCoverage {
  readonly path: string;
  readonly s: Readonly<Record<string, number>>;
  readonly b: Readonly<Record<string, readonly number[]>>;
  readonly branchMap: Readonly<Record<string, { readonly locations: readonly { readonly start: Place }[] }>>;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** How the line begins in which test/support/run.ts says what failed. */
const REPORT = 'report: ';

/** Runs the tests under c8. Returns its report of each file, by path. */
function measure(folder: string, runtime: Runtime): Readonly<Record<string, FileCoverage>> {
  const c8 = join(root, 'node_modules/c8/bin/c8.js');
  const report = ['--reporter', 'json', '--reports-dir', folder, '--temp-directory', join(folder, 'raw')];
  const scope = ['--all', '--src', 'src', '--include', 'src/**', '--exclude-after-remap'];
  const { status, stdout, stderr } = spawnSync(
    runtime.command,
    [c8, ...report, ...scope, runtime.command, ...runtime.args, 'test/support/run.ts', ...files],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } },
  );
  const line = stdout.split('\n').findLast((text) => text.startsWith(REPORT));
  const broken = `the tests could not be run:\n${stdout.slice(-4000)}${stderr.slice(-2000)}`;
  if (line === undefined) throw new Error(broken);
  // The casts: test/support/run.ts and c8 wrote them.
  const { failed, failures } = JSON.parse(line.slice(REPORT.length)) as Report;
  if (failed > 0) throw new Error(`${failed} tests failed:\n${failures.join('\n')}`);
  if (status !== 0) throw new Error(broken);
  return JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')) as Record<string, FileCoverage>;
}

/** How the text of a branch begins that exists for the type checker only. */
const forTheTypeChecker = /^(\?\?|throw (error|thrown);|: (error|thrown);)/;

const part = (counts: readonly number[]): number =>
  counts.length === 0 ? 100 : (100 * counts.filter((count) => count > 0).length) / counts.length;

/** How much of a file was reached, in percent. */
function reached({ path, s, b, branchMap }: FileCoverage): { statements: number; branches: number } {
  const lines = readFileSync(path, 'utf8').split('\n');
  const branches = Object.entries(b).flatMap(([id, counts]) =>
    counts.filter((count, index) => {
      const { line = 1, column = 0 } = branchMap[id]?.locations[index]?.start ?? {};
      return count > 0 || !forTheTypeChecker.test(lines[line - 1]?.slice(column) ?? '');
    }),
  );
  return { statements: part(Object.values(s)), branches: part(branches) };
}

/**
 * Why files named `.tsx`, and hooks for them, have no numbers. `test/inspector/page/` uses them as
 * a person does.
 */
const DRAWN = 'draws the inspector, in a browser only, where coverage is not measured';

/** Whether a file holds types only, so that none of it can be reached. */
const isOfTypes = (path: string): boolean =>
  !/^(export )?(abstract |async )?(const|let|function|class)\b|^export [{*]/m.test(readFileSync(path, 'utf8'));

/**
 * Why a file is under {@link LEAST}; `varies` if it is in some runs only, because its process may
 * be ended before it writes what ran.
 */
type Reason = string | { readonly varies: string };

/** Prints the table, and each file that lacks a reason or has a needless one. */
function print(report: Readonly<Record<string, FileCoverage>>, reasons: Readonly<Record<string, Reason>>): void {
  const percent = (value: number): string => `${value.toFixed(1).padStart(6)} %`;
  console.log('statements  branches  file');
  for (const [path, found] of Object.entries(report).sort(([one], [other]) => one.localeCompare(other))) {
    const file = path.slice(root.length).replaceAll('\\', '/');
    const unmeasured = isOfTypes(path)
      ? 'types only'
      : /\.tsx$|\/views\/use-[\w-]+\.ts$/.test(path)
        ? DRAWN
        : undefined;
    if (unmeasured !== undefined) {
      console.log(`                        ${file}: ${unmeasured}`);
      continue;
    }
    const { statements, branches } = reached(found);
    const reason = reasons[file];
    const [why, varies] = typeof reason === 'object' ? [reason.varies, true] : [reason, false];
    console.log(`  ${percent(statements)}  ${percent(branches)}  ${file}${why === undefined ? '' : `: ${why}`}`);
    const low = statements < LEAST || branches < LEAST;
    if (varies || low === (why !== undefined)) continue;
    console.log(low ? `  under ${LEAST} %, and no reason is given` : '  a reason is given but not needed');
    if (options.files === '') process.exitCode = 1;
  }
  const all = part(Object.values(report).flatMap(({ s }) => Object.values(s)));
  console.log(`  ${percent(all)}  of the statements of src`);
  for (const file of Object.keys(reasons)) {
    if (Object.keys(report).some((path) => path.endsWith(file))) continue;
    console.log(`${file}: a reason is given for a file that does not exist`);
    process.exitCode = 1;
  }
}

const runtime = findRuntime('node');
if (runtime === undefined) throw new Error('no Node that strips types by itself starts here');
const reasons = readFileSync(new URL('coverage-exceptions.json', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
try {
  // The cast: the project's own file, an object of reasons.
  print(measure(folder, runtime), JSON.parse(reasons) as Record<string, Reason>);
} finally {
  rmSync(folder, { recursive: true });
}
