import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatFunctionType, sameFunctionType } from '../../src/plugin/function-type.ts';

const types = suite('function types');

const many = (count: number): string[] => Array(count).fill('i64');

types('are written as in errors', () => {
  assert.is(formatFunctionType({ params: [], results: [] }), '() -> ()');
  assert.is(formatFunctionType({ params: ['i64', 'f32'], results: ['i32', 'i64'] }), '(i64, f32) -> (i32, i64)');
});

types('of more than sixteen parameters or results are written with their number', () => {
  assert.is(formatFunctionType({ params: many(16), results: [] }), `(${many(16).join(', ')}) -> ()`);
  const text = formatFunctionType({ params: many(1_000), results: many(17) });
  assert.is(text, `(${many(16).join(', ')}, … 984 more) -> (${many(16).join(', ')}, … 1 more)`);
});

types('are the same by all of their parameters and results, not by what is written of them', () => {
  const a = { params: [...many(40), 'i32'], results: many(1) };
  const b = { params: [...many(40), 'f32'], results: many(1) };
  assert.is(formatFunctionType(a), formatFunctionType(b));
  assert.ok(sameFunctionType(a, { params: [...a.params], results: [...a.results] }));
  assert.not(sameFunctionType(a, b));
  assert.not(sameFunctionType(a, { ...a, results: [] }));
  assert.not(sameFunctionType({ params: ['i32'], results: [] }, { params: [], results: ['i32'] }));
});

types('that are distinct are no other', () => {
  const plain = { params: [], results: [] };
  for (const [a, b] of [
    [plain, { ...plain, distinct: true }],
    [{ ...plain, distinct: true }, plain],
    [
      { ...plain, distinct: true },
      { ...plain, distinct: true },
    ],
  ] as const) {
    assert.not(sameFunctionType(a, b));
  }
});

types.run();
