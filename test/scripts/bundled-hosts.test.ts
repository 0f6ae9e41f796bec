// A program that esbuild bundles starts the scripts of its workers and processes, which are bundled
// too: by the names of the entries, or from a file that imports them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const fixture = join(root, 'fixtures/router/router.wasm');

/** Calls a plugin in a worker or a process, whose script its second argument names. */
const PROGRAM = `
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { hostInProcesses, hostInWorkers } from 'cc-lb-runtime-protocol/host';
import { wire } from 'cc-lb-runtime-protocol/wire';

const [, , where, name, module] = process.argv;
const script = name === '' ? undefined : new URL(name, import.meta.url);
const unhurried = { handshake: { wallMs: Infinity }, selfCheck: { wallMs: Infinity } };
const host =
  where === 'workers'
    ? hostInWorkers({ ...unhurried, workers: 1, workerScript: script })
    : hostInProcesses({ ...unhurried, processes: 1, processScript: script });
try {
  await host.register({ name: 'router' }, await readFile(module));
  const outcome = await host.dispatch({ name: 'router' }, wire.v3.filter, wire.v3.filter.dryRunRequest());
  console.log(outcome.kind);
} catch (error) {
  console.log(String(error));
}
await host.close();
`;

/** Builds the package and the bundles. Run by Node, since esbuild has a program of its own. */
const BUNDLE = `
import { build } from 'esbuild';
import { bundle } from './scripts/build.ts';
const folder = process.argv[1];
await bundle(folder + '/node_modules/cc-lb-runtime-protocol/dist');
await build({
  absWorkingDir: folder,
  entryPoints: {
    program: './program.js',
    worker: 'cc-lb-runtime-protocol/host/worker',
    process: 'cc-lb-runtime-protocol/host/process',
    'own-worker': './own-worker.js',
    'own-process': './own-process.js',
  },
  outdir: 'out',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  logLevel: 'warning',
});
`;

const bundled = suite('a bundled program');
const node = findNode();
if (node === undefined) console.log('skipped: bundled programs: no Node on this machine to run the bundler');
else {
  const folder = mkdtempSync(join(tmpdir(), 'bundled-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'node_modules/cc-lb-runtime-protocol'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'node_modules/cc-lb-runtime-protocol/package.json'));
  write('program.js', PROGRAM);
  write('own-worker.js', "import 'cc-lb-runtime-protocol/host/worker';\n");
  write('own-process.js', "import 'cc-lb-runtime-protocol/host/process';\n");
  const made = spawnSync(node.command, [...node.args, '--input-type=module', '--eval', BUNDLE, folder], {
    cwd: root,
    encoding: 'utf8',
  });

  bundled('is made without a warning', () => {
    assert.is(made.stderr, '');
    assert.is(made.status, 0);
  });

  /** Runs the bundle from another folder, so that it finds nothing but what is in it. */
  const printed = (where: string, script: string): { readonly stdout: string; readonly stderr: string } => {
    const flags = 'Deno' in globalThis ? ['run', '--allow-all', '--no-lock'] : [];
    const program = join(folder, 'out/program.mjs');
    return spawnSync(process.execPath, [...flags, program, where, script, fixture], {
      cwd: tmpdir(),
      encoding: 'utf8',
      timeout: 120_000,
    });
  };

  for (const [where, scripts] of [
    ['workers', ['./worker.mjs', './own-worker.mjs']],
    ['processes', ['./process.mjs', './own-process.mjs']],
  ] as const) {
    for (const script of scripts)
      bundled(`runs plugins in ${where} by ${script}`, () => {
        const { stdout, stderr } = printed(where, script);
        assert.is(stdout, 'ok\n', stderr);
      });

    bundled(`says which option its ${where} need`, () => {
      const begunAt = performance.now();
      const { stdout } = printed(where, '');
      assert.match(stdout, /^PluginHostError: router: .* by the option (worker|process)Script\)\n$/);
      assert.ok(performance.now() - begunAt < 25_000, 'no timer keeps a program alive whose host was closed');
    });
  }
}

bundled.run();
