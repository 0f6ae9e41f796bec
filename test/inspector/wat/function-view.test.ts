import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { preparePlugin } from '../../../src/index.ts';
import { chargeText } from '../../../src/inspector/wat/charges.ts';
import { type FunctionView, LINES_MAX, viewFunction } from '../../../src/inspector/wat/function-view.ts';
import { fixture } from '../../support/fixture.ts';
import { wat } from '../../support/wat.ts';

const view = suite('viewFunction');

async function viewed(text: string, index: number, lines = 500): Promise<FunctionView> {
  return viewFunction({ file: 'a.wasm', bytes: Uint8Array.from(await wat(text)), index, lines });
}

view('shows what is charged where, for a plugin of generation 1', async () => {
  const { name, size, code, hasMore } = await viewed(
    '(module (memory 1) (func $f (export "f") (param i32) (result i32) local.get 0 memory.grow))',
    0,
  );
  assert.equal([name, size, hasMore], ['$f', 6, false]);
  if (code.kind !== 'beside') throw new Error(code.kind);
  assert.ok(code.meteredSize > size);
  const told = code.rows.map(({ original, metered, change, charges = [] }) =>
    [change, original?.text ?? '-', metered.text, ...charges.map(chargeText)].join(' | '),
  );
  const check = ['i32.const 0', 'i32.lt_s', 'if', 'call 5 (;refill;)', 'drop', 'end'];
  const added = (...lines: readonly string[]): string[] => lines.map((line) => `added | - | ${line}`);
  const type = '(type 0) (param i32) (result i32)';
  const looks = 'looks at the fuel, and ends the call if it is used up';
  assert.equal(
    told.map((line) => line.replace(/ \(;@\d;\)/, '')),
    [
      `renumbered | (func $f (;0;) ${type} | (func $f (;4;) ${type}`,
      `added | - | global.get 0 (;counter;) | charges 3 fuel | ${looks}`,
      ...added('i32.const 3', 'i32.sub', 'global.set 0 (;counter;)', 'global.get 0 (;counter;)', ...check),
      'same | local.get 0 | local.get 0',
      'replaced | memory.grow | call 10 | calls a function that charges, then does the same',
      `added | - | global.get 0 (;counter;) | ${looks}`,
      ...added(...check),
      'same | ) | )',
    ],
  );
});

view('meters hook plugins as hooks are metered', async () => {
  const bytes = Uint8Array.from(await fixture('hooks/hostile/echo.wasm'));
  const { code } = viewFunction({ file: 'echo.wasm', bytes, index: 0, lines: 500 });
  assert.is(code.kind, 'beside');
});

view('shows an imported function alone', async () => {
  const { name, size, code, hasMore } = await viewed('(module (import "a" "b" (func)))', 0, 1);
  assert.equal([name, size, hasMore], ['a b', 0, false]);
  assert.equal(code, {
    kind: 'alone',
    lines: [{ text: '(import "a" "b" (func (;0;) (type 0)))', depth: 0 }],
    why: { kind: 'imported' },
  });
});

view('shows a function of a prepared plugin alone: it is metered already', async () => {
  const bytes = preparePlugin(await fixture('behaviour/echo.wasm'));
  const { code } = viewFunction({ file: 'a.wasm', bytes, index: 30, lines: 3 });
  if (code.kind !== 'alone') throw new Error(code.kind);
  assert.equal([code.why, code.lines.length], [{ kind: 'prepared' }, 3]);
});

view('shows a function alone, and why, if the plugin cannot be metered', async () => {
  const { code } = await viewed('(module (memory 1 1 shared) (func))', 0);
  if (code.kind !== 'alone' || code.why.kind !== 'refused') throw new Error(code.kind);
  assert.is(code.why.error.kind, 'FeatureRefused');
  assert.equal(
    code.lines.map(({ text }) => text),
    ['(func (;0;) (type 0)', ')'],
  );
});

view('shows no more lines than it was asked for, and says whether there are more', async () => {
  const text = `(module (func (param i32) ${'local.get 0 if nop end '.repeat(50)}))`;
  const cut = await viewed(text, 0, 20);
  if (cut.code.kind !== 'beside') throw new Error(cut.code.kind);
  assert.is(cut.hasMore, true);
  assert.is(cut.code.rows.filter(({ original }) => original !== undefined).length, 20);
  const whole = await viewed(text, 0, 1_000);
  if (whole.code.kind !== 'beside') throw new Error(whole.code.kind);
  assert.is(whole.hasMore, false);
  assert.is(whole.code.rows.filter(({ original }) => original !== undefined).length, 202);
});

view('shows no more lines than a page can, whatever is asked for', async () => {
  const { code, hasMore } = await viewed(`(module (func ${'nop '.repeat(LINES_MAX + 10)}))`, 0, 1e9);
  if (code.kind !== 'beside') throw new Error(code.kind);
  assert.is(hasMore, true);
  assert.is(code.rows.filter(({ original }) => original !== undefined).length, LINES_MAX);
});

view('shows long insertions in part', async () => {
  const blocks = 'block local.get 0 br_if 0 end '.repeat(1_000);
  const { code, hasMore } = await viewed(
    `(module (func (param i32) ${blocks} f64.const 0 ${'f64.const 0 f64.add '.repeat(400)} drop))`,
    0,
    LINES_MAX,
  );
  if (code.kind !== 'beside') throw new Error(code.kind);
  assert.is(hasMore, false);
  const padding = code.rows.findIndex(({ charges }) => charges?.some(({ kind }) => kind === 'padding'));
  const [last, end] = code.rows.slice(-2);
  assert.is(code.rows.length - padding, 60 + 2);
  assert.match(last?.metered.text ?? '', /^\(; and 1\d,\d\d\d more lines ;\)$/);
  assert.is(end?.metered.text, ')');
});

view('refuses an index that no function has', async () => {
  const bytes = Uint8Array.from(await wat('(module (func))'));
  assert.throws(() => viewFunction({ file: 'a.wasm', bytes, index: 9, lines: 1 }), /none with the index 9/);
});

view.run();
