import type { CheckReport, VerifyReport } from '../report.ts';
import { escapeMarkup } from './markup.ts';
import { groupChecks, measurementText, pluginText, visible } from './text.ts';

/**
 * Writes a report as JUnit XML, for CI. Each group of checks is a suite. The format has no
 * warnings: a check that warned passes, and its `system-out` has the warning.
 */
export function junitReport(report: VerifyReport): string {
  const { checks, durationMs } = report;
  const suites = [...groupChecks(checks)].map(([group, members]) => suite(report, group, members));
  const name = attribute('name', `conformance of ${pluginText(report)}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${name} ${totals(checks)} time="${seconds(durationMs)}">`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ kind }: VerifyReport, group: string, checks: readonly CheckReport[]): string[] {
  const time = checks.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return [
    `  <testsuite ${attribute('name', group)} ${totals(checks)} errors="0" time="${seconds(time)}">`,
    ...checks.flatMap((check) => testCase(`${kind}.${group}`, check)),
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

function totals(checks: readonly CheckReport[]): string {
  const count = (wanted: CheckReport['status']) => checks.filter(({ status }) => status === wanted).length;
  return `tests="${checks.length}" failures="${count('fail')}" skipped="${count('skipped')}"`;
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
