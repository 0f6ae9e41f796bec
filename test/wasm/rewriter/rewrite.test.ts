import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type IndexMaps,
  type IndexSpace,
  type RewritePlan,
  readModule,
  readU32,
  rewriteModule,
} from '../../../src/wasm/index.ts';
import { leb, moduleOf, name, section } from '../../support/bytes.ts';
import { engineHas } from '../../support/features.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { print } from '../../support/print.ts';
import { wat } from '../../support/wat.ts';

const I32_CONST = 0x41;
const END = 0x0b;

const rewriter = suite('rewriter');

const rewrite = (bytes: Uint8Array, plan: Partial<RewritePlan> = {}): Uint8Array<ArrayBuffer> =>
  rewriteModule(bytes, readModule(bytes), { indices: {}, additions: () => ({}), ...plan });

const same = (index: number): number => index;
const allSame: IndexMaps = {
  type: same,
  function: same,
  table: same,
  memory: same,
  global: same,
  tag: same,
  element: same,
  data: same,
};

for (const path of fixturePaths) {
  rewriter(`a plan without changes keeps the bytes of ${path}`, async () => {
    const original = await fixture(path);
    assert.ok(equalBytes(rewrite(original), original));
    assert.ok(equalBytes(rewrite(original, { indices: allSame }), original));
  });

  rewriter(`additions move the functions of ${path}`, async () => {
    const original = await fixture(path);
    const module = readModule(original);
    const imported = module.imports.filter(({ kind }) => kind === 'function').length;
    const shifted = rewrite(original, {
      indices: { function: (index) => (index < imported ? index : index + 3), global: same },
      additions: () => ({
        types: [[0x60, 0, 0]],
        imports: [1, 2, 3].map((each) => [...name('added'), ...name(`f${each}`), 0, ...leb(module.types.length)]),
        functions: [leb(module.types.length)],
        bodies: Uint8Array.of(2, 0, END),
        exports: [[...name('added'), 0, ...leb(module.functions.length + 3)]],
      }),
    });
    assert.ok(WebAssembly.validate(shifted));
    const before = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(original)));
    assert.equal(WebAssembly.Module.exports(new WebAssembly.Module(shifted)), [
      ...before,
      { name: 'added', kind: 'function' },
    ]);
    // Moved back, the code is as before.
    const back = rewrite(shifted, { indices: { function: (index) => (index < imported ? index : index - 3) } });
    const texts = await Promise.all([print(original), print(back)]);
    const calls = texts.map((text) => text.match(/call \S+/g)?.filter((call) => !/^call \d/.test(call)));
    assert.equal(calls[1], calls[0]);
  });
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** A module with two of everything, where the second is used. `$` names are in the name section. */
const twoOfAll = `(module
  (type $t0 (func)) (type $t1 (func (result i32)))
  (import "" "f" (func $f0)) (func $f1 (type $t1) i32.const 1)
  (table $a0 1 funcref) (table $a1 1 funcref)
  (global $g0 (mut i32) (i32.const 0)) (global $g1 (mut i32) (i32.const 1))
  (elem $e0 func) (elem $e1 (table $a1) (i32.const 0) func $f1) (elem $e2 funcref (ref.func $f1))
  (data $d0 "") (data $d1 "x") (memory $m0 1)
  (export "f" (func $f1)) (export "a" (table $a1)) (export "g" (global $g1))
  (func $run (export "run") (result i32)
    i32.const 5 global.set $g1
    i32.const 0 call_indirect $a1 (type $t1)
    i32.const 0 ref.func $f1 table.set $a1
    i32.const 0 i32.const 0 i32.const 0 table.init $a1 $e2
    i32.const 0 i32.const 0 i32.const 0 memory.init $d1 data.drop $d1 elem.drop $e2
    i32.const 0 table.get $a1 drop table.size $a1 drop
    ref.null func i32.const 0 table.grow $a1 drop
    i32.const 0 ref.null func i32.const 0 table.fill $a1
    i32.const 0 i32.const 0 i32.const 0 table.copy $a0 $a1
    block $b (type $t1) call $f1 end i32.add global.get $g1 i32.add))`;

