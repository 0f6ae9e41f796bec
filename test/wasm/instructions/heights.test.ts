import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type EngineFeature, engineHas } from '../../support/features.ts';
import { wat } from '../../support/wat.ts';
import { decodeExpression, onlyExpression } from './decode.ts';
import { heightsOf, type Names } from './heights.ts';

// Valid functions, and the height of the operand stack after each instruction, counted by hand.

const declarations = `
  (type $callee (func (param i32 i64 f32) (result f64 f64)))
  (type $swap (func (param i32 i32) (result i64)))
  (type $payload (func (param i32 f64)))
  (import "" "callee" (func $callee (type $callee)))
  (table 1 funcref)`;

const featureDeclarations: { readonly [F in EngineFeature]?: string } = {
  'garbage collection': '(type $struct (struct (field i32) (field f32))) (type $array (array i32))',
  'legacy exceptions': '(tag $tag (type $payload))',
  exnref: '(type $caught (func (result i32 f64 exnref))) (tag $tag (type $payload))',
};

/** Type 3 is `$caught`; in other modules it is `$struct`. */
const names: Names = {
  functionTypes: { 0: [3, 2], 1: [2, 1], 2: [2, 0], 3: [0, 3] },
  structFields: { 3: 2 },
  functions: [0],
  tags: [2],
};

interface Case {
  readonly name: string;
  readonly feature?: EngineFeature;
  /** The results of the function: their types, and how many. */
  readonly results?: readonly string[];
  /** Code, and the height after each instruction. */
  readonly lines: readonly (readonly [code: string, ...heights: number[]])[];
}

const three = 'i32.const 0 i64.const 0 f32.const 0';

