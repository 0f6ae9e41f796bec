import { ruleLink, type VectorCounts, type VectorsReport } from '../../conformance/index.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows, section } from '../output/rows.ts';
import type { Paint, Style } from '../output/terminal.ts';

/** The columns of the table, with the style of a count that is not 0. */
const COLUMNS: readonly (readonly [keyof VectorCounts, Style])[] = [
  ['passed', 'green'],
  ['failed', 'red'],
  ['unsupported', 'yellow'],
];

/**
 * Writes the results of vectors as lines of text: a table by layer, what the host lacks, and each
 * vector that failed.
 *
 * @param host how the report names the host.
 */
export function vectorsLines(report: VectorsReport, host: string, paint: Paint): string[] {
  const head = ['layer', ...COLUMNS.map(([name]) => name)].map((text): CellLike => ({ text, style: 'dim' }));
  const rows = report.layers.map((counts): CellLike[] => [counts.layer, ...cells(counts)]);
  const table = layOutRows([head, ...rows, [{ text: 'all', style: 'bold' }, ...cells(report)]], paint);
  return [
    `${paint('bold', 'Test vectors')} on ${printable(host)}`,
    ...table,
    ...section(paint, 'Unsupported', layOutRows(reasons(report), paint)),
    ...section(paint, 'Failed', failures(report, paint)),
  ];
}

function cells(counts: VectorCounts): CellLike[] {
  return COLUMNS.map(([name, style]) => ({
    text: String(counts[name]),
    align: 'right',
    style: counts[name] === 0 ? 'dim' : style,
  }));
}

/** How many vectors each reason left out. */
function reasons({ vectors }: VectorsReport): CellLike[][] {
  const counts = new Map<string, number>();
  for (const { status, reason = '' } of vectors)
    if (status === 'unsupported') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => [{ text: String(count), align: 'right' }, printable(reason)]);
}

function failures({ vectors }: VectorsReport, paint: Paint): string[] {
  return vectors
    .filter(({ status }) => status === 'failed')
    .flatMap(({ id, rule, reason = '' }) => [
      `  ${paint('red', printable(id))} ${printable(ruleLink(rule))}`,
      `    ${printable(reason)}`,
    ]);
}
