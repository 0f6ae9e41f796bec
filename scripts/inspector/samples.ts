import { readFileSync } from 'node:fs';
import type { Sample } from '../../src/inspector/samples.ts';

const root = new URL('../../', import.meta.url);

const WIRE = 'Generation 1';
const HOOKS = 'Generation 2, the hook ABI';

/** The plugins that are in the page. Each counts with its whole size. */
const rows: readonly (Omit<Sample, 'base64' | 'file'> & { readonly path: string })[] = [
  { id: 'router', path: 'fixtures/router/router.wasm', about: 'a router', group: WIRE },
  { id: 'observer', path: 'fixtures/c/observer/observer.wasm', about: 'an observer in C', group: WIRE },
  {
    id: 'bad-answers',
    path: 'fixtures/behaviour/bad-answers.wasm',
    about: 'each function answers wrongly',
    group: WIRE,
  },
  {
    id: 'self-check-failure',
    path: 'fixtures/behaviour/self-check-failure.wasm',
    about: 'finds a fault in itself',
    group: WIRE,
  },
  { id: 'echo', path: 'fixtures/behaviour/echo.wasm', about: 'answers with what it is sent', group: WIRE },
  { id: 'loop', path: 'fixtures/hostile/loop-in-self-check.wasm', about: 'loops for ever', group: WIRE },
  { id: 'no-identity', path: 'fixtures/behaviour/no-identity.wasm', about: 'says nothing of itself', group: WIRE },
  { id: 'hook-sticky', path: 'fixtures/hooks/sticky/sticky.wasm', about: 'a filter', group: HOOKS },
  { id: 'hook-seal', path: 'fixtures/hooks/seal/seal.wasm', about: 'a shape in C', group: HOOKS },
  { id: 'hook-answers', path: 'fixtures/hooks/hostile/answers.wasm', about: 'answers that break rules', group: HOOKS },
  { id: 'hook-loop', path: 'fixtures/hooks/hostile/loop-in-hook.wasm', about: 'loops for ever', group: HOOKS },
];

/**
 * Reads the samples from the fixtures.
 *
 * @throws Error if a file is missing.
 */
export function readSamplePlugins(): Sample[] {
  return rows.map(({ path, ...row }) => ({
    ...row,
    file: path.slice(path.lastIndexOf('/') + 1),
    base64: readFileSync(new URL(path, root)).toString('base64'),
  }));
}