const cases: readonly Case[] = [
  {
    name: 'call pops the parameters of the function and pushes its results',
    lines: [
      ['i32.const 9', 1],
      [three, 2, 3, 4],
      ['call $callee', 3],
      ['drop drop drop', 2, 1, 0],
    ],
  },
  {
    name: 'call_indirect pops a table index from above the parameters',
    results: ['f64', 'f64'],
    lines: [
      [three, 1, 2, 3],
      ['i32.const 0 call_indirect (type $callee)', 4, 2],
    ],
  },
  {
    name: 'call_ref pops a reference from above the parameters',
    feature: 'garbage collection',
    results: ['f64', 'f64'],
    lines: [
      [three, 1, 2, 3],
      ['ref.null $callee call_ref $callee', 4, 2],
    ],
  },
  {
    name: 'struct.new and array.new_fixed pop the fields and elements',
    feature: 'garbage collection',
    results: ['anyref', 'anyref', 'anyref'],
    lines: [
      ['i32.const 7 f32.const 0 struct.new $struct', 1, 2, 1],
      ['i32.const 0 i32.const 0 i32.const 0 array.new_fixed $array 3', 2, 3, 4, 2],
      ['array.new_fixed $array 0', 3],
    ],
  },
  {
    name: 'block keeps its parameters, and its end leaves its results',
    results: ['i32', 'i64'],
    lines: [
      ['i32.const 9 i32.const 1 i32.const 2', 1, 2, 3],
      ['block (type $swap)', 3],
      ['i32.add i64.extend_i32_u', 2, 2],
      ['end', 2],
    ],
  },
  {
    name: 'if pops the condition, and else has the parameters again',
    results: ['i64'],
    lines: [
      ['i32.const 1 i32.const 2 i32.const 3', 1, 2, 3],
      ['if (type $swap)', 2],
      ['drop i64.extend_i32_u', 1, 1],
      ['else', 2],
      ['i32.add i64.extend_i32_s', 1, 1],
      ['end', 1],
    ],
  },
  {
    name: 'loop leaves its result, and a branch that is not taken changes nothing',
    results: ['f32'],
    lines: [
      ['loop (result f32)', 0],
      ['i32.const 0 br_if 0', 1, 0],
      ['f32.const 1', 1],
      ['end', 1],
    ],
  },
  {
    name: 'br_if keeps the operands of its label',
    results: ['i32', 'i64'],
    lines: [
      ['i32.const 1 i64.const 2', 1, 2],
      ['i32.const 0 br_if 0', 3, 2],
    ],
  },
  {
    name: 'br_on_null keeps the reference, br_on_non_null does not',
    feature: 'garbage collection',
    results: ['funcref'],
    lines: [
      ['block', 0],
      ['ref.null func br_on_null 0 drop', 1, 1, 0],
      ['end', 0],
      ['ref.null func br_on_non_null 0', 1, 0],
      ['ref.null func', 1],
    ],
  },
  {
    name: 'br makes code unreachable, which may pop more operands than there are',
    results: ['i32'],
    lines: [
      ['i32.const 5', 1],
      ['block (result i32)', 1],
      ['f64.const 1 f64.const 2 i32.const 3 br 0', 2, 3, 4, 1],
      ['i32.add', 2],
      ['end', 2],
      ['i32.add', 1],
    ],
  },
  {
    name: 'br_table makes a block unreachable, whose parameters may be missing',
    results: ['i64'],
    lines: [
      ['i64.const 1', 1],
      ['block', 1],
      ['i32.const 0 br_table 0 0', 2, 1],
      ['block (type $swap)', 3],
      ['drop drop i64.const 0', 2, 1, 2],
      ['end', 2],
      ['drop', 1],
      ['end', 1],
    ],
  },
  {
    name: 'return and unreachable may end the arms of an if',
    results: ['i32'],
    lines: [
      ['i64.const 1 i32.const 0', 1, 2],
      ['if', 1],
      ['i64.const 1 i32.const 2 return', 2, 3, 1],
      ['else', 1],
      ['f32.const 3 unreachable', 2, 1],
      ['end', 1],
      ['i32.wrap_i64', 1],
    ],
  },
  {
    name: 'legacy catch pushes the parameters of its tag, catch_all nothing',
    feature: 'legacy exceptions',
    results: ['i64', 'i32'],
    lines: [
      ['i64.const 9', 1],
      ['try (result i32)', 1],
      ['i32.const 1 f64.const 2 throw $tag', 2, 3, 1],
      ['catch $tag', 3],
      ['drop', 2],
      ['catch_all', 1],
      ['f32.const 0 rethrow 0', 2, 1],
      ['end', 2],
    ],
  },
  {
    name: 'legacy delegate ends its try',
    feature: 'legacy exceptions',
    results: ['i64', 'i32'],
    lines: [
      ['i64.const 9', 1],
      ['try (result i32)', 1],
      ['f32.const 0 unreachable', 2, 1],
      ['delegate 0', 2],
      ['i32.eqz', 2],
    ],
  },
  {
    name: 'try_table passes what it catches to the block around it',
    feature: 'exnref',
    lines: [
      ['block (type $caught)', 0],
      ['try_table (catch_ref $tag 0)', 0],
      ['i32.const 1 f64.const 2 throw $tag', 1, 2, 0],
      ['end', 0],
      ['return', 0],
      ['end', 3],
      ['throw_ref', 0],
    ],
  },
];

const heights = suite('operand stack heights');

for (const { name, feature, results = [], lines } of cases) {
  heights(name, async () => {
    const declared = declarations + (feature === undefined ? '' : (featureDeclarations[feature] ?? ''));
    const code = lines.map(([text]) => text).join('\n');
    const module = await wat(`(module ${declared} (func (result ${results.join(' ')}) ${code}))`);
    const expected = [...lines.flatMap(([, ...found]) => found), results.length];
    assert.equal(heightsOf(decodeExpression(onlyExpression(module)), results.length, names), expected);
    if (feature !== undefined && !(await engineHas(feature))) return;
    assert.ok(WebAssembly.validate(new Uint8Array(module)), 'the function is valid');
  });
}

heights.run();
