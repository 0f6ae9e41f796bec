import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SizeLimits } from './size-limits.ts';

/** A clone of the project that modules are tried on. */
export interface Project {
  readonly path: string;
  /** The files of what it exports, as URLs. */
  readonly entries: Readonly<Record<string, string>>;
  /** The limits that it has by default; `undefined` for one that has no table of limits. */
  readonly limits: SizeLimits | undefined;
}

/**
 * Opens a clone.
 *
 * @param from `dist` for what is built; `src` for its source, which all runtimes run as it is but Node 20.
 */
export async function openProject(path: string, from: 'dist' | 'src' = 'dist'): Promise<Project> {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(path, file), 'utf8'));
  // Files of this project: package.json names what is built, jsr.json the source.
  const { exports } = read(from === 'dist' ? 'package.json' : 'jsr.json') as {
    exports: Record<string, { default: string } | string>;
  };
  const entries: Record<string, string> = {};
  for (const [name, target] of Object.entries(exports)) {
    entries[name] = pathToFileURL(join(path, typeof target === 'string' ? target : target.default)).href;
  }
  const metering: Record<string, unknown> = await import(entries['./metering'] ?? `${path} exports no ./metering`);
  const table = metering.MODULE_LIMITS;
  return { path, entries, limits: typeof table === 'object' && table !== null ? defaultsOf(table) : undefined };
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
