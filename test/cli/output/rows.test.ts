import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layOutRows } from '../../../src/cli/output/rows.ts';
import { painter } from '../../../src/cli/output/terminal.ts';

const rows = suite('layOutRows');

const plain = painter(false);

rows('makes each column as wide as its widest cell', () => {
  const table = [
    ['a', 'bbb', 'c'],
    ['aaa', 'b', 'c'],
  ];
  assert.equal(layOutRows(table, plain), ['  a    bbb  c', '  aaa  b    c']);
});

rows('aligns to the right on demand', () => {
  const table = [
    [{ text: '7', align: 'right' } as const, 'x'],
    [{ text: '1,024', align: 'right' } as const, 'y'],
  ];
  assert.equal(layOutRows(table, plain, ''), ['    7  x', '1,024  y']);
});

rows('neither pads the end of a line nor keeps empty cells there', () => {
  assert.equal(layOutRows([['a', ''], ['aaa', 'b'], []], plain), ['  a', '  aaa  b', '']);
});

rows('counts characters, not colour codes or code units', () => {
  const painted = layOutRows(
    [
      [{ text: '😀', style: 'red' }, 'x'],
      ['ab', 'y'],
    ],
    painter(true),
    '',
  );
  assert.equal(painted, ['\u001b[31m😀\u001b[39m   x', 'ab  y']);
});

rows('lays out as many rows as a module may have exports', () => {
  const lines = layOutRows(
    Array.from({ length: 200_000 }, () => ['a', 'b']),
    plain,
  );
  assert.is(lines.length, 200_000);
});

rows('limits the width of a column', () => {
  const table = [['x'.repeat(5_000), 'b'], ...Array.from({ length: 1_000 }, () => ['a', 'b'])];
  const [first = '', second = ''] = layOutRows(table, plain);
  assert.is(first, `  ${'x'.repeat(5_000)}  b`);
  assert.is(second, `  a${' '.repeat(119)}  b`);
});

rows('makes no lines without rows', () => {
  assert.equal(layOutRows([], plain), []);
});

rows.run();
