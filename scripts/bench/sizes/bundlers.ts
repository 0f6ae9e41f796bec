// What bundlers make of a program that imports the package as npm installs it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rollup } from '@rollup/wasm-node';
import { build, transform } from 'esbuild';
import webpack from 'webpack';
import { OURS } from '../versions.ts';

/** A program on one line, and the folder with node_modules in which it is. */
export interface Program {
  readonly text: string;
  readonly folder: string;
}

/** One file, minified. */
export interface Bundle {
  readonly code: string;
  /** A source map, as JSON; only esbuild's. */
  readonly map?: string;
}

const NODE_MODULES = /^node:/;
const MODERN = 'es2022';

async function byEsbuild({ text, folder }: Program): Promise<Bundle> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: folder },
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: MODERN,
    external: ['node:*'],
    sourcemap: 'external',
    write: false,
    logLevel: 'silent',
  });
  const textOf = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { code: textOf('.js'), map: textOf('.map') };
}

async function byWebpack({ text, folder }: Program): Promise<Bundle> {
  const filename = 'webpack.mjs';
  const compiler = webpack({
    mode: 'production',
    context: folder,
    entry: `data:text/javascript,${encodeURIComponent(text)}`,
    target: ['web', MODERN],
    experiments: { outputModule: true },
    externals: [NODE_MODULES],
    output: { path: folder, filename, module: true, library: { type: 'module' } },
    performance: false,
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error !== null || stats === undefined || stats.hasErrors()) reject(error ?? new Error(stats?.toString()));
      else compiler.close((failure) => (failure ? reject(failure) : resolve()));
    });
  });
  return { code: readFileSync(join(folder, filename), 'utf8') };
}

/** Rollup makes one file, and esbuild minifies it, as Vite does. */
async function byRollup({ text, folder }: Program): Promise<Bundle> {
  const [entry, require] = ['\0program', createRequire(join(folder, 'program.mjs'))];
  // The cast: the package's own file.
  const { sideEffects } = JSON.parse(readFileSync(join(folder, 'node_modules', OURS, 'package.json'), 'utf8')) as {
    readonly sideEffects: readonly string[];
  };
  const made = await rollup({
    input: entry,
    external: NODE_MODULES,
    treeshake: { moduleSideEffects: (id) => sideEffects.some((path) => id.endsWith(path.slice(1))) },
    plugins: [
      {
        name: 'node_modules',
        resolveId: (id) => (id === entry ? entry : id.startsWith('.') ? null : require.resolve(id)),
        load: (id) => (id === entry ? text : null),
      },
    ],
  });
  const { output } = await made.generate({ format: 'es' });
  const { code } = await transform(output[0].code, { minify: true, format: 'esm', target: MODERN });
  return { code };
}

/** The bundlers, by their names. */
export const bundlers: Readonly<Record<string, (program: Program) => Promise<Bundle>>> = {
  esbuild: byEsbuild,
  webpack: byWebpack,
  Rollup: byRollup,
};
