import { formatCount } from '../../digits.ts';
import type { MeteringAdditions, MeteringReport, SectionGrowth } from '../../inspection/metering-report.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';

/** Writes what metering adds to a plugin as lines of text. */
export function meteringLines(report: MeteringReport, paint: Paint): string[] {
  if ('error' in report) {
    const { kind, message } = report.error;
    return [paint('bold', 'Metering'), `  ${paint('red', 'not possible')}: ${kind}: ${printable(message)}`];
  }
  return [
    paint('bold', 'Metering'),
    ...layOutRows(summaryRows(report), paint),
    ...additionRows(report, paint),
    '',
    paint('bold', 'Sections, metered'),
    ...layOutRows([GROWTH_HEADER, ...report.sections.map(growthRow)], paint),
  ];
}

function summaryRows({ bytesBefore, bytesAfter, durationMs, functions, globals }: MeteringAdditions): CellLike[][] {
  const growth = bytesBefore === 0 ? 0 : (bytesAfter / bytesBefore - 1) * 100;
  return [
    ['before', formatBytes(bytesBefore)],
    ['after', `${formatBytes(bytesAfter)} (${growth < 0 ? '' : '+'}${growth.toFixed(1)} %)`],
    ['written in', `${durationMs.toFixed(1)} ms`],
    ['functions', `${formatCount(functions)} added`],
    ['globals', `${formatCount(globals)} added`],
  ];
}

function additionRows({ imports, exports }: MeteringAdditions, paint: Paint): string[] {
  return layOutRows(
    [
      ...imports.map(({ module, name, kind, type }): CellLike[] => [
        'import',
        { text: printable(`${module} ${name}`), style: 'cyan' },
        kind,
        type,
      ]),
      ...exports.map(({ name, kind, type }): CellLike[] => [
        'export',
        { text: printable(name), style: 'cyan' },
        kind,
        type ?? '',
      ]),
    ],
    paint,
  );
}

const GROWTH_HEADER: CellLike[] = [
  { text: 'section', style: 'dim' },
  { text: 'before', style: 'dim', align: 'right' },
  { text: 'after', style: 'dim', align: 'right' },
  { text: 'name', style: 'dim' },
];

function growthRow({ name, customName, before, after }: SectionGrowth): CellLike[] {
  return [
    { text: name, style: 'cyan' },
    { text: formatCount(before), align: 'right' },
    { text: formatCount(after), align: 'right' },
    customName === undefined ? '' : printable(customName),
  ];
}