rewriter('every index of a space is mapped, also in the name section', async () => {
  const bytes = await wat(twoOfAll);
  for (const space of ['function', 'table', 'global', 'element', 'data', 'type', 'memory'] satisfies IndexSpace[]) {
    const up = rewrite(bytes, { indices: { [space]: (index: number) => index + 200 } });
    const down = rewrite(up, { indices: { [space]: (index: number) => index - 200 } });
    assert.ok(equalBytes(down, bytes), space);
    assert.not(equalBytes(up, bytes));
    assert.not(WebAssembly.validate(up), `the indices of ${space} are out of range now`);
  }
});

rewriter('code may use added types instead of its own', async () => {
  const bytes = await wat(twoOfAll);
  const module = readModule(bytes);
  // All type indices are mapped to copies of the types, which are added at the end.
  const moved = rewrite(bytes, {
    indices: { type: (index) => index + module.types.length },
    additions: () => ({
      types: [...Array(module.types.length).keys()].map((index) => {
        const type = module.types[index];
        return type?.kind === 'func' && type.results.length === 1 ? [0x60, 0, 1, 0x7f] : [0x60, 0, 0];
      }),
    }),
  });
  assert.ok(WebAssembly.validate(moved));
  const run = (each: Uint8Array<ArrayBuffer>): unknown => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(each), { '': { f: () => {} } });
    return (instance.exports.run as () => unknown)(); // the module above exports it
  };
  assert.is(run(moved), run(new Uint8Array(bytes)));
});

rewriter('names of indices that are gone are left out', async () => {
  const bytes = await wat(twoOfAll);
  const names = (each: Uint8Array): string => {
    const found = readModule(each).sections.find((part) => part.name === 'name');
    return found === undefined ? '' : new TextDecoder().decode(each.subarray(found.contentOffset, found.end));
  };
  const spaces: Partial<Record<IndexSpace, string>> = {
    function: 'f',
    table: 'a',
    global: 'g',
    element: 'e',
    data: 'd',
    type: 't',
  };
  for (const [space, letter] of Object.entries(spaces)) {
    const shrunk = rewrite(bytes, { indices: { [space]: (index: number) => (index === 0 ? undefined : index - 1) } });
    assert.match(names(bytes), `${letter}0`);
    assert.not.match(names(shrunk), `${letter}0`);
    assert.match(names(shrunk), `${letter}1`);
    for (const other of Object.values(spaces)) if (other !== letter) assert.match(names(shrunk), `${other}0`);
  }
});

rewriter('tags, memories and typed references are mapped', async () => {
  if (!(await engineHas('exnref')) || !(await engineHas('multiple memories'))) return;
  const bytes = await wat(`(module (type $t (func)) (type $s (struct (field (ref null $t))))
    (type $sub (sub (struct (field (ref null $s)))))
    (tag $g0) (tag $g1) (memory $m0 1) (memory $m1 1) (global (ref null $s) (ref.null $s)) (table 1 (ref null $t))
    (export "tag" (tag $g1)) (export "memory" (memory $m1)) (data (memory $m1) (i32.const 0) "x")
    (func $f (export "run") (param (ref null $s)) (local (ref null $t))
      (block $h (try_table (catch $g1 $h) (catch_all $h) throw $g1))
      i32.const 0 i32.load $m1 offset=5 drop i32.const 0 i32.const 0 i32.store $m1 memory.size $m1 drop
      i32.const 0 i32.const 0 i32.const 0 memory.copy $m1 $m0
      i32.const 0 i32.const 0 i32.const 0 memory.fill $m1
      local.get 0 ref.test (ref $s) drop (block (result (ref null $s)) ref.null $s) drop
      local.get 0 br_on_null 0 struct.get $s 0 drop
      ref.null $t ref.null $t i32.const 0 select (result (ref null $t)) drop))`);
  for (const space of ['tag', 'memory', 'type'] satisfies IndexSpace[]) {
    const up = rewrite(bytes, { indices: { [space]: (index: number) => index + 200 } });
    const down = rewrite(up, { indices: { [space]: (index: number) => index - 200 } });
    assert.ok(equalBytes(down, bytes), space);
    assert.not(WebAssembly.validate(up), `the indices of ${space} are out of range now`);
    const decoded = readModule(up);
    if (space === 'tag') assert.is(decoded.exports.find(({ kind }) => kind === 'tag')?.index, 201);
    if (space === 'memory') assert.is(decoded.exports.find(({ kind }) => kind === 'memory')?.index, 201);
  }
});

