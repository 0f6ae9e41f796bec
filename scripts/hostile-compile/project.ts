import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundle } from '../build.ts';
import type { SizeLimits } from './size-limits.ts';

/** A clone of the project that modules are tried on. */
export interface Project {
  readonly path: string;
  /** The files of what it exports, as URLs. */
  readonly entries: Readonly<Record<string, string>>;
  /** The limits that it has by default; `undefined` for one that has no table of limits. */
  readonly limits: SizeLimits | undefined;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Opens a built clone. @param dist where it was built to. */
export async function openProject(path: string, dist: string = join(path, 'dist')): Promise<Project> {
  // A package.json of this project.
  const { exports } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    exports: Record<string, { default: string } | string>;
  };
  const entries: Record<string, string> = {};
  for (const [name, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    entries[name] = pathToFileURL(join(dist, target.default.replace('./dist/', ''))).href;
  }
  const metering: Record<string, unknown> = await import(entries['./metering'] ?? `${path} exports no ./metering`);
  const table = metering.MODULE_LIMITS;
  return { path, entries, limits: typeof table === 'object' && table !== null ? defaultsOf(table) : undefined };
}

/**
 * Builds this clone's source into a folder of its own, and opens it. The folder is removed when the
 * process ends.
 */
export async function openOwnSource(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-compile-dist-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await bundle(folder);
  return openProject(root, folder);
}

/** The defaults in a table of limits: rows with a field `byDefault`. */
function defaultsOf(table: object): SizeLimits {
  const rows: [string, { readonly byDefault?: unknown }][] = Object.entries(table);
  return Object.fromEntries(
    rows.flatMap(([name, { byDefault }]) => (typeof byDefault === 'number' ? [[name, byDefault]] : [])),
  );
}

/** Options of `compilePlugin` that lift the limits: all, or those that are named. */
export function liftedLimits({ limits }: Project, names: readonly string[] | 'all'): Record<string, unknown> {
  if (limits === undefined) return { compileWorkMax: Number.MAX_VALUE };
  const lifted = names === 'all' ? Object.keys(limits) : names;
  return { limits: Object.fromEntries(lifted.map((name) => [name, Number.MAX_VALUE])) };
}
