import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOOK_METRICS } from '../../src/hooks/index.ts';

const table = suite('the table of metrics in TELEMETRY.md');

table('has each metric of hook plugins once, with its kind and labels', () => {
  const text = readFileSync(new URL('../../TELEMETRY.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (`\w+` \| (?:counter|histogram|gauge) \| [^|]+) \|/gm)].map(([, row]) => row);
  const expected = Object.entries(HOOK_METRICS).map(([name, { kind, labels }]) => {
    return `\`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ') || 'none'}`;
  });
  assert.equal(rows, expected);
});

table.run();
