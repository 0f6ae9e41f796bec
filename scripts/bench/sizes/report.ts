// The table of sizes, and what is wrong with it.
import { markdownTable } from '../../docs/markdown.ts';
import { bundlers } from './bundlers.ts';
import { KIB, type Row } from './rows.ts';
import type { Weighed } from './weigh.ts';

/** How many sources are shown of a row. */
const SHOWN = 12;
/** By what part a figure in the document may differ: a line of code need not change it. */
const TOLERANCE = 0.02;

const kib = (bytes: number): string => (bytes / KIB).toFixed(1);
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

const names = Object.keys(bundlers);

/** The limit, and the aim if there is one. */
function limitText({ limit, aim }: Row, sizes: Weighed['sizes']): string {
  if (limit === undefined || aim === undefined) return String(limit ?? '');
  const isMet = Object.values(sizes).every(({ gzipped }) => gzipped <= aim * KIB);
  return `${limit} (aim ${aim}${isMet ? '' : ', **missed**'})`;
}

function cells({ row, sizes }: Weighed): string[] {
  return [
    row.name,
    kib(sizes.esbuild?.minified ?? Number.NaN),
    ...names.map((name) => (sizes[name] === undefined ? '' : kib(sizes[name].gzipped))),
    limitText(row, sizes),
  ];
}

/**
 * Writes the table.
 *
 * @returns Markdown: KiB of each row, minified, then gzipped too with each bundler, and the limit.
 */
export function sizesText(weighed: readonly Weighed[]): string {
  return markdownTable(['KiB', 'minified', ...names.map((name) => `gzipped, ${name}`), 'limit'], weighed.map(cells));
}

/** Says of each bundler by how much a row is over its limit. */
export function faults({ row, sizes }: Weighed): string[] {
  const { limit } = row;
  if (limit === undefined) return [];
  return Object.entries(sizes)
    .filter(([, { gzipped }]) => gzipped > limit * KIB)
    .map(([bundler, { gzipped }]) => {
      const over = gzipped - limit * KIB;
      const by = `${Math.ceil(over)} bytes (${percent(over / (limit * KIB))})`;
      return `${row.name} is ${kib(gzipped)} KiB with ${bundler}, ${by} over its limit of ${limit}`;
    });
}

/** The largest sources of a row, one on a line: bytes, minified. */
export function largest({ sources }: Weighed): string[] {
  const sorted = [...sources].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return sorted.map(([path, bytes]) => `  ${String(bytes).padStart(6)}  ${path}`);
}

/** What differs between two weighings, with the sources that changed most: bytes, minified. */
export function grown(before: readonly Weighed[], now: readonly Weighed[]): string[] {
  return now.flatMap(({ row, sizes, sources }) => {
    const earlier = before.find((one) => one.row.name === row.name);
    const [was, is] = [earlier?.sizes.esbuild?.gzipped, sizes.esbuild?.gzipped];
    if (earlier === undefined || was === undefined || is === undefined || was === is) return [];
    const paths = [...new Set([...sources.keys(), ...earlier.sources.keys()])];
    const changes = paths
      .map((path) => ({ path, bytes: (sources.get(path) ?? 0) - (earlier.sources.get(path) ?? 0) }))
      .filter(({ bytes }) => bytes !== 0)
      .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes))
      .slice(0, SHOWN);
    return [
      `${row.name}: ${kib(was)} -> ${kib(is)} KiB`,
      ...changes.map(({ path, bytes }) => `  ${(bytes > 0 ? `+${bytes}` : String(bytes)).padStart(6)}  ${path}`),
    ];
  });
}

/**
 * Compares the table in a document with what was weighed.
 *
 * @returns what is otherwise, one row on a line; nothing if all figures are near enough.
 */
export function staleRows(document: string, weighed: readonly Weighed[]): string[] {
  const [, part = ''] = document.split(/<!-- sizes:(?:begin|end) -->/);
  const shown = new Map(
    part.split('\n').map((line) => {
      const [, name = '', ...figures] = line.split('|').map((cell) => cell.trim());
      return [name, figures.slice(0, -1)];
    }),
  );
  const isNear = (written = '', is: string): boolean =>
    written === is || Math.abs(Number(written) - Number(is)) <= Math.max(0.1, TOLERANCE * Number(is));
  return weighed.flatMap((row) => {
    const [name = '', ...figures] = cells(row);
    const written = shown.get(name) ?? [];
    if (figures.length === written.length && figures.every((figure, index) => isNear(written[index], figure)))
      return [];
    const [has, is] = [written, figures].map((all) => all.join(', '));
    return [`docs/BENCHMARKS.md: the row ${name} has ${has}; it is ${is} (npm run sizes writes it)`];
  });
}
