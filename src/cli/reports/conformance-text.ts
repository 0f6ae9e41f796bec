import {
  type CheckReport,
  type CheckStatus,
  groupChecks,
  measurementText,
  type SeriesReport,
  seriesText,
  type VerifyReport,
  verdictText,
} from '../../conformance/index.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows, section } from '../output/rows.ts';
import type { Paint, Style } from '../output/terminal.ts';
import type { PluginFiles } from '../program/plugin-files.ts';
import { directoryLines, errorLine } from './series-text.ts';

const STYLES: Readonly<Record<CheckStatus, Style>> = { pass: 'green', warn: 'yellow', fail: 'red', skipped: 'dim' };

/**
 * Writes the report of a verification as lines of text: the groups of checks, what they measured,
 * what to change, and the verdict last.
 */
export function conformanceLines(report: VerifyReport, file: string, paint: Paint): string[] {
  const { checks } = report;
  const groups = layOutRows(
    [...groupChecks(checks)].map(([group, members]) => groupRow(group, members)),
    paint,
  );
  return [
    title(report, file, paint),
    ...section(paint, 'Checks', [...groups, ...skippedLines(checks, paint)]),
    ...section(paint, 'Measured', layOutRows(checks.flatMap(measuredRow), paint)),
    ...section(
      paint,
      'What to change',
      (['fail', 'warn'] as const).flatMap((status) =>
        checks.filter((check) => check.status === status).flatMap((check) => changeLines(check, paint)),
      ),
    ),
    '',
    verdictLine(report, paint),
  ];
}

/** Writes the reports of a series as lines of text, with a summary at the end. */
export function seriesLines({ files, counts, verdict }: SeriesReport, found: PluginFiles, paint: Paint): string[] {
  const reports = files.flatMap((entry) => [
    ...('report' in entry
      ? conformanceLines(entry.report, entry.file, paint)
      : [errorLine(entry.error.message, paint)]),
    '',
  ]);
  return [...directoryLines(found, paint), ...reports, paint(STYLES[verdict], seriesText(counts))];
}

function title({ plugin, kinds, kind }: VerifyReport, file: string, paint: Paint): string {
  const name = plugin.name === undefined ? '' : ` (${printable(`${plugin.name} ${plugin.version}`)})`;
  return `${paint('bold', printable(file))}${name} as ${kinds.length === 0 ? kind : kinds.join(', ')}`;
}

const STATUSES = ['pass', 'warn', 'fail', 'skipped'] as const;

function groupRow(group: string, checks: readonly CheckReport[]): CellLike[] {
  const cells = STATUSES.map((status): CellLike => {
    const count = checks.filter((check) => check.status === status).length;
    return count === 0 ? '' : { text: `${count} ${status}`, style: STYLES[status], align: 'right' };
  });
  return [group, ...cells];
}

/** Only measurements with a limit are shown: a host may set a lower one. */
function measuredRow({ id, status, measured }: CheckReport): CellLike[][] {
  if (measured?.limit === undefined || status === 'skipped') return [];
  return [[id, { text: measurementText(measured), align: 'right' }]];
}

/** One line for each reason: a failed layer makes dozens of checks skipped. */
function skippedLines(checks: readonly CheckReport[], paint: Paint): string[] {
  const byReason = new Map<string, number>();
  for (const { status, reason = '' } of checks) {
    if (status === 'skipped') byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  const lines = [...byReason].map(([reason, count]) => `${count} skipped: ${printable(reason)}`);
  return lines.map((line) => `  ${paint('dim', line)}`);
}

function changeLines({ status, id, rule, reference, found = '', hint = '' }: CheckReport, paint: Paint): string[] {
  return [
    `  ${paint(STYLES[status], status)} ${paint('bold', id)}`,
    `    rule    ${rule} ${paint('dim', `(${reference})`)}`,
    `    found   ${printable(found)}`,
    `    change  ${hint}`,
  ];
}

function verdictLine(report: VerifyReport, paint: Paint): string {
  const { counts, verdict, durationMs } = report;
  const words = STATUSES.filter((status) => counts[status] > 0).map((status) => `${counts[status]} ${status}`);
  return `${paint(STYLES[verdict], verdictText(report))}: ${words.join(', ')} in ${durationMs.toFixed(0)} ms`;
}
