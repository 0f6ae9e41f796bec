// With scripts/typescript.mjs each Node loads TypeScript, and prints nothing but what the program
// prints.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

loader('strips types anew when a file has changed, and keeps the lines of errors', () => {
  if (isLeftOut('the loader with a changed file')) return;
  const runtime = findRuntime('node20');
  if (runtime === undefined) return console.log('skipped: the loader with a changed file: no Node 20 on this machine');
  // Only files under the root of the project are cached.
  const folder = join(root, 'node_modules/.cache/loader-test');
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const file = join(folder, 'program.ts');
    for (const text of ['first', 'first', 'second']) {
      writeFileSync(file, `interface Unused {}\nconst text: string = '${text}';\nthrow new Error(text);\n`);
      const { stderr } = spawnSync(runtime.command, [...runtime.args, file], { cwd: root, encoding: 'utf8' });
      assert.match(stderr, `Error: ${text}\n`);
      assert.match(stderr, 'program.ts:3:');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

loader.run();
