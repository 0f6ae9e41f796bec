// Checks everything: `.ci/run`. The first lane that fails ends the run, but all tests are counted.
// Prints a table of the lanes with their minutes. The last line is `N passed, N failed`, summed
// over the lanes that run tests; any other lane that fails counts as one failed test.
import { runAndPrint } from './lanes.mjs';

/**
 * @param {string} name
 * @param {readonly string[]} args
 */
const npm = (name, ...args) => ({ name, command: 'npm', args: ['run', '--silent', ...args] });

await runAndPrint([
  { name: 'setup', command: process.execPath, args: ['scripts/setup.mjs', '--runtimes', '--modules', '--gateway'] },
  npm('check', 'check'),
  npm('build', 'build'),
  npm('package', 'check:package'),
  npm('sizes', 'sizes', '--', '--check'),
  npm('fixtures', 'fixtures', '--', '--check'),
  npm('docs', 'docs'),
  npm('coverage', 'coverage'),
  npm('test:hosts', 'test:hosts'),
  npm('test:templates', 'test:templates'),
  npm('test:kills', 'test:kills'),
  npm('soak', ...'soak -- --minutes 5 --dispatches 100000 --admissions 2000 --runtime node'.split(' ')),
  { ...npm('bench', 'bench', '--', '--quick'), informs: true },
  { ...npm('npm test', 'test'), counts: true },
  { ...npm('test:all', 'test:all'), counts: true },
  { ...npm('test:gateway', 'test:gateway'), counts: true },
]);
