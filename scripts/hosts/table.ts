// The table of hosts in abi/vectors/README.md, made from abi/vectors/hosts.json.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  LAYERS,
  type Layer,
  loadVectors,
  ownHost,
  reportVectors,
  runVectors,
  type VectorCounts,
  type VectorResult,
  type VectorsReport,
} from '../../src/conformance/index.ts';
import { markdownTable } from '../docs/markdown.ts';
import { readAnswers, runOnRecord } from '../reference/recorded-answers.ts';

const folder = new URL('../../abi/vectors/', import.meta.url);
const record = new URL('hosts.json', folder);
const document = new URL('README.md', folder);

/** How many vectors of each layer ended in each way on a host. */
export type LayerCounts = Readonly<Partial<Record<Layer, VectorCounts>>>;

/** The counts of hosts by their names, in the order of the columns. */
export type HostCounts = Readonly<Record<string, LayerCounts>>;

/** The counts of a report, by layer. */
export function countsByLayer({ layers }: Pick<VectorsReport, 'layers'>): LayerCounts {
  return Object.fromEntries(
    layers.map(({ layer, passed, failed, unsupported }) => [layer, { passed, failed, unsupported }]),
  );
}

/**
 * Counts on the two hosts that need no other program: this package on the engine that runs here,
 * and the published host in Rust by its recorded answers.
 */
export async function ownCounts(): Promise<HostCounts> {
  const vectors = await loadVectors(async (path) => readFileSync(new URL(path, folder)));
  const own: VectorResult[] = [];
  for await (const result of runVectors(vectors, ownHost)) own.push(result);
  const answers = readAnswers(readFileSync(new URL('../../fixtures/reference/vectors.json', import.meta.url), 'utf8'));
  const published = await runOnRecord(vectors, answers);
  return {
    'this package': countsByLayer(reportVectors(own)),
    'published host in Rust': countsByLayer(reportVectors(published)),
  };
}

/** Reads the counts that were recorded. */
export function recordedCounts(): HostCounts {
  // The cast: `recordCounts` writes the file, and a test compares it with the vectors.
  return JSON.parse(readFileSync(record, 'utf8')) as HostCounts;
}

/** The comments between which the table stands. */
const [BEGIN, END] = ['<!-- table of hosts -->', '<!-- end of the table of hosts -->'];

/**
 * Writes the table.
 *
 * @param counts of the hosts.
 * @returns a row for each layer and one for all, a column for each host.
 */
export function tableText(counts: HostCounts): string {
  const hosts = Object.entries(counts);
  const row = (name: string, of: readonly Layer[]): string[] => [
    name,
    ...hosts.map(([, host]) => cell(sum(of.flatMap((layer) => host[layer] ?? [])))),
  ];
  return markdownTable(
    ['layer', ...hosts.map(([name]) => name)],
    [...LAYERS.map((layer) => row(`\`${layer}\``, [layer])), row('all', LAYERS)],
  );
}

function sum(counts: readonly VectorCounts[]): VectorCounts {
  const of = (name: keyof VectorCounts): number => counts.reduce((total, each) => total + each[name], 0);
  return { passed: of('passed'), failed: of('failed'), unsupported: of('unsupported') };
}

function cell({ passed, failed, unsupported }: VectorCounts): string {
  if (passed + failed + unsupported === 0) return '';
  const more = [failed > 0 ? `${failed} differ` : '', unsupported > 0 ? `${unsupported} unsupported` : ''];
  return [String(passed), ...more.filter((text) => text !== '')].join(', ');
}

/** Returns the text of abi/vectors/README.md with another table. */
export function withTable(text: string, table: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`abi/vectors/README.md must have ${BEGIN} and ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
}

/**
 * Records counts of hosts, and writes the table anew. Hosts that are not given keep their counts.
 */
export function recordCounts(counts: HostCounts): void {
  const all = { ...recordedCounts(), ...counts };
  const lines = Object.entries(all).map(([name, host]) => {
    const own = Object.entries(host).map(([layer, of]) => `    ${JSON.stringify(layer)}: ${JSON.stringify(of)}`);
    return `  ${JSON.stringify(name)}: {\n${own.join(',\n')}\n  }`;
  });
  writeFileSync(record, `{\n${lines.join(',\n')}\n}\n`);
  writeFileSync(document, withTable(readFileSync(document, 'utf8'), tableText(all)));
}
