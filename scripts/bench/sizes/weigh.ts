import { gzipSync } from 'node:zlib';
import { bundlers } from './bundlers.ts';
import type { Row } from './rows.ts';
import { sourceSizes } from './sources.ts';

/** Bytes of a bundle. */
export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

/** A row, and what it weighs. */
export interface Weighed {
  readonly row: Row;
  /** By the names of the bundlers. */
  readonly sizes: Readonly<Record<string, Size>>;
  /** Bytes of each source file in esbuild's bundle, minified. */
  readonly sources: ReadonlyMap<string, number>;
}

/**
 * Bundles the program of a row.
 *
 * @param folder has the package and its peers in node_modules.
 * @throws {Error} if a bundler cannot make it.
 */
export async function weigh(row: Row, folder: string): Promise<Weighed> {
  const sizes: Record<string, Size> = {};
  let sources: ReadonlyMap<string, number> = new Map();
  for (const [name, bundle] of Object.entries(bundlers)) {
    if (name !== 'esbuild' && row.all !== true) continue;
    const made = await bundle({ text: row.program, folder });
    const bytes = Buffer.from(made.code);
    sizes[name] = { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
    if (made.map !== undefined) sources = sourceSizes(made);
  }
  return { row, sizes, sources };
}
