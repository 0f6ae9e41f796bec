import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readModule, referencedFunctions } from '../../../src/wasm/index.ts';
import { wat } from '../../support/wat.ts';

const references = suite('referenced functions');

const cases: readonly (readonly [text: string, expected: readonly number[]])[] = [
  ['', []],
  ['(export "x" (func 1)) (export "y" (func 3))', [1, 3]],
  ['(global funcref (ref.func 2))', [2]],
  ['(table 1 funcref) (elem (i32.const 0) func 0 3)', [0, 3]],
  ['(elem funcref (ref.func 1) (ref.null func))', [1]],
  ['(elem declare func 2)', [2]],
  ['(table 1 funcref (ref.func 3))', [3]],
  ['(start 1)', []],
  ['(func call 2)', []],
  ['(memory 1) (global i32 (i32.const 3)) (export "m" (memory 0)) (export "g" (global 0))', []],
];

for (const [text, expected] of cases) {
  references(`of ${text || 'an empty module'}: ${expected.join() || 'none'}`, async () => {
    const bytes = await wat(`(module (import "" "f" (func)) (func) (func) (func) ${text})`);
    assert.equal([...referencedFunctions(bytes, readModule(bytes))].sort(), expected);
  });
}

references.run();
