// The program as it is published: bundled with its dependency, and run without node_modules.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'built-cli-'));
const built = suite('the built program');
// Node alone runs the bundler; the program runs on the runtime of the tests.
const node = findNode();

built.before(() => {
  if (node === undefined) return;
  const script = `import { bundle } from './scripts/build.ts'; await bundle(${JSON.stringify(join(folder, 'dist'))});`;
  const made = spawnSync(node.command, [...node.args, '--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.is(made.status, 0, made.stderr);
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
});
built.after(() => rmSync(folder, { recursive: true }));

function run(...args: readonly string[]) {
  const runtime = 'Deno' in globalThis ? ['run', '--allow-all', '--no-lock'] : [];
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...runtime, join(folder, 'dist/cli/main.js'), ...args],
    { cwd: root, encoding: 'utf8', env: { ...env, DENO_NO_UPDATE_CHECK: '1' } },
  );
  return { status, stdout, stderr };
}

const cases: readonly (readonly [args: readonly string[], status: number, stdout: RegExp, stderr: RegExp])[] = [
  [['--version'], 0, /^cc-lb-plugin \d+\.\d+\.\d+\n$/, /^$/],
  [['--help'], 0, /^Usage: cc-lb-plugin \[options\] \[command\]\n/, /^$/],
  [['admit', 'fixtures/router/router.wasm'], 0, /\(router 1\.0\.0\): admitted\n/, /^$/],
  [
    ['admti', 'x', '--json'],
    2,
    /"kind": "UnknownCommand"/,
    /^error: unknown command 'admti' \(Did you mean admit\?\)\n/,
  ],
];
for (const [args, status, stdout, stderr] of cases) {
  built(`ends with ${status} for ${args.join(' ')}`, () => {
    if (node === undefined) return console.log('skipped: the built program: no Node on this machine');
    const finished = run(...args);
    assert.match(finished.stderr, stderr);
    assert.match(finished.stdout, stdout);
    assert.is(finished.status, status);
  });
}

built("holds commander's licence and imports nothing but Node's modules", () => {
  if (node === undefined) return console.log('skipped: the built program: no Node on this machine');
  assert.match(readFileSync(join(folder, 'dist/cli/commander.LICENSE'), 'utf8'), 'TJ Holowaychuk');
  const code = readFileSync(join(folder, 'dist/cli/main.js'), 'utf8');
  const imported = [...code.matchAll(/^(?:import|export)\b.* from "([^"]+)"/gm)].map(([, name = '']) => name);
  assert.ok(imported.includes('node:events'));
  assert.equal(
    imported.filter((name) => !/^(node:|\.\.?\/)/.test(name)),
    [],
  );
});

built.run();
