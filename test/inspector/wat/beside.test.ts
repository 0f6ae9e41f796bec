import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generationOf } from '../../../src/generation/index.ts';
import { HOST_METERING, type MeteringTrace, traceMetering } from '../../../src/inspection/function-trace.ts';
import { isPrepared } from '../../../src/inspection/prepared.ts';
import { type BesideRow, besideRows } from '../../../src/inspector/wat/beside.ts';
import { CHARGES, type ChargeKind } from '../../../src/inspector/wat/charges.ts';
import { readModule } from '../../../src/wasm/index.ts';
import { FunctionPrinter } from '../../../src/wasm/text/index.ts';
import { type EngineFeature, engineHas } from '../../support/features.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { wat } from '../../support/wat.ts';

const beside = suite('a function beside its metered form');

const ALL = { lines: 1_000_000, lineLength: 1_000_000, labelNames: false };

/** The rows of all functions that a module defines. */
function rowsOf(bytes: Uint8Array, trace: MeteringTrace): BesideRow[][] {
  const [before, after] = [new FunctionPrinter(bytes), new FunctionPrinter(trace.metered)];
  return [...trace.edits].map(([index, done]) => {
    const original = before.print(index, ALL).lines;
    const metered = after.print(trace.indexOf(index), ALL).lines;
    const rows = besideRows({ original, metered, done, added: trace.added });
    // All lines of both are there, in their order.
    assert.is(rows.length, metered.length);
    const lines = rows.flatMap((row) => (row.original === undefined ? [] : [row.original.text]));
    assert.ok(lines.join('\n') === original.map(({ text }) => text).join('\n'), `lines of function ${index}`);
    return rows;
  });
}

/** A block that is open in the metered code. */
type Open = 'original' | 'added';

/**
 * Undoes what metering changes in the lines that it keeps, without a look at the original: it adds
 * functions behind the imported ones, and blocks around loops and functions. Local indices stay.
 */
function original(rows: readonly BesideRow[], { imported, added }: { imported: number; added: number }): string[] {
  const open: Open[] = ['original'];
  const unshifted = (index: string): string => String(Number(index) < imported ? index : Number(index) - added);
  const unlabelled = (label: string, from: number): string => {
    const inner = open.slice(open.length - from - Number(label), open.length - from);
    return String(inner.filter((each) => each === 'original').length);
  };
  return rows.flatMap(({ metered: { text: commented }, change }, at) => {
    const text = commented.replace(/ ?\(;@\d+;\)/g, '');
    const opcode = text.split(' ', 1)[0] ?? '';
    let kept = text;
    if (at === 0) kept = text.replace(/\(;(\d+);\)/, (_, index: string) => `(;${unshifted(index)};)`);
    else if (/^(call|return_call|ref\.func)$/.test(opcode)) kept = text.replace(/(?<= )\d+$/, unshifted);
    else if (/^(br|rethrow|delegate)/.test(opcode)) {
      kept = text.replace(/(?<= )\d+/g, (label) => unlabelled(label, opcode === 'delegate' ? 1 : 0));
    } else if (opcode === 'try_table') kept = text.replace(/(?<= )\d+(?=\))/g, (label) => unlabelled(label, 0));
    if (/^(block|loop|if|try|try_table)$/.test(opcode)) open.push(change === 'added' ? 'added' : 'original');
    if (opcode === 'end' || opcode === 'delegate') open.pop();
    return change === 'added' ? [] : [change === 'replaced' ? 'replaced' : kept];
  });
}

/** Checks the rows of all functions. @returns the kinds of charges that they have. */
function check(bytes: Uint8Array<ArrayBuffer>, trace: MeteringTrace): Set<ChargeKind> {
  const module = readModule(bytes);
  const imported = module.imports.filter(({ kind }) => kind === 'function').length;
  const found = new Set<ChargeKind>();
  for (const rows of rowsOf(bytes, trace)) {
    const expected = rows.flatMap((row) => {
      if (row.original === undefined) return [];
      return [row.change === 'replaced' ? 'replaced' : row.original.text.replace(/ ?\(;@\d+;\)/g, '')];
    });
    assert.equal(original(rows, { imported, added: 4 }), expected);
    for (const { change, charges } of rows) {
      for (const { kind } of charges ?? []) found.add(kind);
      if (charges !== undefined)
        assert.ok(charges.length > 0, `nobody knows what an insertion does in ${rows[0]?.metered.text}`);
      if (change === 'replaced') assert.ok(charges !== undefined);
    }
    rows.forEach(({ change, charges }, at) => {
      // An insertion begins with what it does.
      if (change === 'added' && rows[at - 1]?.change !== 'added') assert.ok(charges !== undefined);
    });
  }
  return found;
}

