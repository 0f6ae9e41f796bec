// Builds dist/: `npm run build`. The entries are those of package.json: `./kernel`, whose file is
// dist/kernel/index.js, is built from src/kernel/index.ts, and the command line from
// src/cli/main.ts. esbuild writes the modules, and what they share into a few chunks; the
// TypeScript compiler writes the declarations. Beside dist/, the build writes assemblyscript/, the
// entry for plugins in AssemblyScript, and dist/inspector.html, the page that looks into a plugin.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { directImports, withDirectImports } from './build/direct-imports.ts';
import { withPureValues } from './build/pure.ts';
import { writeInspector } from './inspector/build.ts';

const root = new URL('../', import.meta.url);
const dist = new URL('dist/', root);
// The cast: the project's own file, and a test compares its entries with jsr.json.
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
};

/**
 * The source of each entry by its name in package.json, and of the command line:
 * `{ './wire': 'src/...' }`.
 */
export const entries: Readonly<Record<string, string>> = Object.fromEntries([
  ...Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [[name, target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')]],
  ),
  ['the command line', 'src/cli/main.ts'],
]);

/** The entries that do something when they are imported. */
const programs: readonly string[] = [
  './src/cli/main.ts',
  './src/host/workers/worker.ts',
  './src/host/processes/process.ts',
];

/** Entries that are loaded with one chunk, and the layers whose chunks they need too. */
interface Layer {
  readonly entries: readonly string[];
  readonly on?: readonly Layer[];
}

/**
 * The entries in layers: one chunk has what the entries of a layer need, and those that it lies on
 * do not. Each part of the code is in one chunk only, so a class is the same from every entry.
 */
const identity: Layer = { entries: ['./identity', './telemetry'] };
const calls: Layer = {
  entries: [
    '.',
    './handshake',
    './self-check',
    './metadata',
    './dispatch',
    './host-functions',
    './admit',
    './metering',
    './plugin',
  ],
  on: [identity],
};
// Lies on nothing, to load nothing that it does not need. What it shares with the layers of
// identities and calls is a chunk, what with that of calls alone, and what with the parts.
const prepared: Layer = { entries: ['./prepared'] };
const parts: Layer = { entries: ['./kernel', './wasm', './wire', './hooks'], on: [calls, prepared] };
const host: Layer = { entries: ['./host'], on: [parts] };
// Imports Node's modules.
const folderStore: Layer = { entries: ['./folder-store'], on: [host] };
const conformance: Layer = { entries: ['./conformance'], on: [parts] };
const commandLine: Layer = { entries: ['the command line'], on: [conformance] };
// Not in one layer: each would run the other.
const worker: Layer = { entries: ['./host/worker'], on: [host] };
const child: Layer = { entries: ['./host/process'], on: [host] };
const layers = [identity, calls, prepared, parts, host, folderStore, conformance, commandLine, worker, child];

/** Returns the entries of a layer, and of those that it lies on. */
function reachedFrom({ entries: own, on }: Layer): readonly string[] {
  return [...(on ?? []).flatMap(reachedFrom), ...own];
}

/**
 * Lets each entry reach all entries of its layer and of those that it lies on. esbuild makes a
 * chunk for each set of entries that share code, so it makes one for each layer. The imports are
 * without names and cost nothing, since no module of src but {@link programs} does anything when it
 * is imported.
 */
const entriesInLayers: Plugin = {
  name: 'layers',
  setup({ onResolve, onLoad }) {
    const namespace = 'layers';
    onResolve({ filter: /^layers:/ }, ({ path }) => ({ path: path.slice(`${namespace}:`.length), namespace }));
    onResolve({ filter: /^/, namespace }, ({ path }) => ({
      path: fileURLToPath(new URL(path, root)),
      sideEffects: programs.includes(path),
    }));
    onLoad({ filter: /^/, namespace }, ({ path: entry }) => {
      const own = layers.find(({ entries: names }) => names.some((name) => entries[name] === entry));
      const reached = own === undefined ? [] : reachedFrom(own).map((name) => entries[name]);
      const contents = [...reached.map((path) => `import './${path}';`), `export * from './${entry}';`].join('\n');
      return { contents, resolveDir: fileURLToPath(root), loader: 'ts' };
    });
  },
};

/** What a module says to start a script beside it. */
const SCRIPT_URL = /new URL\('\.\/(\w+)\.ts', import\.meta\.url\)/g;

/**
 * Lets modules that start a script find it: such a module ends in a chunk, and the script in the
 * folder of its source.
 */
const scriptsBesideModules: Plugin = {
  name: 'scripts beside modules',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]host[\\/]\w+[\\/].*\.ts$/ }, ({ path }) => {
      const url = `new URL('../host/${basename(dirname(path))}/$1.js', import.meta.url)`;
      return { contents: withDirectImports(path).replace(SCRIPT_URL, url), loader: 'ts' };
    });
  },
};

