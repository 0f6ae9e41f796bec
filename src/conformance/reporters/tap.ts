import type { CheckReport, VerifyReport } from '../report.ts';
import { type SeriesEntry, type SeriesReport, seriesText } from '../series.ts';
import { measurementText, pluginText, verdictText, visible } from './text.ts';

/**
 * Writes a report in the Test Anything Protocol, version 14 (testanything.org). A check that warned
 * is `ok`, with the severity in its diagnostics.
 */
export function tapReport(report: VerifyReport): string {
  return ['TAP version 14', ...testPoints(report), ''].join('\n');
}

/** Writes the report of a series in the same protocol. Each file is a subtest. */
export function tapSeriesReport({ files, counts }: SeriesReport): string {
  return [
    'TAP version 14',
    `1..${files.length}`,
    ...files.flatMap((entry, index) => fileTest(entry, index + 1)),
    `# ${seriesText(counts)}`,
    '',
  ].join('\n');
}

function fileTest(entry: SeriesEntry, number: number): string[] {
  const name = escapeTap(entry.file);
  if ('error' in entry) {
    const { kind, message } = entry.error;
    const entries = [`severity: fail`, `message: ${JSON.stringify(visible(`${kind}: ${message}`))}`];
    return [`not ok ${number} - ${name}`, ...yamlBlock(entries)];
  }
  return [
    `# Subtest: ${name}`,
    ...testPoints(entry.report).map((line) => `    ${line}`),
    `${entry.report.verdict === 'fail' ? 'not ok' : 'ok'} ${number} - ${name}`,
  ];
}

function testPoints(report: VerifyReport): string[] {
  return [
    `1..${report.checks.length}`,
    `# conformance of ${pluginText(report)} as ${report.kinds.join(', ') || report.kind}`,
    ...report.checks.flatMap((check, index) => testPoint(check, index + 1)),
    `# ${pluginText(report)} ${verdictText(report)}`,
  ];
}

function testPoint(check: CheckReport, number: number): string[] {
  const { id, rule, status, reason = '' } = check;
  const result = status === 'fail' ? 'not ok' : 'ok';
  const directive = status === 'skipped' ? ` # SKIP ${escapeTap(reason)}` : '';
  return [`${result} ${number} - ${id}: ${escapeTap(rule)}${directive}`, ...diagnostics(check)];
}

/** A YAML block. Every JSON string is a valid YAML string, so no text can end the block. */
function diagnostics({ status, found, hint, reference, measured, durationMs }: CheckReport): string[] {
  const entries: (readonly [string, string])[] = [['duration_ms', durationMs.toFixed(3)]];
  if (measured !== undefined) entries.push(['measured', JSON.stringify(measurementText(measured))]);
  if (status === 'fail' || status === 'warn') {
    entries.push(
      ['severity', status],
      ['message', JSON.stringify(visible(found ?? ''))],
      ['hint', JSON.stringify(hint ?? '')],
      ['rule', JSON.stringify(reference)],
    );
  }
  return status === 'skipped' ? [] : yamlBlock(entries.map(([key, value]) => `${key}: ${value}`));
}

function yamlBlock(entries: readonly string[]): string[] {
  return ['  ---', ...entries.map((entry) => `  ${entry}`), '  ...'];
}

/** Escapes a description, in which # begins a directive and \ escapes. */
function escapeTap(text: string): string {
  return visible(text).replace(/[\\#]/g, (character) => `\\${character}`);
}
