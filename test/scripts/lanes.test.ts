// The lanes of `.ci/run`: which run after a failure, and what the table and the last line say.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { laneTable } from '../../scripts/lanes.mjs';
import { findNode } from '../../scripts/runtimes.mjs';

const lanes = suite('lanes');
const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(new URL(path, new URL('../../', import.meta.url)), 'utf8');
const found = findNode();

/** Runs lanes, given as [name, program, counts], in a process of their own. */
function run(given: readonly (readonly [name: string, program: string, counts?: boolean])[]) {
  // Every test returns before this if there is none.
  const command = found?.command ?? '';
  const list = given.map(([name, program, counts]) => ({ name, command, args: ['--eval', program], counts }));
  const program = `import { runAndPrint } from './scripts/lanes.mjs'; await runAndPrint(${JSON.stringify(list)});`;
  const { status, stdout } = spawnSync(command, ['--input-type=module', '--eval', program], {
    cwd: root,
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  const table = lines.slice(lines.findIndex((line) => /^lane +minutes$/.test(line)) + 1);
  return { status, stdout, table: table.map((line) => line.replace(/\d+\.\d$/, 'N')), last: lines.at(-1) };
}

const says = (text: string, code = 0): string => `console.log('${text}'); process.exitCode = ${code};`;

lanes('sum their tests if all pass', () => {
  if (found === undefined) return console.log('skipped: lanes: no Node on this machine');
  const { status, table, last } = run([
    ['check', says('fine')],
    ['test', says('more\\n3 passed, 0 failed'), true],
    ['all', says('40 passed, 0 failed'), true],
  ]);
  assert.is(status, 0);
  assert.is(last, '43 passed, 0 failed');
  assert.equal(table.slice(0, 4), ['check      N', 'test       N', 'all        N', 'all        N']);
});

lanes('a failure before the tests ends the run, and counts as a failed test', () => {
  if (found === undefined) return console.log('skipped: lanes: no Node on this machine');
  const { status, table, last, stdout } = run([
    ['check', says('wrong', 2)],
    ['build', says('built')],
    ['test', says('3 passed, 0 failed'), true],
  ]);
  assert.is(status, 1);
  assert.is(last, '0 passed, 1 failed');
  assert.match(table[0] ?? '', /^check +0\.\d {2}FAILED$/);
  assert.equal(table.slice(1, 3), ['build        -  not run', 'test         -  not run']);
  assert.not.match(stdout, 'built');
});

lanes('failed tests do not keep later tests from being counted', () => {
  if (found === undefined) return console.log('skipped: lanes: no Node on this machine');
  const { status, last } = run([
    ['test', says('3 passed, 2 failed', 1), true],
    ['all', says('40 passed, 0 failed'), true],
  ]);
  assert.is(status, 1);
  assert.is(last, '43 passed, 2 failed');
});

for (const [title, program] of [
  ['prints no count', says('3 passed')],
  ['counts no test', says('0 passed, 0 failed')],
  ['ends with a code that no failed test explains', says('3 passed, 0 failed', 1)],
] as const) {
  lanes(`a lane of tests fails that ${title}`, () => {
    if (found === undefined) return console.log('skipped: lanes: no Node on this machine');
    const { status, last } = run([['test', program, true]]);
    assert.is(status, 1);
    assert.match(last ?? '', /^\d passed, 1 failed$/);
  });
}

lanes('a lane that only informs fails nothing', () => {
  if (found === undefined) return console.log('skipped: lanes: no Node on this machine');
  const program = `
    import { runLanes } from './scripts/lanes.mjs';
    const command = process.execPath;
    const lane = (name, code, more) => ({ name, command, args: ['--eval', code], ...more });
    const results = await runLanes([
      lane('bench', 'process.exit(1)', { informs: true }),
      lane('test', "console.log('3 passed, 0 failed')", { counts: true }),
    ]);
    console.log(results.map(({ status, passed, failed }) => [status, passed, failed].join()).join(' '));`;
  const { stdout } = spawnSync(found.command, ['--input-type=module', '--eval', program], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.is(stdout.trimEnd().split('\n').at(-1), 'no result,0,0 passed,3,0');
});

lanes('the table shows minutes', () => {
  const result = { name: 'soak', status: 'passed', seconds: 300, passed: 0, failed: 0 } as const;
  assert.match(laneTable([result]), /^lane {2}minutes\nsoak {6}5\.0\nall {7}5\.0\n\n0 passed, 0 failed$/);
});

lanes('.ci/run runs npm test and npm run test:all, which runs the real modules too', () => {
  assert.match(read('.ci/run'), 'exec node scripts/ci.mjs');
  const ci = read('scripts/ci.mjs');
  for (const script of [
    'check',
    'build',
    'check:package',
    'fixtures',
    'coverage',
    'soak',
    'bench',
    'test',
    'test:all',
  ]) {
    assert.match(ci, new RegExp(`'${script}[ ']`));
  }
  const all = read('scripts/test-all.ts');
  assert.match(all, `['--runtime', 'all', ...given]`);
  assert.match(all, `'scripts/test.ts', ...runtimes`);
  assert.match(all, `'scripts/modules.ts'`);
});

lanes('npm run test:all gives its arguments to the tests, and then leaves the real modules out', () => {
  if (found === undefined) return console.log('skipped: lanes: no Node on this machine');
  const args = ['scripts/test-all.ts', '--runtime', 'workerd,nowhere'];
  const { status, stdout, stderr } = spawnSync(found.command, [...found.args, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.match(stderr, /--runtime nowhere: expected all, or some of .*chromium,workerd/);
  assert.match(stdout, /^real modules: left out, because arguments were given/);
  assert.not.match(stdout, '--- real modules');
  assert.match(stdout, /\n0 passed, 1 failed\n$/);
  assert.is(status, 1);
});

lanes.run();