/**
 * Makes commander, a CommonJS package, an ES module of its own before it is bundled. Its `require`
 * of Node's modules needs a banner, and esbuild's helpers for CommonJS would be a chunk that every
 * entry imports: both stay inside this module, which only the command line imports.
 */
const commanderAsModule: Plugin = {
  name: 'commander',
  setup({ onResolve, onLoad }) {
    const namespace = 'commander';
    onResolve({ filter: /^commander$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /^/, namespace }, async ({ path }) => {
      const { outputFiles } = await build({
        absWorkingDir: fileURLToPath(root),
        entryPoints: [path],
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'es2022',
        minify: true,
        write: false,
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
      });
      return { contents: outputFiles[0]?.text ?? '' };
    });
  },
};

/**
 * Bundles the entries for every platform. Only the command line imports Node's modules, which stay
 * imports.
 *
 * @param outdir path of the folder that is written, dist/ by default.
 */
export async function bundle(outdir = 'dist'): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: Object.values(entries).map((path) => ({
      in: `layers:${path}`,
      out: path.replace('src/', '').replace(/\.ts$/, ''),
    })),
    outdir,
    chunkNames: 'chunks/[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    plugins: [entriesInLayers, scriptsBesideModules, directImports, commanderAsModule],
    // Engines take as long to read comments and indentation as they take to run an import.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' },
    write: false,
  });
  writeOutputs(outputFiles, resolve(fileURLToPath(root), outdir));
  const folder = new URL('node_modules/commander/', root);
  copyFileSync(new URL('LICENSE', folder), resolve(fileURLToPath(root), outdir, 'cli/commander.LICENSE'));
}

/** Writes what esbuild made. The calls are marked in all modules but {@link programs}. */
function writeOutputs(files: readonly OutputFile[], folder: string): void {
  const unmarked = programs.map((path) => resolve(folder, path.replace('./src/', '').replace(/\.ts$/, '.js')));
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  for (const [path, code] of texts) {
    const map = texts.get(`${path}.map`);
    if (map === undefined || unmarked.includes(path)) continue;
    const marked = withPureValues({ code, map });
    texts.set(path, marked.code).set(`${path}.map`, marked.map);
  }
  for (const [path, text] of texts) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/**
 * Declares `Symbol.dispose`, so that a program which imports the declaration need not name the
 * library.
 */
const DISPOSABLE_LIB = '/// <reference lib="esnext.disposable" />';

/**
 * Writes a declaration file for each source file. Imports in it have the extension .js, as in dist.
 *
 * @param outdir path of the folder that is written, dist/ by default.
 * @throws {Error} if the compiler finds an error.
 */
export function declare(outdir = fileURLToPath(dist)): void {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const { status } = spawnSync(
    process.execPath,
    [compiler, '--project', 'scripts/tsconfig.build.json', '--outDir', outdir],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error('the TypeScript compiler could not make the declarations');

  // The compiler rewrites the extension in modules only.
  const paths = readdirSync(outdir, { recursive: true, encoding: 'utf8' });
  for (const path of paths.filter((name) => name.endsWith('.d.ts'))) {
    const file = join(outdir, path);
    const text = readFileSync(file, 'utf8').replace(/((?:from|import\() ?'\.[^']+)\.ts(?=')/g, '$1.js');
    writeFileSync(file, text.includes('Symbol.dispose') ? `${DISPOSABLE_LIB}\n${text}` : text);
  }
}

/**
 * Replaces assemblyscript/ by a copy of fixtures/guest/. The compiler of AssemblyScript does not
 * read `exports`: it looks for an entry in the folder of that name.
 */
export function copyGuestLibrary(): void {
  const entry = new URL('assemblyscript/', root);
  rmSync(entry, { recursive: true, force: true });
  cpSync(new URL('fixtures/guest/', root), entry, { recursive: true });
}

/**
 * Replaces dist/ and assemblyscript/.
 *
 * @throws {Error} if an entry has no source, or its source does not compile.
 */
export async function buildAll(): Promise<void> {
  const layered = layers.flatMap(({ entries: names }) => names);
  for (const [name, source] of Object.entries(entries)) {
    if (!layered.includes(name)) throw new Error(`${name} is an entry of package.json, but in no layer`);
    if (!existsSync(new URL(source, root)))
      throw new Error(`${name} is an entry of package.json, but ${source} does not exist`);
  }
  rmSync(dist, { recursive: true, force: true });
  await bundle();
  declare();
  copyGuestLibrary();
  await writeInspector();
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  try {
    await buildAll();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
