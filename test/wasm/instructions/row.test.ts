import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instructionsOf, namesOf } from '../../../src/wasm/instructions/row.ts';

const row = suite('rows of the instruction table');

const cases: readonly (readonly [written: string, names: readonly string[]])[] = [
  ['nop', ['nop']],
  ['nop drop', ['nop', 'drop']],
  ['i32.{eq,ne}', ['i32.eq', 'i32.ne']],
  ['{i32,i64}.load', ['i32.load', 'i64.load']],
  ['{a,b}.{c,d}_e f', ['a.c_e', 'a.d_e', 'b.c_e', 'b.d_e', 'f']],
];

for (const [written, expected] of cases) {
  row(`the names of ${written}`, () => assert.equal(namesOf(written), expected));
}

row('a row stands for consecutive opcodes, with defaults for what it leaves out', () => {
  const shared = { immediates: [], feature: 'mvp', stack: { kind: 'constant', pops: 2, pushes: 1 }, control: 'none' };
  const costs = { fuel: 1, time: 'constant', grows: 'nothing', blocks: false, calls: 'nothing', checks: false };
  assert.equal(instructionsOf(['mvp', 0x46, 'i32.{eq,ne}', [2, 1]]), [
    { name: 'i32.eq', opcode: 0x46, ...shared, costs },
    { name: 'i32.ne', opcode: 0x47, ...shared, costs },
  ]);
});

row('a row says what differs from the defaults', () => {
  const [call] = instructionsOf([
    'mvp',
    0x10,
    'call',
    [0, 0, 'functionType'],
    ['functionIndex'],
    { calls: 'call', control: 'call' },
  ]);
  assert.equal(
    [call?.stack.kind, call?.immediates, call?.costs.calls, call?.costs.fuel, call?.control],
    ['functionType', ['functionIndex'], 'call', 1, 'call'],
  );
});

row.run();
