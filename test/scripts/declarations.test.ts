// The declarations of the package compile in a program that names no more libraries than README.md
// asks for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const declarations = suite('the declarations');

const program = `import { admit, hostFunction } from './index.js';
import { openSession } from './conformance/index.js';
import { meterModule } from './metering/index.js';
import { struct, u32 } from './protocol/messages/index.js';

const wasm = new Uint8Array();
hostFunction('length', ['text'], ['i32'], (text) => text.length);
using session = openSession(wasm);
export const all = [admit(wasm), session.logs, meterModule(wasm), struct('T', { n: u32 })];
`;

declarations('need the libraries es2022 and dom, or webworker, and nothing else', () => {
  const runtime = findNode();
  if (runtime === undefined) return console.log('skipped: the declarations: no Node on this machine');
  const node = (...args: string[]) =>
    spawnSync(runtime.command, [...runtime.args, ...args], { cwd: root, encoding: 'utf8' });
  const folder = mkdtempSync(join(tmpdir(), 'declarations-'));
  try {
    const build = `import { declare } from './scripts/build.ts'; declare(${JSON.stringify(folder)});`;
    const built = node('--input-type=module', '--eval', build);
    assert.is(built.status, 0, built.stdout + built.stderr);
    const file = join(folder, 'program.ts');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(file, program);
    for (const lib of ['es2022,dom', 'es2022,webworker']) {
      const flags = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', 'nodenext'];
      const compiled = node('node_modules/typescript/bin/tsc', ...flags, '--ignoreConfig', '--lib', lib, file);
      assert.is(compiled.stdout + compiled.stderr, '', lib);
      assert.is(compiled.status, 0);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

declarations.run();
