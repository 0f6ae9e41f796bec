import process from 'node:process';

/** The arguments that this runtime needs to run a file. */
export function runtimeArguments(file: string): readonly string[] {
  if ('Deno' in globalThis) return ['run', '--allow-all', '--cached-only', '--no-lock', '--node-modules-dir=manual'];
  if ('Bun' in globalThis) return ['--no-install'];
  return process.features.typescript || file.endsWith('.js') ? [] : ['--import', './scripts/typescript.mjs'];
}
