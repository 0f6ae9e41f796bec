import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meterModule } from '../../src/metering/index.ts';
import { allInstructions, type Feature, type NamedInstruction } from '../../src/wasm/instructions/index.ts';
import { wat } from '../support/wat.ts';

const instructions = allInstructions();

// Every instruction of the table is metered where an engine takes it. In code that is never reached
// it takes any operands, so each stands alone after an `unreachable`, with whatever its immediates
// name declared in the module.

const matrix = suite('metering of every instruction');

/** What modules declare for instructions of a feature. */
const declarations: { readonly [F in Feature]?: string } = {
  exceptions: '(tag $tag)',
  legacyExceptions: '(tag $tag)',
  gc: `(type $struct (struct (field (mut i32)))) (type $packedStruct (struct (field (mut i8))))
    (type $array (array (mut i32)))
    (type $packedArray (array (mut i8))) (type $references (array (mut funcref)))`,
};

/**
 * Texts of instructions that are written in another way than their name and immediates in binary
 * order.
 */
const texts: { readonly [name: string]: string } = {
  block: 'block end',
  loop: 'loop end',
  if: 'if end',
  else: 'if else end',
  end: 'block end',
  try: 'try end',
  catch: 'try catch $tag end',
  catch_all: 'try catch_all end',
  delegate: 'try delegate 0',
  rethrow: 'try catch_all rethrow 0 end',
  try_table: 'block try_table (catch_all 0) end end',
  call_indirect: 'call_indirect 0 (type $function)',
  return_call_indirect: 'return_call_indirect 0 (type $function)',
  select_t: 'select (result i32)',
  br_table: 'br_table 0 0',
  br_on_non_null: 'block (result funcref) unreachable br_on_non_null 0 unreachable end drop',
  br_on_cast: 'block (result (ref any)) unreachable br_on_cast 0 anyref (ref any) unreachable end drop',
  br_on_cast_fail: 'block (result anyref) unreachable br_on_cast_fail 0 anyref (ref any) unreachable end drop',
  'ref.null': 'ref.null func',
  'ref.test': 'ref.test (ref any)',
  'ref.test_null': 'ref.test (ref null any)',
  'ref.cast': 'ref.cast (ref any)',
  'ref.cast_null': 'ref.cast (ref null any)',
  'struct.get_s': 'struct.get_s $packedStruct 0',
  'struct.get_u': 'struct.get_u $packedStruct 0',
  'array.get_s': 'array.get_s $packedArray',
  'array.get_u': 'array.get_u $packedArray',
  'array.copy': 'array.copy $array $array',
  'array.new_elem': 'array.new_elem $references 0',
  'array.init_elem': 'array.init_elem $references 0',
  'array.new_fixed': 'array.new_fixed $array 3',
};

const immediateTexts: { readonly [immediate: string]: string } = {
  typeIndex: '$function',
  functionIndex: '$f',
  tagIndex: '$tag',
  v128: 'i64x2 0 0',
  lanes16: Array(16).fill(0).join(' '),
  memarg: '',
  castFlags: '',
  zeroByte: '',
};

function textOf({ name, immediates }: NamedInstruction): string {
  const aggregate = /^(struct|array)\./.exec(name)?.[1];
  const written = immediates.map((kind) =>
    kind === 'typeIndex' && aggregate !== undefined ? `$${aggregate}` : (immediateTexts[kind] ?? '0'),
  );
  return texts[name] ?? [name, ...written].join(' ');
}

const features = [...new Set(instructions.map(({ feature }) => feature))];

for (const feature of features) {
  matrix(`instructions of ${feature}`, async () => {
    // The old exception instructions need no operands, and not all engines take all of them where
    // nothing is reached.
    const before = feature === 'legacyExceptions' ? '' : 'unreachable';
    const all = instructions.filter((instruction) => instruction.feature === feature);
    let count = 0;
    const left: string[] = [];
    for (const instruction of all) {
      const text = `(module (type $function (func)) (memory 1) (table 1 funcref)
        (global (mut i32) (i32.const 0)) (data "") (elem funcref)
        (elem declare func $f) ${declarations[feature] ?? ''}
        (func $f (local i32) ${before} ${textOf(instruction)} unreachable))`;
      const bytes = new Uint8Array(await wat(text));
      if (!WebAssembly.validate(bytes)) {
        left.push(instruction.name);
        continue;
      }
      assert.ok(WebAssembly.validate(meterModule(bytes).bytes), instruction.name);
      count++;
    }
    const skipped = left.length === 0 ? '' : `; skipped: this engine does not take ${left.join(' ')}`;
    console.log(`${feature}: ${count} of ${all.length} instructions metered and validated${skipped}`);
    if (feature === 'mvp') assert.equal(left, []);
    // An engine takes a feature as a whole, or not at all; but `throw` is older than what came with
    // it.
    if (feature !== 'exceptions') assert.ok(count === 0 || left.length === 0, left.join(' '));
  });
}

matrix.run();
