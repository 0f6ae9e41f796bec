// Runs all tests: those of `npm test` on every runtime of this machine, in Chromium and in workerd,
// then the real modules (test/modules): `npm run test:all`. The last line is `N passed, N failed`,
// summed over both.
//   npm run test:all -- --runtime workerd,chromium
// Arguments are those of scripts/test.ts. With any, the real modules are left out: they have a
// command of their own, `npm run test:modules`.
import { type Lane, runAndPrint } from './lanes.mjs';
import { thisNode } from './runtimes.mjs';

const { command, args } = thisNode();
const lane = (name: string, ...script: readonly string[]): Lane => ({
  name,
  command,
  args: [...args, ...script],
  counts: true,
});

const given = process.argv.slice(2);
const isSome = given.length > 0;
const runtimes = given.some((text) => /^--runtime(=|$)/.test(text)) ? given : ['--runtime', 'all', ...given];
if (isSome) console.log('real modules: left out, because arguments were given; npm run test:modules runs them');

await runAndPrint([
  lane('runtimes', 'scripts/test.ts', ...runtimes),
  ...(isSome ? [] : [lane('real modules', 'scripts/modules.ts')]),
]);
