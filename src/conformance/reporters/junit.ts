import type { CheckReport, VerifyReport } from '../report.ts';
import type { SeriesEntry, SeriesReport } from '../series.ts';
import { escapeMarkup } from './markup.ts';
import { groupChecks, groupOf, measurementText, pluginText, visible } from './text.ts';

/**
 * Writes a report as JUnit XML, for CI. Each group of checks is a suite. The format has no
 * warnings: a check that warned passes, and its `system-out` has the warning.
 */
export function junitReport(report: VerifyReport): string {
  const { checks, durationMs, kind } = report;
  const suites = [...groupChecks(checks)].map(([group, members]) =>
    suite(
      group,
      members,
      members.reduce((sum, check) => sum + check.durationMs, 0),
      () => `${kind}.${group}`,
    ),
  );
  const head = `${attribute('name', `conformance of ${pluginText(report)}`)} ${totals(checks)}`;
  return document(`${head} time="${seconds(durationMs)}"`, suites.flat());
}

/**
 * Writes the report of a series as JUnit XML. Each file is a suite; a file without a report is one
 * with an error.
 */
export function junitSeriesReport({ files, durationMs, counts }: SeriesReport): string {
  const checks = files.flatMap((entry) => ('report' in entry ? entry.report.checks : []));
  const head = `name="conformance" ${totals(checks, counts.unverified)} errors="${counts.unverified}"`;
  return document(`${head} time="${seconds(durationMs)}"`, files.flatMap(fileSuite));
}

function document(attributes: string, suites: readonly string[]): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${attributes}>`, ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

function fileSuite(entry: SeriesEntry): string[] {
  const { file } = entry;
  if ('report' in entry) {
    const { checks, durationMs, kind } = entry.report;
    return suite(file, checks, durationMs, ({ id }) => `${kind}.${groupOf(id)}`);
  }
  const { kind, message } = entry.error;
  return [
    `  <testsuite ${attribute('name', file)} ${totals([], 1)} errors="1" time="${seconds(0)}">`,
    `    <testcase ${attribute('name', file)} classname="file">`,
    `      <error ${attribute('message', message)} ${attribute('type', kind)}/>`,
    '    </testcase>',
    '  </testsuite>',
  ];
}

function suite(
  name: string,
  checks: readonly CheckReport[],
  durationMs: number,
  classOf: (check: CheckReport) => string,
): string[] {
  return [
    `  <testsuite ${attribute('name', name)} ${totals(checks)} errors="0" time="${seconds(durationMs)}">`,
    ...checks.flatMap((check) => testCase(classOf(check), check)),
    '  </testsuite>',
  ];
}

function testCase(className: string, check: CheckReport): string[] {
  const { id, rule, durationMs, status, reason = '', found = '', hint = '', reference, measured } = check;
  const names = `${attribute('name', id)} ${attribute('classname', className)}`;
  const start = `    <testcase ${names} time="${seconds(durationMs)}"`;
  const lines: string[] = [];
  if (status === 'skipped') lines.push(`<skipped ${attribute('message', reason)}/>`);
  if (status === 'fail') {
    const text = [`rule: ${rule} (${reference})`, `found: ${visible(found)}`, `hint: ${hint}`].join('\n');
    lines.push(`<failure ${attribute('message', found)} ${attribute('type', id)}>${escapeXml(text)}</failure>`);
  }
  const output = [
    ...(status === 'warn' ? [`warning: ${visible(found)}`, `hint: ${hint}`] : []),
    ...(measured === undefined ? [] : [`measured: ${measurementText(measured)}`]),
  ];
  if (output.length > 0) lines.push(`<system-out>${escapeXml(output.join('\n'))}</system-out>`);
  if (lines.length === 0) return [`${start}/>`];
  return [`${start}>`, ...lines.map((line) => `      ${line}`), '    </testcase>'];
}

/** @param others how many test cases there are beside those of the checks. */
function totals(checks: readonly CheckReport[], others = 0): string {
  const count = (wanted: CheckReport['status']) => checks.filter(({ status }) => status === wanted).length;
  return `tests="${checks.length + others}" failures="${count('fail')}" skipped="${count('skipped')}"`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(4);
}

/** Writes an attribute of XML. */
export function attribute(name: string, value: string): string {
  return `${name}="${escapeXml(visible(value))}"`;
}

/**
 * Escapes a text for an element or an attribute. `visible` has escaped the other characters that
 * XML 1.0 cannot contain; the two noncharacters are replaced here.
 */
export function escapeXml(text: string): string {
  return escapeMarkup(text).replace(/[\ufffe\uffff]/g, '\ufffd');
}
