import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionName } from '../../../src/wasm/grammar/name-section.ts';
import { FunctionPrinter, printedText, printFunction } from '../../../src/wasm/text/index.ts';
import { leb, longSection, moduleOf, name, section } from '../../support/bytes.ts';
import { wat } from '../../support/wat.ts';

const hostile = suite('a hostile module');

const type = section(1, 1, 0x60, 0, 0);

/** A module of functions with these bodies, and with subsections of a name section. */
function module(
  bodies: readonly (readonly number[])[],
  ...names: readonly (readonly number[])[]
): Uint8Array<ArrayBuffer> {
  const declared = [...leb(bodies.length), ...bodies.map(() => 0)];
  const code = [...leb(bodies.length)].concat(...bodies.map((body) => [...leb(body.length)].concat(body)));
  const sections = [type, longSection(3, declared), longSection(10, code)];
  return moduleOf(...sections, longSection(0, name('name').concat(...names)));
}

/** Subsection 1 with names of the functions from 0 on. */
function functionNames(...names: readonly string[]): number[] {
  return longSection(1, [...leb(names.length)].concat(...names.map((each, index) => [...leb(index), ...name(each)])));
}

const empty = [0, 0x0b];

const names: Readonly<Record<string, string>> = {
  'control characters': 'a\u0000b\u001b[31m\u007f\u0085',
  'a line break': 'a\nb\r\u2028c',
  'characters that reorder text': 'a\u202eb\u2066\u200f',
  markup: '<img src=x onerror=alert(1)>',
  'the end of a comment': ';) (; ;;',
  'quotes and backslashes': '"\\"\\u{41}',
  parentheses: ')) (func',
  'characters of the short form': 'core::fmt::Write<_>::write|~`^',
  'letters of other scripts': 'füü日本語😀',
};

for (const [what, given] of Object.entries(names)) {
  hostile(`may have ${what} in a name, which stays the same name`, async () => {
    const bytes = module([[0, 0x10, 0, 0x0b]], functionNames(given));
    const printed = printFunction(bytes, 0);
    assert.not.match(printed.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    assert.is(printed.split('\n').length, 3);
    const again = await wat(`(module (type (func)) ${printed})`);
    assert.is(functionName(again, 0), given);
  });
}

hostile('may name several functions alike: the first has the name', () => {
  const bytes = module([empty, [0, 0x10, 0, 0x10, 1, 0x0b]], functionNames('same', 'same'));
  assert.is(printFunction(bytes, 1), '(func (;1;) (type 0)\n  call $same\n  call 1\n)');
});

hostile('may have empty, long and broken names: these are left out, those after them are not', () => {
  const long = 'x'.repeat(1_000_000);
  const bytes = module([empty, empty, empty, empty], functionNames('', long, 'x'.repeat(200), 'good'));
  const printer = new FunctionPrinter(bytes);
  const heads = [0, 1, 2, 3].map((index) => printer.print(index).lines[0]?.text.slice(0, 14));
  assert.equal(heads, ['(func (;0;) (t', '(func (;1;) (t', '(func $xxxxxxx', '(func $good (;']);
  // Not UTF-8, then a good one.
  const broken = module([empty, empty], longSection(1, [2, 0, 1, 0xff, 1, 1, 0x61]));
  assert.is(printFunction(broken, 1), '(func $a (;1;) (type 0)\n)');
});

hostile('may have a name section that is malformed: names before the fault are used', () => {
  const bytes = module([empty], functionNames('f'), [2, 9, 1, 0]);
  assert.is(printFunction(bytes, 0), '(func $f (;0;) (type 0)\n)');
  const locals = module([[1, 1, 0x7f, 0x20, 0, 0x0b]], longSection(2, [2, 0, 1, 0, 1, 0x61, 9]));
  assert.is(printFunction(locals, 0), '(func (;0;) (type 0)\n  (local $a i32)\n  local.get $a\n)');
  // The same subsection again counts for nothing.
  const twice = module([empty], functionNames('f'), functionNames('g'));
  assert.is(printFunction(twice, 0), '(func $f (;0;) (type 0)\n)');
});

const DEEP = 100_000;

hostile('may have 100,000 blocks in each other', () => {
  const blocks = Array.from({ length: DEEP }, () => [0x02, 0x40]).flat();
  const branch = [0x0c, ...leb(DEEP)];
  const bytes = module([[0].concat(blocks, branch, Array<number>(DEEP + 1).fill(0x0b))]);
  const printer = new FunctionPrinter(bytes);
  const text = printedText(printer.print(0));
  assert.ok(text.length < 10_000 * 150, String(text.length));
  const whole = printer.print(0, { lines: 1_000_000 });
  assert.ok(whole.complete);
  assert.is(whole.lines[DEEP + 1]?.text, `br ${DEEP} (;@0;)`);
});

hostile('may have a br_table with a million targets', () => {
  const table = [0x0e, ...leb(1_000_000)].concat(Array<number>(1_000_001).fill(0));
  const bytes = module([[0, 0x41, 0].concat(table, [0x0b])]);
  const { lines, complete } = new FunctionPrinter(bytes).print(0);
  assert.is(complete, false);
  assert.is(lines.length, 4);
  assert.ok((lines[2]?.text.length ?? 0) < 1_100);
  assert.is(lines[3]?.text, ')');
});

hostile('may have thousands of catch clauses, result types and locals', () => {
  const many = (bytes: readonly number[]): number[] =>
    [...leb(10_000)].concat(...Array.from({ length: 10_000 }, () => bytes));
  const code = [0x1f, 0x40].concat(many([3, 0]), [0x0b, 0x1c], many([0x7f]), [0x0b]);
  const bytes = module([[1, ...leb(50_000), 0x7f].concat(code)]);
  const { lines } = new FunctionPrinter(bytes).print(0);
  assert.equal(
    lines.map(({ text }) => [text.slice(0, 10), text.length < 1_100]),
    [
      ['(func (;0;', true],
      ['(local i32', true],
      ['try_table ', true],
      ['end', true],
      ['select (re', true],
      [')', true],
    ],
  );
});

hostile('may have thousands of parameters and results', () => {
  const types = [...leb(100_000)].concat(Array<number>(100_000).fill(0x7f));
  const own = (params: readonly number[], results: readonly number[]): Uint8Array =>
    moduleOf(longSection(1, [1, 0x60].concat(params, results)), section(3, 1, 0), section(10, 1, 2, 0, 0x0b));
  for (const bytes of [own(types, [0]), own([0], types)]) {
    const { lines, complete } = new FunctionPrinter(bytes).print(0);
    assert.is(complete, false);
    assert.match(
      lines[0]?.text ?? '',
      /^\(func \(;0;\) \(type 0\) \((param|result)( i32)+ \(; cut: the line is too long ;\)$/,
    );
    assert.ok((lines[0]?.text.length ?? 0) < 1_100);
  }
});

hostile('may have many names of one kind', () => {
  const entries = Array.from({ length: 200_000 }, (_, index) => [...leb(index), 1, 0x61 + (index % 26)]).flat();
  const bytes = module([[0, 0x23, 25, 0x23, 26, 0x0b]], longSection(7, leb(200_000).concat(entries)));
  assert.is(printFunction(bytes, 0), '(func (;0;) (type 0)\n  global.get $z\n  global.get 26\n)');
});

hostile.run();
