// What `npm run build` writes: few modules for each entry, with the public names, and each class
// once.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../scripts/runtimes.mjs';
import type * as Host from '../../src/host/index.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const built = suite('the built package');

// The casts: the project's own files.
const manifest = JSON.parse(read('package.json')) as {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
};
const { entries: names } = JSON.parse(read('test/scripts/exports.json')) as {
  readonly entries: Readonly<Record<string, { readonly values?: readonly string[] }>>;
};

/** The entries that run as the main program of a worker or process, and export nothing. */
const SCRIPTS: readonly string[] = ['./host/worker', './host/process'];

/** The path of each other entry in the folder. */
function entriesIn(folder: string): [name: string, path: string][] {
  return Object.entries(manifest.exports).flatMap(([name, target]): [string, string][] =>
    typeof target === 'string' || SCRIPTS.includes(name)
      ? []
      : [[name, join(folder, target.default.replace('./dist/', ''))]],
  );
}

/** The modules that a module loads, itself included. */
function modulesOf(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, imported = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import)"(\.[^"]+)"/g)) {
    modulesOf(resolve(dirname(path), imported), found);
  }
  return found;
}

/** How many modules an entry is, if it is more than itself and the four chunks of the root. */
const MODULES: Readonly<Record<string, number>> = {
  './identity': 3,
  './telemetry': 3,
  './prepared': 4,
  './kernel': 7,
  './wasm': 7,
  './wire': 7,
  './hooks': 7,
  './host': 8,
  './folder-store': 8,
  './conformance': 8,
};

/** Functions of ./prepared that take a module, where those of other entries take bytes too. */
const TAKES_MODULES: readonly string[] = ['admit', 'admitHooks', 'buildPlugin', 'generationOf', 'inspectHooks'];

const bytesOf = (paths: Iterable<string>): number =>
  [...paths].reduce((sum, path) => sum + readFileSync(path).length, 0);

const node = findNode();
if (node === undefined) console.log('skipped: the built package: no Node on this machine to run the bundler');
else {
  const folder = mkdtempSync(join(tmpdir(), 'built-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const script = `import { bundle } from './scripts/build.ts'; await bundle(${JSON.stringify(folder)});`;
  const made = spawnSync(node.command, [...node.args, '--input-type=module', '--eval', script], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.is(made.status, 0, made.stderr);
  assert.is(made.stderr, '');

  for (const [name, path] of entriesIn(folder)) {
    built(`${name} has its public names`, async () => {
      const found: object = await import(pathToFileURL(path).href);
      assert.equal(Object.keys(found).sort(), [...(names[name]?.values ?? [])].sort());
    });

    const most = MODULES[name] ?? 5;
    built(`${name} is at most ${most} modules`, () => {
      const modules = modulesOf(path);
      assert.ok(modules.size > 1 && modules.size <= most, [...modules].join('\n'));
    });
  }

  built('./identity loads less than a quarter of what the root entry does', () => {
    const sizes = new Map(entriesIn(folder).map(([name, path]) => [name, bytesOf(modulesOf(path))]));
    const [identity = 0, whole = 0] = [sizes.get('./identity'), sizes.get('.')];
    assert.ok(identity > 0 && identity < whole / 4, `${identity} of ${whole} bytes`);
  });

  const loaded = (name: string): string => {
    const path = entriesIn(folder).find(([each]) => each === name)?.[1] ?? '';
    return [...modulesOf(path)].map((module) => readFileSync(module, 'utf8')).join('');
  };

  built('./prepared loads no reader of code, no rewriter, no limits, no assembler, no code of the kernel', () => {
    for (const only of ['CodeReader', 'HandlerAssumptionBroken', 'moduleIndirectCalls', 'find_block']) {
      assert.match(loaded('.'), only);
      assert.not.match(loaded('./prepared'), only);
    }
    assert.not.match(loaded('./prepared'), 'AssemblyError');
  });

  built('the root entry loads nothing that only tools use', () => {
    for (const only of ['AssemblyError', 'i32x4.dot_i16x8_s']) {
      assert.match(loaded('./wasm'), only);
      assert.not.match(loaded('.'), only);
    }
  });

  // The folder has no package.json, so esbuild judges by the code alone.
  built('an import of nothing leaves nothing of an entry', () => {
    // Of ./conformance a few tables stay: tools take it whole.
    const paths = entriesIn(folder).flatMap(([name, path]) => (name === './conformance' ? [] : [path]));
    const bundling = `
      import { build } from 'esbuild';
      for (const path of process.argv.slice(1)) {
        const { outputFiles } = await build({
          stdin: { contents: 'import ' + JSON.stringify(path), resolveDir: '.' },
          bundle: true, minify: true, format: 'esm', external: ['node:*'], write: false,
        });
        console.log(JSON.stringify(outputFiles[0].text));
      }`;
    const { stdout, stderr } = spawnSync(
      node.command,
      [...node.args, '--input-type=module', '--eval', bundling, ...paths],
      { cwd: root, encoding: 'utf8' },
    );
    const left = stdout
      .split('\n')
      .slice(0, -1)
      .map((line): string => JSON.parse(line));
    assert.is(left.length, paths.length, stderr);
    for (const [index, code] of left.entries()) {
      // Numbers stay, and of a class its base and a key that is computed.
      const rest = code.replaceAll(
        /import[^;]*"node:[\w/]+"|(?:var )?[\w$]+=[\w$*<]+(?=[,;])|Symbol\.\w+|Error|[,;\s]/g,
        '',
      );
      assert.ok(rest === '', `${paths[index]}: ${rest.slice(0, 500)}`);
    }
  });

  built('hostInWorkers finds its script', async () => {
    const path = entriesIn(folder).find(([name]) => name === './host')?.[1] ?? '';
    // The cast: the module at that path is this entry.
    const { hostInWorkers } = (await import(pathToFileURL(path).href)) as typeof Host;
    const host = hostInWorkers({ ...unhurried, workers: 1 });
    const { kind } = await host.register({ name: 'router' }, await fixture('router/router.wasm'));
    await host.close();
    assert.is(kind, 'registered');
  });

  built('a class or function is the same from each entry that has it', async () => {
    const seen = new Map<string, unknown>();
    let shared = 0;
    for (const [name, path] of entriesIn(folder)) {
      const found: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
      for (const [key, value] of Object.entries(found)) {
        if (name === './prepared' && TAKES_MODULES.includes(key)) continue;
        if (seen.has(key)) shared++;
        assert.is(seen.get(key) ?? value, value, `${key} of ${name}`);
        seen.set(key, value);
      }
    }
    assert.ok(shared > 50, `${shared} names are exported twice`);
  });

  built('the command line has its code, which nothing imports', () => {
    const main = join(folder, 'cli/main.js');
    assert.match(readFileSync(main, 'utf8'), /^import/);
    assert.ok(bytesOf([main]) > 10_000);
  });
}

built.run();
