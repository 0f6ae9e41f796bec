import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MODULE_LIMITS } from '../../src/metering/index.ts';

const table = suite('the table of limits in abi/KERNEL.md');

table('has each limit once, with its default', () => {
  const text = readFileSync(new URL('../../abi/KERNEL.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter((line) => /^\| `\w+` \| (module|type|function) \|/.test(line));
  const expected = Object.entries(MODULE_LIMITS).map(([name, { byDefault, counts, of }]) => {
    return `| \`${name}\` | ${of} | ${counts} | ${byDefault.toLocaleString('en-US')} |`;
  });
  assert.equal(rows, expected);
});

table.run();
