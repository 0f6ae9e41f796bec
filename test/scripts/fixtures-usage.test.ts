// `npm run fixtures` writes nothing when its arguments ask for no build.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const usage = suite('npm run fixtures');

const runs: readonly (readonly [args: string[], status: number, stdout: RegExp, stderr: RegExp])[] = [
  [['--help'], 0, /^Builds the plugins .+\n\n {2}npm run fixtures .+--check {4}writes nothing/s, /^$/],
  [['--chek'], 2, /^$/, /'--chek'.+npm run fixtures -- --check/s],
  [['check'], 2, /^$/, /'check'.+npm run fixtures -- --check/s],
];

for (const [args, expected, onStdout, onStderr] of runs) {
  usage(`builds nothing for ${args}`, () => {
    const runtime = findNode();
    if (runtime === undefined) return console.log('skipped: npm run fixtures: no Node on this machine');
    const writtenAt = (): number => statSync(new URL('../../fixtures/behaviour/echo.wasm', import.meta.url)).mtimeMs;
    const before = writtenAt();
    const { status, stdout, stderr } = spawnSync(
      runtime.command,
      [...runtime.args, 'scripts/fixtures/build.ts', ...args],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );
    assert.is(status, expected);
    assert.match(stdout, onStdout);
    assert.match(stderr, onStderr);
    assert.is(writtenAt(), before);
  });
}

usage.run();
