// Builds dist/: `npm run build`. The entries are those of package.json: `./kernel`, whose file is dist/kernel/index.js, is
// made from src/kernel/index.ts, and the command line from src/cli/main.ts. esbuild makes the modules, with what they
// share in chunks of its own; the TypeScript compiler makes the declarations.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const dist = new URL('dist/', root);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** The source of each entry by its name in package.json, and the command line's: `{ './wire': 'src/protocol/messages/index.ts' }`. */
export const entries = Object.fromEntries([
  ...Object.entries(manifest.exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([name, target]) => [name, target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')]),
  ['the command line', 'src/cli/main.ts'],
]);

/**
 * Makes commander, a CommonJS package, an ES module of its own before it is bundled. Its `require`
 * of Node's modules needs a banner, and esbuild's helpers for CommonJS would be a chunk that every
 * entry imports: both stay inside this module, which only the command line imports.
 */
const commanderAsModule = {
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
      return { contents: outputFiles[0].text };
    });
  },
};

/**
 * Bundles the entries for every platform; only the command line imports Node's modules, and they stay imports.
 *
 * @param outdir where to: dist/, or another folder, by its path.
 */
export async function bundle(outdir = 'dist') {
  await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: Object.values(entries),
    outbase: 'src',
    outdir,
    chunkNames: 'chunks/[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['node:*'],
    plugins: [commanderAsModule],
    sourcemap: true,
    logLevel: 'warning',
  });
  const folder = new URL('node_modules/commander/', root);
  copyFileSync(new URL('LICENSE', folder), resolve(fileURLToPath(root), outdir, 'cli/commander.LICENSE'));
}

/** What declares `Symbol.dispose`: with it in a declaration file, who imports that need not name it among the libraries of a program. */
const DISPOSABLE_LIB = '/// <reference lib="esnext.disposable" />';

/**
 * Writes a declaration file for each source file, as a module of dist would be imported: by the extension .js.
 *
 * @param outdir where to: dist/, or another folder, by its path.
 */
export function declare(outdir = fileURLToPath(dist)) {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const { status } = spawnSync(
    process.execPath,
    [compiler, '--project', 'scripts/tsconfig.build.json', '--outDir', outdir],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error('the TypeScript compiler could not make the declarations');

  // The compiler rewrites the extension in modules only.
  for (const path of readdirSync(outdir, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
    const file = join(outdir, path);
    const text = readFileSync(file, 'utf8').replace(/((?:from|import\() ?'\.[^']+)\.ts(?=')/g, '$1.js');
    writeFileSync(file, text.includes('Symbol.dispose') ? `${DISPOSABLE_LIB}\n${text}` : text);
  }
}

/**
 * Makes dist/ anew.
 * @throws {Error} when an entry has no source, or its source does not compile
 */
export async function buildAll() {
  for (const [name, source] of Object.entries(entries)) {
    if (!existsSync(new URL(source, root)))
      throw new Error(`${name} is an entry of package.json, but ${source} does not exist`);
  }
  rmSync(dist, { recursive: true, force: true });
  await bundle();
  declare();
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  try {
    await buildAll();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
