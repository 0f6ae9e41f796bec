// How the build marks what a module makes when it is loaded, and keeps its source map right.
import { SourceMap } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Output, withInsertions } from '../../scripts/build/insertions.ts';
import { withPureValues } from '../../scripts/build/pure.ts';

const NO_MAPPINGS = JSON.stringify({ version: 3, sources: [], names: [], mappings: '' });
const marked = (code: string): string => withPureValues({ code, map: NO_MAPPINGS }).code;

const values = suite('what the build marks as pure');

for (const [what, code, expected] of [
  ['a call', 'const a=f(1);', 'const a=/*@__PURE__*/f(1);'],
  ['new', 'var a=1,b=new B;', 'var a=1,b=/*@__PURE__*/new B;'],
  ['a call in a call', 'let a=f([g()]);', 'let a=/*@__PURE__*/f([/*@__PURE__*/g()]);'],
  ['a call of what a call returns, once', 'let a=f()();', 'let a=/*@__PURE__*/f()();'],
  ['a method that is called', 'let a=Object.freeze([]);', 'let a=/*@__PURE__*/Object.freeze([]);'],
  ['a static field', 'var A=class{static b=f();c=g()};', 'var A=class{static b=/*@__PURE__*/f();c=g()};'],
  ['an exported declaration', 'export class A{static b=f()}', 'export class A{static b=/*@__PURE__*/f()}'],
  ['a spread', 'let a={...b};', 'let a=/*@__PURE__*/(()=>({...b}))();'],
  ['a property that is read', 'let a=b.c;', 'let a=/*@__PURE__*/(()=>(b.c))();'],
  ['a computed key, with its calls', 'let a={[b]:f()};', 'let a=/*@__PURE__*/(()=>({[b]:f()}))();'],
  ['a text with a value', `let a={b:\`\${c}\`};`, `let a=/*@__PURE__*/(()=>({b:\`\${c}\`}))();`],
  ['a look for a property', "let a='b'in c;", "let a=/*@__PURE__*/(()=>('b'in c))();"],
  ['arithmetic in a value', 'let a=[b*2];', 'let a=/*@__PURE__*/(()=>([b*2]))();'],
] as const) {
  values(`${what} is marked`, () => assert.is(marked(code), expected));
}

for (const [what, code] of [
  ['a function', 'const a=()=>f(),b=function(){return g()};function c(){h()}'],
  ['an inner function', 'const a={b:()=>f(),c(){g()}};'],
  ['a field of an instance', 'var A=class extends B{#c=f();d(){return g()}};'],
  ['a number, which bundlers put where it is used', 'const a=1<<b;'],
  ['a text without a value', 'const a=`b`;'],
  ['a statement', 'f();a.b=g();'],
  ['an import or export', "import{a}from'b';export{a as c};export*from'd';"],
] as const) {
  values(`${what} stays as it is`, () => assert.is(marked(code), code));
}

values.run();

const insertions = suite('insertions into a module');

/** Two lines; each name in them is from a line of the source, which tells by its number. */
const TWO_LINES: Output = {
  code: 'var one=f();var two=g();\nvar three=h();\n',
  // Segments at columns 4, 8, 16 and 20 of the first line, and 4 and 10 of the second.
  map: JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings: 'IAAA,IACA,QACA,IACA;IACA,MACA' }),
};

/** The line of the source that a text in the code is from. */
function lineOf({ code, map }: Output, text: string): number {
  const before = code.slice(0, code.indexOf(text)).split('\n');
  const entry = new SourceMap(JSON.parse(map)).findEntry(before.length - 1, before.at(-1)?.length ?? 0);
  if (!('originalLine' in entry)) throw new Error(`${text} is from nowhere`);
  return entry.originalLine;
}

const names = ['one', 'f()', 'two', 'g()', 'three', 'h()'];

insertions('leave every name where it came from', () => {
  const offsets = names.map((name) => TWO_LINES.code.indexOf(name));
  const output = withInsertions(
    TWO_LINES,
    offsets.map((offset, index) => ({ offset, text: '/'.repeat(7 ** index % 50) })),
  );
  assert.is(output.code.replaceAll('/', ''), TWO_LINES.code);
  assert.is(output.code.length, TWO_LINES.code.length + 1 + 7 + 49 + 43 + 1 + 7);
  for (const each of [TWO_LINES, output])
    assert.equal(
      names.map((name) => lineOf(each, name)),
      [0, 1, 2, 3, 4, 5],
    );
});

insertions('change nothing if nothing is inserted', () => assert.equal(withInsertions(TWO_LINES, []), TWO_LINES));

insertions('refuse a map that they cannot read', () => {
  for (const mappings of ['!AAA', 'g', 'IAAA,,IACA'])
    assert.throws(
      () => withInsertions({ ...TWO_LINES, map: JSON.stringify({ mappings }) }, []),
      /a source map has a segment/,
    );
});

insertions.run();
