import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FunctionPrinter, printedText, printFunction } from '../../../src/wasm/text/index.ts';
import { moduleOf, section } from '../../support/bytes.ts';
import { wat } from '../../support/wat.ts';

const printer = suite('printFunction');

/** The lines of text, without the margin that the source of the test has. */
function lines(text: string): string {
  const [, margin = ''] = /^\n( *)/.exec(text) ?? [];
  return text.trim().split(`\n${margin}`).join('\n');
}

printer('prints names where the module has them', async () => {
  const bytes = await wat(`(module
    (type $point (struct (field $x i32) (field $y (mut i32))))
    (type $f (func (param i32) (result i32)))
    (import "env" "log" (func $log (param i32)))
    (memory $first 1) (memory $second 1)
    (table $t 1 funcref) (table $u 1 funcref)
    (global $g (mut i32) (i32.const 0))
    (tag $oops (param i32))
    (data $d "x") (elem $e func)
    (func $main (type $f) (param $n i32) (result i32)
      (local $i i32) (local i64 i64) (local $ref (ref null $point))
      block $outer
        loop $again
          local.get $n
          br_if $again
          br $outer
        end
      end
      i32.const 1
      call $log
      global.get $g
      i32.load $second offset=16 align=2
      call_indirect $u (type $f)
      memory.init $second $d
      table.init $u $e
      local.get $ref
      struct.get $point $y
      throw $oops
    ))`);
  assert.is(
    printFunction(bytes, 1),
    lines(`
      (func $main (;1;) (type $f) (param $n i32) (result i32)
        (local $i i32) (local i64 i64) (local $ref (ref null 0))
        block $outer
          loop $again
            local.get $n
            br_if $again
            br $outer
          end
        end
        i32.const 1
        call $log
        global.get $g
        i32.load $second offset=16 align=2
        call_indirect $u (type $f)
        memory.init $second $d
        table.init $u $e
        local.get $ref
        struct.get $point $y
        throw $oops
      )`),
  );
});

printer('prints indices where the module has no names, and which block a branch leads to', async () => {
  const bytes = await wat(`(module
    (func (param i32 i64) (result i32) (local f32 f32)
      block (result i32)
        loop (param) (result)
          br 2
          br_table 0 1 2
        end
        i32.const -1
        i32.const 0
        if (param i32) (result i32)
          nop
        else
          return
        end
      end))`);
  assert.is(
    printFunction(bytes, 0),
    lines(`
      (func (;0;) (type 0) (param i32 i64) (result i32)
        (local f32 f32)
        block (;@1;) (result i32)
          loop (;@2;)
            br 2 (;@0;)
            br_table 0 (;@2;) 1 (;@1;) 2 (;@0;)
          end
          i32.const -1
          i32.const 0
          if (;@3;) (type 1) (param i32) (result i32)
            nop
          else
            return
          end
        end
      )`),
  );
});

printer('prints handlers, whose clauses and delegates count from outside of them', async () => {
  const bytes = await wat(`(module (tag $t) (func
    block $out
      try_table $in (catch $t $out) (catch_all 0)
        br $in
      end
      try $a
        try $b
          rethrow $a
        delegate $a
        try
        delegate 1
      catch $t
      catch_all
      end
    end))`);
  assert.is(
    printFunction(bytes, 0),
    lines(`
      (func (;0;) (type 0)
        block $out
          try_table $in (catch $t $out) (catch_all $out)
            br $in
          end
          try $a
            try $b
              rethrow $a
            delegate $a
            try (;@5;)
            delegate $out
          catch $t
          catch_all
          end
        end
      )`),
  );
});

printer('writes a label as a number where an inner block has its name', async () => {
  const bytes = await wat('(module (func block $x block $x br 1 br $x end br $x end))');
  assert.is(
    printFunction(bytes, 0),
    lines(`
      (func (;0;) (type 0)
        block $x
          block $x
            br 1 (;@1;)
            br $x
          end
          br $x
        end
      )`),
  );
});

printer('leaves the names of labels out if that is asked for', async () => {
  const bytes = await wat('(module (func $f block $x br $x end))');
  assert.is(
    printFunction(bytes, 0, { labelNames: false }),
    '(func $f (;0;) (type 0)\n  block (;@1;)\n    br 0 (;@1;)\n  end\n)',
  );
});

