#!/usr/bin/env node
// The command `cc-lb-plugin`. An installed package holds it built, in dist. A clone runs its source: as it is where the
// runtime strips types by itself, and elsewhere (Node 20) built first, whenever dist is missing or older than the source.
import { existsSync, readdirSync, statSync } from 'node:fs';

const source = new URL('../src/', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);

const stripsTypes = 'Deno' in globalThis || 'Bun' in globalThis || Boolean(process.features.typescript);

/** Whether dist is missing or older than a file of src. */
function isStale() {
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  return readdirSync(source, { recursive: true }).some((path) => statSync(new URL(path, source)).mtimeMs > builtAt);
}

const fromSource = existsSync(source);
if (fromSource && !stripsTypes && isStale()) {
  const { setUp } = await import('./setup.mjs');
  setUp({ output: process.stderr });
  const { buildAll } = await import('./build.mjs');
  await buildAll();
}
await import(fromSource && stripsTypes ? new URL('cli/main.ts', source).href : built.href);