/** Where an index may occur, `%`. The module has two of everything, and uses them only there. */
const occurrences: readonly (readonly [space: IndexSpace, text: string])[] = [
  ['type', '(import "" "g" (func (type %)))'],
  ['type', '(import "" "g" (global (ref null %)))'],
  ['type', '(import "" "t" (table 1 (ref null %)))'],
  ['type', '(func (type %))'],
  ['type', '(type (func (param (ref null %)) (result i32 (ref %))))'],
  ['type', '(type (struct (field i8) (field (mut (ref null %)))))'],
  ['type', '(type (array (ref null %)))'],
  ['type', '(type (sub (struct (field (ref null %)))))'],
  ['type', '(rec (type (func)) (type (struct (field (ref null %)))))'],
  ['type', '(table 1 (ref null %))'],
  ['type', '(global (ref null %) (ref.null %))'],
  ['type', '(elem (ref null %) (item (ref.null %)))'],
  ['type', '(func (type %) (local i32 (ref null %)))'],
  ['type', '(func (type %) block (type %) end)'],
  ['type', '(func (type %) block (result (ref null %)) unreachable end drop)'],
  ['type', '(func (type %) block (result (ref %)) unreachable end drop)'],
  ['type', '(func (type %) unreachable ref.test (ref %) drop)'],
  ['type', '(func (type %) ref.null % drop)'],
  ['type', '(func (type %) unreachable select (result (ref null %)) drop)'],
  ['type', '(func (type %) unreachable call_indirect 1 (type %))'],
  ['type', '(func (type %) unreachable call_ref %)'],
  ['function', '(func call %)'],
  ['function', '(func return_call %)'],
  ['function', '(func ref.func % drop)'],
  ['function', '(export "x" (func %))'],
  ['function', '(start %)'],
  ['function', '(elem func %)'],
  ['function', '(global funcref (ref.func %))'],
  ['table', '(export "x" (table %))'],
  ['type', '(table 1 (ref null %) (ref.null %))'],
  ['table', '(func unreachable table.copy % %)'],
  ['memory', '(export "x" (memory %))'],
  ['memory', '(func unreachable i32.load % offset=300 drop)'],
  ['memory', '(func unreachable memory.copy % %)'],
  ['global', '(global i32 (global.get %))'],
  ['tag', '(func throw %)'],
  ['tag', '(func block try_table (catch % 0) (catch_all 0) end end)'],
  ['tag', '(func block try_table (catch_all 0) (catch % 0) end end)'],
  ['tag', '(export "x" (tag %))'],
];

for (const [space, text] of occurrences) {
  rewriter(`a ${space} index is mapped in ${text}`, async () => {
    const imports = '(import "" "f" (func (type 2))) (import "" "f" (func (type 2))) (import "" "i" (global i32))';
    const types = '(type (func)) (type (func)) (type (func (param i64)))';
    const rest = '(import "" "i" (global i32)) (import "" "g" (tag (type 2))) (import "" "g" (tag (type 2)))';
    const tables = '(import "" "t" (table 1 funcref)) (import "" "t" (table 1 funcref))';
    const memories = '(import "" "m" (memory 1)) (import "" "m" (memory 1))';
    const withIndex = (index: number): Promise<Uint8Array> =>
      wat(`(module ${types} ${imports} ${rest} ${tables} ${memories} ${text.replaceAll('%', String(index))})`);
    const swapped = (index: number): number => (index < 2 ? 1 - index : index);
    const kept = await withIndex(0);
    assert.equal(rewrite(kept, { indices: { [space]: swapped } }), new Uint8Array(await withIndex(1)));
  });
}

