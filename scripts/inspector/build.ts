// Writes dist/inspector.html, a page that looks into a plugin: part of `npm run build`.
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type OutputFile } from 'esbuild';
import { pageOf } from './page.ts';
import { renderRules } from './rules.ts';
import { readSamplePlugins } from './samples.ts';

const root = new URL('../../', import.meta.url);

/** The path of the page from the root of the project. */
export const INSPECTOR = 'dist/inspector.html';

/** The most bytes that the page has when it is compressed by gzip. */
export const PAGE_MAX = 300_000;

/** A page, and its size. */
export interface BuiltPage {
  readonly html: string;
  /** Its bytes, compressed by gzip at level 9. */
  readonly gzipped: number;
}

/**
 * Makes the page from the sources.
 *
 * @throws Error if it is larger than {@link PAGE_MAX}, or a source does not compile.
 */
export async function buildInspector(): Promise<BuiltPage> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ['src/inspector/main.tsx', 'src/inspector/style.css'],
    outdir: 'dist',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    // A page of ASCII is the same in every encoding.
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const html = pageOf({
    script: textOf(outputFiles, 'main.js'),
    style: textOf(outputFiles, 'style.css'),
    samples: readSamplePlugins(),
    rules: renderRules(),
  });
  const gzipped = gzipSync(html, { level: 9 }).length;
  if (gzipped > PAGE_MAX)
    throw new Error(`the inspector has ${gzipped} bytes gzipped, at most ${PAGE_MAX} are allowed`);
  return { html, gzipped };
}

function textOf(files: readonly OutputFile[], name: string): string {
  const file = files.find(({ path }) => path.endsWith(name));
  if (file === undefined) throw new Error(`esbuild wrote no ${name}`);
  return file.text.trimEnd();
}

/**
 * Makes the page, writes it to {@link INSPECTOR}, and prints its size: on standard error, since npm
 * writes the name of a package that it packs to standard output.
 */
export async function writeInspector(): Promise<void> {
  const { html, gzipped } = await buildInspector();
  mkdirSync(new URL('dist/', root), { recursive: true });
  writeFileSync(new URL(INSPECTOR, root), html);
  const [whole, packed, most] = [html.length, gzipped, PAGE_MAX].map((bytes) => `${(bytes / 1000).toFixed(1)} kB`);
  console.error(`${INSPECTOR}: ${packed} gzipped, of at most ${most}; ${whole} as it is`);
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) await writeInspector();
