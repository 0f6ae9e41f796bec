import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BOUND_METRICS,
  HOOK_METRICS,
  HOST_METRICS,
  METRICS,
  type Metric,
  PROTOCOL_METRICS,
} from '../../src/metrics/table.ts';

const table = suite('the tables of metrics in TELEMETRY.md');
const text = readFileSync(new URL('../../TELEMETRY.md', import.meta.url), 'utf8');

/** The rows of a table, as they stand in the document. */
function rowsOf(metrics: Readonly<Record<string, Metric>>): string[] {
  return Object.entries(metrics).map(([name, { kind, unit, labels, help }]) => {
    const named = labels.map((label) => `\`${label}\``).join(', ') || 'none';
    return `| \`${name}\` | ${kind} | ${unit} | ${named} | ${help} |`;
  });
}

for (const [title, metrics] of Object.entries({
  'Metrics of the protocol': PROTOCOL_METRICS,
  'Metrics of a host of plugins': HOST_METRICS,
  'Metrics of hook plugins': HOOK_METRICS,
  'Counters of plugins': BOUND_METRICS,
})) {
  table(`has the rows of "${title}"`, () => {
    const [, section = ''] = new RegExp(`^### ${title}\n(.*?)^##`, 'ms').exec(text) ?? [];
    const rows = section.split('\n').filter((line) => /^\| `\w+` \| (?:counter|histogram|gauge) \|/.test(line));
    assert.equal(rows, rowsOf(metrics), `expected:\n${rowsOf(metrics).join('\n')}`);
  });
}

table('has each metric once', () => {
  for (const name of Object.keys(METRICS)) {
    assert.is(text.split(`\n| \`${name}\` |`).length, 2, name);
  }
});

table.run();
