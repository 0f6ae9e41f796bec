// With scripts/typescript.mjs each Node loads TypeScript, and prints nothing but what the program prints.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findRuntime } from '../../scripts/runtimes.mjs';
import { isLeftOut } from '../support/only-this-node.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const loader = suite('the loader of TypeScript');

for (const name of ['node20', 'node']) {
  loader(`is silent on ${name}`, () => {
    if (isLeftOut(`the loader on ${name}`)) return;
    const runtime = findRuntime(name);
    if (runtime === undefined) return console.log(`skipped: the loader on ${name}: none on this machine`);
    const program = "import('./src/failure.ts').then(({ reasonOf }) => console.log(reasonOf(new Error('loaded'))))";
    const { stdout, stderr, status } = spawnSync(
      runtime.command,
      ['--import', './scripts/typescript.mjs', '--input-type=module', '--eval', program],
      { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '' } },
    );
    assert.equal({ stdout, stderr, status }, { stdout: 'loaded\n', stderr: '', status: 0 });
  });
}

loader.run();