printer('prints an imported function as one line', async () => {
  const bytes = await wat('(module (import "a\\22b" "c\\0ad" (func $f (param i32) (result i64))))');
  assert.is(printFunction(bytes, 0), '(import "a\\"b" "c\\u{a}d" (func $f (;0;) (type 0) (param i32) (result i64)))');
});

printer('refuses an index that no function has', async () => {
  const bytes = await wat('(module (func))');
  for (const index of [1, -1, 0.5, Number.NaN]) {
    assert.throws(
      () => printFunction(bytes, index),
      (error: unknown) => error instanceof RangeError && error.message.includes(`none with the index ${index}`),
    );
  }
});

printer('prints a function whose type is not there, as a module that is not valid may have it', () => {
  // One function of type 7; its body has a label and a memory that are not there.
  const code = section(10, 1, 8, 0, 0x0c, 9, 0x28, 0x42, 5, 0, 0x0b);
  const bytes = moduleOf(section(3, 1, 7), code);
  assert.is(
    printFunction(bytes, 0),
    lines(`
      (func (;0;) (type 7)
        br 9
        i32.load 5
      )`),
  );
});

printer('says which alignment the text format cannot write', () => {
  // i32.load with the exponents 33 and 0xffffffbf.
  const loads = [0x28, 33, 0, 0x28, 0xbf, 0xff, 0xff, 0xff, 0x0f, 0];
  const bytes = moduleOf(
    section(1, 1, 0x60, 0, 0),
    section(3, 1, 0),
    section(10, 1, 2 + loads.length, 0, ...loads, 0x0b),
  );
  assert.is(
    printFunction(bytes, 0),
    lines(`
      (func (;0;) (type 0)
        i32.load (; align=2^33 ;)
        i32.load (; align=2^4294967231 ;)
      )`),
  );
});

printer('takes types by their index only, if they have many parameters and results', async () => {
  const nine = 'i32 '.repeat(9);
  const bytes = await wat(
    `(module (type (func (result ${nine}))) (func unreachable block (type 0) unreachable end unreachable))`,
  );
  assert.match(printFunction(bytes, 0), /block \(;@1;\) \(type 0\)\n/);
});

const limits = suite('the limits of what is printed');

limits('leave out lines at the end, and say so', async () => {
  const bytes = await wat(`(module (func ${'nop '.repeat(20)}))`);
  const printed = new FunctionPrinter(bytes).print(0, { lines: 5 });
  assert.is(printed.complete, false);
  assert.is(printed.lines.length, 5);
  assert.match(printFunction(bytes, 0, { lines: 5 }), /nop\n;; not all of the function is shown$/);
  assert.is(new FunctionPrinter(bytes).print(0, { lines: 22 }).complete, true);
  assert.is(new FunctionPrinter(bytes).print(0, { lines: 21 }).complete, false);
});

limits('cut a line at a token, and say so', async () => {
  const bytes = await wat('(module (func (param i32) local.get 0 br_table 0 0 0 0 0 0 0 0 0 0 0 0))');
  const printed = new FunctionPrinter(bytes).print(0, { lineLength: 30 });
  assert.is(printed.complete, false);
  assert.equal(
    printed.lines.map(({ text }) => text),
    [
      '(func (;0;) (type 0) (param (; cut: the line is too long ;)',
      'local.get 0',
      'br_table 0 (;@0;) 0 (;@0;) (; cut: the line is too long ;)',
      ')',
    ],
  );
});

limits('say where each instruction begins', async () => {
  const bytes = await wat('(module (func (local i32) i32.const 1 drop))');
  const { lines: printed } = new FunctionPrinter(bytes).print(0);
  const starts = printed.map(({ start }) => start);
  assert.equal(starts.slice(0, 2), [undefined, undefined]);
  assert.equal(
    starts.slice(2).map((start) => bytes[start ?? 0]),
    [0x41, 0x1a, 0x0b],
  );
});

limits('do not indent deep blocks without end', async () => {
  const depth = 50;
  const bytes = await wat(`(module (func ${'block '.repeat(depth)} ${'end '.repeat(depth)}))`);
  const printed = new FunctionPrinter(bytes).print(0);
  assert.is(Math.max(...printed.lines.map((line) => line.depth)), depth);
  assert.is(/ +(?=block)/.exec(printedText(printed).split('\n')[depth] ?? '')?.[0].length, 80);
});

printer.run();
limits.run();
