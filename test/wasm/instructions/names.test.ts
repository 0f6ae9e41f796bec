import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namesOf } from '../../../src/wasm/instructions/names.ts';

const names = suite('names of the instruction table');

const cases: readonly (readonly [written: string, names: readonly string[]])[] = [
  ['nop', ['nop']],
  ['nop drop', ['nop', 'drop']],
  ['i32.{eq,ne}', ['i32.eq', 'i32.ne']],
  ['{i32,i64}.load', ['i32.load', 'i64.load']],
  ['{a,b}.{c,d}_e f', ['a.c_e', 'a.d_e', 'b.c_e', 'b.d_e', 'f']],
];

for (const [written, expected] of cases) {
  names(written, () => assert.equal(namesOf(written), expected));
}

names.run();