for (const path of fixturePaths) {
  beside(`is the original without the marked lines: ${path}`, async () => {
    const bytes = Uint8Array.from(await fixture(path));
    if (isPrepared(bytes)) return;
    check(
      bytes,
      traceMetering(bytes, HOST_METERING[generationOf(bytes) ?? 1], () => true),
    );
  });
}

const long = 'i64.const 0x7777777777777 drop ';

/** Modules that are charged in every way that there is, with what an engine needs for them. */
const everyCharge: readonly (readonly [needed: readonly EngineFeature[], text: string, onlyHere?: ChargeKind[]])[] = [
  // A large frame, recursion, a deep loop, calls of an import.
  [
    [],
    `(module (import "a" "b" (func $host)) (memory 1) (table 1 funcref) (elem $e func $big) (data $d "x")
    (func $big (export "big") (param i32) (result i32) (local ${'i64 '.repeat(600)})
      loop (result i32)
        local.get 0 i32.const 1 i32.sub call $big
        local.tee 0
        br_if 0
        call $host
        i32.const 5
      end
      call $small
      return)
    (func $small (param i32) (result i32)
      block loop br 1 end end
      i32.const 0 i32.const 0 i32.const 9 memory.fill
      i32.const 0 i32.const 0 i32.const 1 memory.init $d
      i32.const 0 i32.const 0 i32.const 1 table.init $e
      ref.null func i32.const 3 table.grow drop
      local.get 0 memory.grow drop
      loop $a loop $b local.get 0 br_table $a $b end end
      local.get 0 call $big)
    (func $leaf_frame (param i32) (local ${'i64 '.repeat(700)}) local.get 0 if local.get 0 if unreachable end end)
    (func $arm (param i32) (local ${'i64 '.repeat(700)}) local.get 0 if i32.const 1 call $big drop end)
    (func $tail (export "tail") (param i32) (result i32) local.get 0 call $big drop local.get 0 return_call $big))`,
  ],
  // Handlers, exceptions that can be kept, many clauses.
  [
    ['exnref'],
    `(module (tag $t (param i32)) (global $kept (mut exnref) (ref.null exn))
    (func $throws (param i32) local.get 0 throw $t)
    (func (export "catches") (result i32)
      try_table (result i32) (catch $t 0)
        i32.const 1 call $throws i32.const 2
      end)
    (func (export "many") (param i32)
      block $out (result i32)
        try_table ${'(catch $t $out)'.repeat(6)} loop local.get 0 br_if 0 end end
        i32.const 0
      end
      drop
      loop try_table (catch_all 1) (catch_all 0) local.get 0 br_if 1 end end)
    (func (result exnref) block (result exnref) try_table (catch_all_ref 0) i32.const 1 throw $t end unreachable end)
    (func (param exnref) local.get 0 throw_ref))`,
    ['around_function'],
  ],
  // Legacy handlers.
  [
    ['legacy exceptions', 'tags'],
    `(module (tag $t) (func (export "f") (param i32)
      loop
        try
          try loop local.get 0 br_if 0 end throw $t delegate 0
        catch $t loop local.get 0 br_if 0 rethrow 1 end
        catch_all br 1
        end
      end))`,
  ],
  // Objects and arrays.
  [
    ['garbage collection'],
    `(module (type $s (struct (field i32))) (type $a (array (mut i64)))
    (func (param i32) (result (ref $s)) (local (ref null $a))
      i64.const 0 local.get 0 array.new $a local.set 1
      local.get 1 i32.const 0 i64.const 1 i32.const 3 array.fill $a
      i64.const 1 i64.const 2 array.new_fixed $a 2 drop
      i32.const 1 struct.new $s))`,
    ['array', 'elements', 'heap'],
  ],
  // A wait.
  [
    [],
    `(module (memory 1 1 shared) (func (param i64) (result i32)
      i32.const 0 i32.const 0 local.get 0 memory.atomic.wait32))`,
  ],
  // Many branches in a long function.
  [[], `(module (func (param i32) ${'block local.get 0 br_if 0 end '.repeat(2_000)} ${long.repeat(1_500)}))`],
];

beside('is the original without the marked lines, whatever is charged', async () => {
  const found = new Set<ChargeKind>();
  // A function with a large frame counts it where it is entered, so that none of these ends there.
  const notFound: ChargeKind[] = ['overflow'];
  for (const [needed, text, onlyHere = []] of everyCharge) {
    const has = await Promise.all(needed.map(engineHas));
    if (has.includes(false)) {
      notFound.push(...onlyHere);
      continue;
    }
    const bytes = Uint8Array.from(await wat(text));
    const trace = traceMetering(bytes, {}, () => true);
    for (const kind of check(bytes, trace)) found.add(kind);
  }
  const rest = Object.keys(CHARGES).filter((kind) => !found.has(kind as ChargeKind));
  assert.equal(rest.sort(), notFound.sort());
});

beside.run();