rewriter('custom sections with offsets into the code are left out, and others are kept', () => {
  const kept = ['note', 'producers', 'debug', 'linking.x', 'metadata.codes'];
  const left = ['linking', 'reloc.CODE', '.debug_info', 'metadata.code.branch_hint'];
  const bytes = new Uint8Array(moduleOf(...[...left, ...kept].map((each) => section(0, ...name(each), 1, 2, 3))));
  assert.equal(
    readModule(rewrite(bytes)).sections.map((each) => each.name),
    kept,
  );
});

rewriter('an import may be dropped', async () => {
  const bytes = await wat(
    '(module (import "" "a" (func)) (import "" "b" (func)) (import "" "c" (func)) (export "c" (func 2)))',
  );
  const rewritten = rewrite(bytes, {
    indices: { function: (index) => (index < 1 ? index : index - 1) },
    dropImport: (importIndex) => importIndex === 1,
  });
  const { imports, exports } = readModule(rewritten);
  assert.equal(
    imports.map((each) => each.name),
    ['a', 'c'],
  );
  assert.is(exports[0]?.index, 1);
});

rewriter('a plan that rewrites bodies gets all of them, and writes what stands in their place', async () => {
  const bytes = await wat(`(module (import "" "f" (func))
    (func (export "one") (result i32) i32.const 1) (func (export "two") (result i32) i32.const 2))`);
  const sizes: number[] = [];
  const rewritten = rewrite(bytes, {
    bodies: (contents, count, sink) => {
      for (let index = 0; index < count; index++) {
        const size = readU32(contents);
        sizes.push(size);
        contents.part(size, 'a body');
        sink.bytes([4, 0, I32_CONST, 10 + index, END]);
      }
    },
  });
  assert.equal(sizes, [4, 4]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(rewritten), { '': { f: () => undefined } });
  // The module above exports both.
  assert.is((exports.one as () => number)(), 10);
  assert.is((exports.two as () => number)(), 11);
});

rewriter('sections that the module does not have are added in order', () => {
  const empty = moduleOf();
  const added = rewrite(empty, {
    additions: () => ({
      types: [[0x60, 0, 1, 0x7f]],
      imports: [[...name(''), ...name('g'), 3, 0x7f, 0]],
      functions: [[0]],
      memories: [[0, 1]],
      globals: [[0x7f, 0, 0x41, 5, 0x0b]],
      exports: [[...name('run'), 0, 0]],
      bodies: Uint8Array.of(7, 0, 0x23, 0, 0x23, 1, 0x6a, END),
      customs: [new Uint8Array(section(0, ...name('note'), 1))],
    }),
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(added), { '': { g: 4 } });
  assert.is((exports.run as () => number)(), 9); // the additions export it
  assert.is(readModule(added).sections.length, 8);
});

rewriter('a start function is mapped, and may be dropped', async () => {
  const bytes = await wat('(module (import "" "f" (func)) (func $a) (func $b) (start $b))');
  assert.is(readModule(rewrite(bytes, { indices: { function: (index) => index + 300 } })).start, 302);
  assert.is(readModule(rewrite(bytes, { drop: ({ id }) => id === 8 })).start, undefined);
});

rewriter('names of labels are left out if the bodies are rewritten: they count blocks', async () => {
  const bytes = await wat('(module (func $f (local $x i32) block $named end))');
  const names = (each: Uint8Array): string => {
    const found = readModule(each).sections.find((part) => part.name === 'name');
    return new TextDecoder().decode(each.subarray(found?.contentOffset, found?.end));
  };
  assert.match(names(rewrite(bytes)), /named/);
  const rewritten = rewrite(bytes, { bodies: (contents, _, sink) => sink.append(contents.rest()) });
  assert.not.match(names(rewritten), /named/);
  assert.match(names(rewritten), /f.*x/s);
});

rewriter('a malformed name section is left out, and the module stays valid', async () => {
  const module = await wat('(module (func))');
  const bytes = new Uint8Array([...module, ...section(0, ...name('name'), 1, 50, 1)]);
  const rewritten = rewrite(bytes, { indices: allSame });
  assert.ok(WebAssembly.validate(rewritten));
  assert.not(readModule(rewritten).sections.some((each) => each.name === 'name'));
});

rewriter.run();
