// Runs all tests: those of `npm test` on every runtime of this machine and in Chromium, then the
// real modules (test/modules): `npm run test:all`. The last line is `N passed, N failed`, summed
// over both.
import { type Lane, runAndPrint } from './lanes.mjs';
import { thisNode } from './runtimes.mjs';

const { command, args } = thisNode();
const lane = (name: string, ...script: readonly string[]): Lane => ({
  name,
  command,
  args: [...args, ...script],
  counts: true,
});

await runAndPrint([
  lane('runtimes', 'scripts/test.ts', '--runtime', 'all'),
  lane('real modules', 'scripts/modules.ts'),
]);
