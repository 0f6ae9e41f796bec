import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allInstructions,
  type Feature,
  type Immediate,
  type NamedInstruction,
} from '../../../src/wasm/instructions/index.ts';
import { wat } from '../../support/wat.ts';

const instructions = allInstructions();

// The engine checks every stack effect. Each instruction is alone in a block. For some types of as
// many operands as the table says, the block must be valid; with one operand fewer it must not be.
// Then it must be valid with as many results as the table says, and with one more it must not be,
// unless the stack is polymorphic. Immediates refer to functions, types, tags and labels without
// parameters and results, so that only the constants count. heights.test.ts tests the rest.

/** For each feature, a function body that is valid only if the engine has it. */
const probes: { readonly [F in Feature]: string } = {
  mvp: '',
  signExtension: 'i32.const 0 i32.extend8_s drop',
  saturatingFloatToInt: 'f32.const 0 i32.trunc_sat_f32_s drop',
  bulkMemory: 'i32.const 0 i32.const 0 i32.const 0 memory.fill',
  referenceTypes: 'ref.null extern drop',
  simd: 'i32.const 0 i8x16.splat drop',
  relaxedSimd: 'v128.const i64x2 0 0 v128.const i64x2 0 0 i8x16.relaxed_swizzle drop',
  tailCall: 'return_call 0',
  functionReferences: 'ref.null 0 drop',
  exceptions: 'ref.null exn drop',
  legacyExceptions: 'try catch_all end',
  gc: 'ref.null none drop',
  threads: 'atomic.fence',
  wideArithmetic: 'i64.const 0 i64.const 0 i64.mul_wide_u drop drop',
};

const numbers = ['i32.const 0', 'i64.const 0', 'f32.const 0', 'f64.const 0'] as const;
const vector = 'v128.const i64x2 0 0';

/**
 * The operands that the instructions of a feature may take, in the order in which they are tried.
 */
const operandTexts: { readonly [F in Feature]: readonly string[] } = {
  mvp: numbers,
  signExtension: numbers,
  saturatingFloatToInt: numbers,
  bulkMemory: ['i32.const 0'],
  referenceTypes: ['i32.const 0', 'ref.null func'],
  simd: [vector, ...numbers],
  relaxedSimd: [vector],
  tailCall: ['i32.const 0'],
  functionReferences: ['ref.null $function', 'ref.null func'],
  exceptions: ['ref.null exn'],
  legacyExceptions: [],
  gc: ['i32.const 0', 'ref.null none', 'ref.null extern'],
  threads: ['i32.const 0', 'i64.const 0'],
  wideArithmetic: ['i64.const 0'],
};

const resultTypes = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref', 'anyref', 'exnref'] as const;

/** What modules declare: index 0 of each space. */
const declarations = `(type $function (func)) (memory 1) (table 1 funcref) (global (mut i32) (i32.const 0)) (data "")
  (elem funcref) (elem declare func $f)`;

/** What they also declare for a feature, which only engines with the feature accept. */
const featureDeclarations: { readonly [feature: string]: string } = {
  exceptions: '(tag $tag)',
  legacyExceptions: '(tag $tag)',
  gc: `(type $empty (struct)) (type $struct (struct (field (mut i32)))) (type $packedStruct (struct (field (mut i8))))
    (type $array (array (mut i32))) (type $packedArray (array (mut i8))) (type $references (array (mut funcref)))`,
};

const immediateTexts: { readonly [I in Immediate]: string } = {
  blockType: '',
  labelIndex: '$label',
  labelTable: '$label',
  functionIndex: '$f',
  typeIndex: '$function',
  tableIndex: '0',
  localIndex: '0',
  globalIndex: '0',
  memoryIndex: '0',
  memarg: '',
  dataIndex: '0',
  elementIndex: '0',
  tagIndex: '$tag',
  fieldIndex: '0',
  u32: '0',
  s32: '0',
  s64: '0',
  f32: '0',
  f64: '0',
  v128: 'i64x2 0 0',
  lane: '0',
  lanes16: Array(16).fill(0).join(' '),
  heapType: 'any',
  valueTypes: '(result i32)',
  catchClauses: '',
  castFlags: '',
  zeroByte: '',
};

/** Instructions whose text is not just the name and the usual immediates in binary order. */
const exceptionalTexts: { readonly [name: string]: string } = {
  call_indirect: 'call_indirect 0 (type $function)',
  return_call_indirect: 'return_call_indirect 0 (type $function)',
  select_t: 'select (result i32)',
  br_on_non_null: 'br_on_non_null $function',
  br_on_cast: 'br_on_cast $any anyref (ref any)',
  br_on_cast_fail: 'br_on_cast_fail $any anyref (ref any)',
  'ref.null': 'ref.null func',
  'ref.test': 'ref.test (ref any)',
  'ref.test_null': 'ref.test (ref null any)',
  'ref.cast': 'ref.cast (ref any)',
  'ref.cast_null': 'ref.cast (ref null any)',
  'struct.new': 'struct.new $empty',
  'struct.get_s': 'struct.get_s $packedStruct 0',
  'struct.get_u': 'struct.get_u $packedStruct 0',
  'array.get_s': 'array.get_s $packedArray',
  'array.get_u': 'array.get_u $packedArray',
  'array.new_elem': 'array.new_elem $references 0',
  'array.init_elem': 'array.init_elem $references 0',
};

