// The examples run to their end, each in a process of its own, on the runtime that runs the tests.
// Those that are servers have tests of their own; here is only what these do not see.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The arguments that this runtime needs to run the source. */
const runtimeArguments =
  'Deno' in globalThis
    ? ['run', '--allow-all', '--cached-only', '--no-lock', '--node-modules-dir=manual']
    : 'Bun' in globalThis
      ? ['--no-install']
      : ['--import', './scripts/typescript.mjs'];

const names = readdirSync(new URL('../../examples/', import.meta.url)).filter((name) => name.endsWith('.ts'));

const examples = suite('the examples');

examples('are found', () => {
  for (const name of ['start.ts', 'extism-plugin.ts', 'metered-module.ts']) assert.ok(names.includes(name), name);
});

for (const name of names) {
  examples(`run to their end: examples/${name}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...runtimeArguments, `examples/${name}`], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, DENO_NO_UPDATE_CHECK: '1' },
    });
    assert.is(status, 0, `${stdout}${stderr}`);
    const [skipped] = /^skipped: .*$/m.exec(stdout) ?? [];
    if (skipped !== undefined) return console.log(skipped);
    assert.match(stdout, /^All as expected\./m);
  });
}

examples('build the edge worker from the sources of a clone, where nothing was built yet', () => {
  const worker = new URL('../../examples/edge/worker/', import.meta.url);
  const read = (name: string): string => readFileSync(new URL(name, worker), 'utf8');
  const { paths } = JSON.parse(read('tsconfig.json')).compilerOptions as { paths: Record<string, string[]> };
  const texts = readdirSync(worker).filter((name) => name.endsWith('.ts'));
  const imported = texts.flatMap((name) => [...read(name).matchAll(/ from '(cc-lb-runtime-protocol[^']*)'/g)]);
  const entries = new Set(imported.map(([, entry = '']) => entry));
  assert.equal([...entries].sort(), Object.keys(paths).sort());
  for (const [source = ''] of Object.values(paths)) assert.ok(existsSync(new URL(source, worker)), source);
});

examples.run();
