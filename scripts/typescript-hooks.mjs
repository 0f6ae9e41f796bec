// Module hooks: esbuild strips the types of a `.ts` file when it is loaded. The result is kept
// under node_modules/.cache, because starting esbuild takes longer than most programs run.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const folder = new URL('node_modules/.cache/typescript-hooks/', root);

/** Part of the key of a cached file: changes with esbuild and with this file. */
const tools = await Promise.all(
  [new URL('../node_modules/esbuild/package.json', import.meta.url), import.meta.url].map((url) =>
    readFile(new URL(url)),
  ),
);

/** @param {...(string | Uint8Array)} parts */
const hashOf = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

/**
 * The text of a file; undefined if there is none.
 * @param {URL} url
 */
async function textOf(url) {
  try {
    return await readFile(url, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Strips the types of a source.
 * @param {string} file its path
 * @param {string} source
 */
async function strip(file, source) {
  const { transform } = await import('esbuild');
  const { code } = await transform(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: file,
    sourcemap: 'inline',
  });
  return code;
}

/**
 * Keeps a result. It is written under another name first, so that no other process reads half of
 * it.
 * @param {URL} cached
 * @param {string} text
 */
async function keep(cached, text) {
  try {
    await mkdir(folder, { recursive: true });
    const unfinished = new URL(`${cached.href}.${process.pid}`);
    await writeFile(unfinished, text);
    await rename(unfinished, cached);
  } catch (error) {
    // Where the folder cannot be written to, each process strips the types itself.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
  }
}

/**
 * Node's `load` hook: answers `.ts` files itself and leaves all others to the next hook.
 * @type {import('node:module').LoadHook}
 */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const file = fileURLToPath(url);
  const source = await readFile(file, 'utf8');
  // Files elsewhere are temporary.
  if (!url.startsWith(root.href)) {
    return { format: 'module', source: await strip(file, source), shortCircuit: true };
  }
  // One cached file for each path: its last line says which source it was made from.
  const cached = new URL(`${hashOf(file)}.js`, folder);
  const label = `// ${hashOf(source, ...tools)}\n`;
  const found = await textOf(cached);
  if (found?.endsWith(label)) return { format: 'module', source: found, shortCircuit: true };
  const text = (await strip(file, source)) + label;
  await keep(cached, text);
  return { format: 'module', source: text, shortCircuit: true };
}