function textOf({ name, immediates, stack }: NamedInstruction): string {
  const texts = immediates.map((kind) => {
    if (kind === 'typeIndex' && /^(struct|array)\./.test(name)) return `$${name.split('.')[0]}`;
    return immediateTexts[kind];
  });
  const text = exceptionalTexts[name] ?? [name, ...texts].join(' ');
  return stack.kind === 'block' ? `${text} end` : text;
}

/**
 * Whether a block with these contents and results is valid, within the labels that `textOf` uses.
 */
async function isValid(feature: Feature, contents: string, results: readonly string[]): Promise<boolean> {
  const drops = results.map(() => 'drop').join(' ');
  let body = `block (result ${results.join(' ')}) ${contents} end ${drops}`;
  // `rethrow` needs the label of a catch.
  body = feature === 'legacyExceptions' ? `try $label catch_all ${body} end` : `block $label ${body} end`;
  if (contents.includes('br_on_non_null')) body = `block $function (result funcref) ${body} ref.null func end drop`;
  if (contents.includes('br_on_cast')) body = `block $any (result anyref) ${body} ref.null any end drop`;
  const declared = `${declarations} ${featureDeclarations[feature] ?? ''}`;
  return WebAssembly.validate(new Uint8Array(await wat(`(module ${declared} (func $f (local i32) ${body}))`)));
}

/** All sequences of a length. */
function sequences(items: readonly string[], length: number): readonly (readonly string[])[] {
  if (length === 0) return [[]];
  return sequences(items, length - 1).flatMap((sequence) => items.map((item) => [...sequence, item]));
}

async function firstOf<T>(candidates: readonly T[], accepts: (each: T) => Promise<boolean>): Promise<T | undefined> {
  for (const candidate of candidates) if (await accepts(candidate)) return candidate;
  return undefined;
}

/** Why the engine disagrees with the stack effect of an instruction; `undefined` if it agrees. */
async function objection(instruction: NamedInstruction): Promise<string | undefined> {
  const { feature, stack } = instruction;
  const text = textOf(instruction);
  const valid = (contents: string, results: readonly string[] = []) => isValid(feature, contents, results);

  // After `unreachable` there are any results.
  const takes = (operands: readonly string[]): Promise<boolean> => valid(`${operands.join(' ')} ${text} unreachable`);
  const operands = await firstOf(sequences(operandTexts[feature], stack.pops), takes);
  if (operands === undefined) return `takes no ${stack.pops} operands`;
  if (stack.pops > 0 && (await takes(operands.slice(1)))) return `pops less than ${operands.join(' ')}`;

  const all = `${operands.join(' ')} ${text}`;
  const results = await firstOf(sequences(resultTypes, stack.pushes), (types) => valid(all, types));
  if (results === undefined) return `does not leave ${stack.pushes} results after ${operands.join(' ')}`;
  // The polymorphic stack of unreachable code always has more operands.
  const polymorphic = await valid(all, [...results, 'i32']);
  if (polymorphic !== (stack.kind === 'unreachable')) return `polymorphic: ${polymorphic}`;
  return undefined;
}

/** These cannot be alone in a block. heights.test.ts tests them. */
const insideBlocks: readonly string[] = ['else', 'end', 'catch', 'delegate', 'catch_all'];

const stackEffects = suite('instruction stack effects');

for (const [feature, probe] of Object.entries(probes)) {
  stackEffects(`an engine with ${feature} agrees`, async () => {
    const module = await wat(`(module (memory 1) (func ${probe}))`);
    if (!WebAssembly.validate(new Uint8Array(module))) return console.log(`skipped: this engine has no ${feature}`);
    const checked = instructions.filter((each) => each.feature === feature && !insideBlocks.includes(each.name));
    const objections: { [name: string]: string } = {};
    for (const instruction of checked) {
      const found = await objection(instruction);
      if (found !== undefined) objections[instruction.name] = found;
    }
    assert.equal(objections, {});
  });
}

stackEffects('kinds: all that is not constant', () => {
  const found: { [kind: string]: string[] } = {};
  for (const { name, stack } of instructions) {
    if (stack.kind === 'constant') continue;
    found[stack.kind] ??= [];
    found[stack.kind]?.push(name);
  }
  for (const names of Object.values(found)) names.sort();
  assert.equal(found, {
    functionType: ['call'],
    typeIndex: ['call_indirect', 'call_ref'],
    structFields: ['struct.new'],
    count: ['array.new_fixed'],
    block: ['block', 'if', 'loop', 'try', 'try_table'],
    blockParameters: ['else'],
    tagParameters: ['catch'],
    base: ['catch_all'],
    blockResults: ['delegate', 'end'],
    unreachable: [
      'br',
      'br_table',
      'rethrow',
      'return',
      'return_call',
      'return_call_indirect',
      'return_call_ref',
      'throw',
      'throw_ref',
      'unreachable',
    ],
  });
});

stackEffects('those that only stand inside a block neither pop nor push a constant number', () => {
  const found = instructions.filter(({ name }) => insideBlocks.includes(name));
  assert.equal(
    found.map(({ stack }) => [stack.pops, stack.pushes]),
    insideBlocks.map(() => [0, 0]),
  );
});

stackEffects.run();
