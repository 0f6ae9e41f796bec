import type { VectorCounts, VectorReport, VectorsReport } from '../vectors/report.ts';
import { ruleLink } from '../vectors/rule.ts';
import { attribute, escapeXml } from './junit.ts';
import { visible } from './text.ts';

/**
 * Writes the results of vectors as JUnit XML, for CI. Each layer is a suite. A vector that the host
 * does not support is skipped.
 */
export function vectorsJunitReport(report: VectorsReport): string {
  const { layers, vectors } = report;
  const suites = layers.flatMap((counts) => [
    `  <testsuite ${attribute('name', counts.layer)} ${totals(counts)} errors="0">`,
    ...vectors.filter(({ layer }) => layer === counts.layer).flatMap(testCase),
    '  </testsuite>',
  ]);
  const head = `<testsuites name="test vectors for hosts" ${totals(report)}>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites, '</testsuites>', ''].join('\n');
}

function testCase({ id, layer, rule, status, reason = '' }: VectorReport): string[] {
  const start = `    <testcase ${attribute('name', id)} ${attribute('classname', layer)}`;
  if (status === 'passed') return [`${start}/>`];
  const message = attribute('message', reason);
  const failure = `<failure ${message} ${attribute('type', rule)}>${escapeXml(visible(ruleLink(rule)))}</failure>`;
  return [`${start}>`, `      ${status === 'failed' ? failure : `<skipped ${message}/>`}`, '    </testcase>'];
}

function totals({ passed, failed, unsupported }: VectorCounts): string {
  return `tests="${passed + failed + unsupported}" failures="${failed}" skipped="${unsupported}"`;
}
