// Which source files a bundle is made of.
import { readNumber } from '../../build/vlq.ts';
import type { Bundle } from './bundlers.ts';

/**
 * Counts the characters that each source file has in a bundle.
 *
 * @param bundle with a source map.
 * @returns the counts, by the path from `src/` on, such as `src/json/declare.ts`. What is from
 * nowhere is not counted.
 */
export function sourceSizes({ code, map = '{"sources":[],"mappings":""}' }: Bundle): Map<string, number> {
  // The cast: esbuild wrote it.
  const { sources, mappings } = JSON.parse(map) as { readonly sources: readonly string[]; readonly mappings: string };
  const lines = code.split('\n');
  const sizes = new Map<string, number>();
  let source = 0;
  for (const [index, line] of mappings.split(';').entries()) {
    let column = 0;
    const places = (line === '' ? [] : line.split(',')).map((segment) => {
      const [delta, end] = readNumber(segment, 0);
      column += delta;
      if (end < segment.length) source += readNumber(segment, end)[0];
      return { column, path: end < segment.length ? sources[source] : undefined };
    });
    for (const [at, { column: from, path }] of places.entries()) {
      const [name] = /src\/.*$/.exec(path ?? '') ?? [];
      const to = places[at + 1]?.column ?? lines[index]?.length ?? from;
      if (name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + to - from);
    }
  }
  return sizes;
}
