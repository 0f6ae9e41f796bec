// What `npm run test:reference` does where it can make no record.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const usage = suite('npm run test:reference');

const runs: readonly (readonly [args: string[], status: number, stdout: RegExp, stderr: RegExp])[] = [
  [['--help'], 0, /^Asks the published host .+Needs cargo\./, /^$/],
  [['--sead'], 2, /^$/, /'--sead'.+npm run test:reference -- --seed 7/s],
  [['--seed', 'x'], 2, /^$/, /^--seed must be a number of at most nine digits, not x\n/],
  [['--only', 'kernels'], 2, /^$/, /^--only must be one of identity, .+, conformance, vectors\n/],
  [['--only', 'kernel'], 1, /^$/, /^The records cannot be made anew: there is no cargo on this machine; .+\n$/],
];

for (const [args, expected, onStdout, onStderr] of runs) {
  usage(`writes nothing for ${args.join(' ')} on a machine without cargo`, () => {
    const runtime = findNode();
    if (runtime === undefined) return console.log('skipped: npm run test:reference: no Node on this machine');
    const record = (): string => readFileSync(new URL('../../fixtures/reference/kernel.json', import.meta.url), 'utf8');
    const before = record();
    const { status, stdout, stderr } = spawnSync(runtime.command, ['scripts/reference/record.mjs', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, PATH: '' },
    });
    assert.is(status, expected, stderr);
    assert.match(stdout, onStdout);
    assert.match(stderr, onStderr);
    assert.is(record(), before);
  });
}

usage.run();
