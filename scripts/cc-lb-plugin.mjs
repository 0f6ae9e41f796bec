#!/usr/bin/env node
// The command `cc-lb-plugin`. An installed package contains it built, in dist. A clone runs its
// source: directly if the runtime strips types by itself, else (Node 20) after building it,
// whenever dist is missing or older than the source.
import { existsSync, readdirSync, statSync } from 'node:fs';

const source = new URL('../src/', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);

const stripsTypes = 'Deno' in globalThis || 'Bun' in globalThis || Boolean(process.features.typescript);

/** Whether dist is missing or older than a file of src. */
function isStale() {
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' });
  return paths.some((path) => statSync(new URL(path, source)).mtimeMs > builtAt);
}

const fromSource = existsSync(source);
if (fromSource && !stripsTypes && isStale()) {
  const { setUp } = await import('./setup.mjs');
  setUp({ output: process.stderr });
  await import('./typescript.mjs');
  const { buildAll } = await import('./build.ts');
  await buildAll();
}
await import(fromSource && stripsTypes ? new URL('cli/main.ts', source).href : built.href);
