import { kernelFunctions } from '../../src/kernel/functions.ts';
import { fails, type More, type WrittenEnd } from './kernel/words.ts';
import type { LayerVectors, WrittenVector } from './layer-vectors.ts';

const outOfFuel = (fuel: number): WrittenEnd => ({ ...fails('OutOfFuel'), fuel });

/** A vector that calls exports of a module one after another. */
function calls(
  id: string,
  rule: string,
  wasm: string,
  steps: readonly (readonly [call: string, ends: WrittenEnd, input?: unknown])[],
  more: More = {},
): WrittenVector {
  const written = steps.map(([call, ends, input]) => ({ call, ...(input !== undefined && { input }), ends }));
  return { id: `fuel/${id.replaceAll(/[ ,]+/g, '-')}`, rule, ...more, wasm, steps: written };
}

/** What an export costs, and what its end is otherwise. */
const costs = (id: string, rule: string, wasm: string, fuel: number, more?: More): WrittenVector =>
  calls(id, rule, wasm, [[id, { output: '', fuel }]], more);

/** Calls an export with a budget of exactly its cost, and with one more. */
function atTheBudget(
  rule: string,
  wasm: string,
  name: string,
  fuel: number,
  more: More = {},
): readonly WrittenVector[] {
  return [
    calls(`${name} at its cost`, rule, wasm, [[name, outOfFuel(fuel)]], { ...more, budget: { fuel } }),
    calls(`${name} one above its cost`, rule, wasm, [[name, { output: '', fuel }]], {
      ...more,
      budget: { fuel: fuel + 1 },
    }),
  ];
}

/**
 * The exports of fuel-instructions.wat, and their costs: 1 for the entry of the function, and 1 for
 * each instruction that is not free.
 */
const instructions: Readonly<Record<string, number>> = {
  const: 2,
  arithmetic: 4,
  division: 4,
  comparison: 4,
  floats: 6,
  conversions: 4,
  vectors: 4,
  locals: 5,
  globals: 3,
  memory: 5,
  'memory.size': 2,
  select: 5,
  'select with a type': 5,
  references: 3,
  tables: 5,
  'table.size': 2,
  'data.drop': 2,
  'elem.drop': 2,
  'memory.fill of nothing': 5,
  'memory.copy of nothing': 5,
  'memory.grow by nothing': 3,
  'table.fill of nothing': 5,
  result: 2,
};

/** The exports of fuel-bulk.wat. */
const bulk: Readonly<Record<string, number>> = {
  'memory.fill': 5,
  'memory.copy': 5,
  'memory.init': 5,
  'memory.grow': 3,
  'table.fill': 5,
  'table.copy': 5,
  'table.init': 5,
  'table.grow': 4,
};

/** The exports of fuel-control.wat: with the rule, and the sum. */
const control: Readonly<Record<string, readonly [rule: string, fuel: number]>> = {
  block: ['KF-3', 1],
  'if, first way': ['KF-2', 1 + 3],
  'if, second way': ['KF-2', 1 + 4],
  'if without else': ['KF-2', 1 + 2],
  br: ['KF-2', 1 + 1],
  'br, two levels': ['KF-2', 1 + 1],
  'br_if, taken': ['KF-2', 1 + 2],
  'br_if, not taken': ['KF-2', 1 + 3],
  'br_table, near': ['KF-2', 1 + 3],
  'br_table, default': ['KF-2', 1 + 2],
  return: ['KF-3', 1],
  'return of a value': ['KF-3', 1 + 1],
  'several values': ['KF-2', 1 + 3],
  loop: ['KF-2', 1 + 2 + 10 * 5],
  'loop, 1000 times': ['KF-2', 1 + 2 + 1000 * 5],
  loops: ['KF-2', 1 + 2 + 5 * (2 + 4 * 5 + 5)],
  'loop left by br': ['KF-2', 1 + 2 + 3 * (3 + 4 + 1) + 3],
  call: ['KF-1', 1 + 1 + 1],
  'call with values': ['KF-1', 1 + 3 + 1 + 3],
  calls: ['KF-1', 1 + 3 * 2],
  'call of a loop': ['KF-1', 1 + 1 + 53],
  call_indirect: ['KF-1', 1 + 2 + 1],
  'call_indirect of a loop': ['KF-1', 1 + 2 + 53],
  'call in a loop': ['KF-1', 1 + 2 + 10 * (2 + 5)],
  recursion: ['KF-1', 1 + 2 + 50 * 7 + 3],
};

const ends = { endless: { budget: { fuel: 10_000 } } };
const kernel = { flags: ['fuel:kernel'], deviation: 'fuel of kernel functions' };
const bytes = { flags: ['fuel:kernel'], deviation: 'fuel of bytes that the host copies' };

/** The functions of the kernel that fuel-kernel.wat calls, each with zeros: all that return. */
const kernelCalls: readonly WrittenVector[] = Object.entries(kernelFunctions)
  .filter(([name]) => name !== 'http_request')
  .map(([name, { params, fuel }]) => costs(name, 'KF-5', 'fuel-kernel', 1 + params.length + 1 + fuel, kernel));

/** A call of `alloc` with a constant. */
const ALLOC = 2 + 67;

/** `call $ten`: with the entry of `$ten`. */
const TEN = 2 + ALLOC;

/** What instructions, calls and functions of the kernel cost, and when fuel is used up. */
export const fuel: LayerVectors = {
  layer: 'fuel',
  about: 'What a call burns, and when it is out of fuel.',
  vectors: [
    calls('entry', 'KF-1', 'fuel-instructions', [['empty', { output: '', fuel: 1 }]]),
    calls('free instructions', 'KF-3', 'fuel-instructions', [['nop', { output: '', fuel: 1 }]]),
    ...Object.entries(instructions).map(([name, cost]) => costs(name, 'KF-2', 'fuel-instructions', cost)),
    ...Object.entries(control).map(([name, [rule, cost]]) => costs(name, rule, 'fuel-control', cost)),
    ...Object.entries(bulk).map(([name, cost]) =>
      costs(name, 'KF-4', 'fuel-bulk', cost, { flags: ['fuel:bulk'], deviation: 'bulk operations' }),
    ),
    calls('twice', 'KF-11', 'fuel-control', [
      ['recursion', { output: '', fuel: 356 }],
      ['loops', { output: '', fuel: 138 }],
      ['recursion', { output: '', fuel: 356 }],
    ]),

    calls('budget of 0', 'KF-10', 'fuel-control', [['block', outOfFuel(0)]], { budget: { fuel: 0 } }),
    ...atTheBudget('KF-10', 'fuel-control', 'block', 1),
    ...atTheBudget('KF-9', 'fuel-instructions', 'floats', 6),
    ...atTheBudget('KF-9', 'fuel-control', 'loop', 53),
    ...atTheBudget('KF-9', 'fuel-control', 'call', 3),
    ...atTheBudget('KF-9', 'fuel-control', 'call of a loop', 55),
    ...atTheBudget('KF-9', 'fuel-control', 'call_indirect of a loop', 56),
    ...atTheBudget('KF-12', 'fuel-control', 'recursion', 356),
    ...atTheBudget('KF-12', 'fuel-control', 'loops', 138),
    ...atTheBudget('KF-12', 'fuel-control', 'loop, 1000 times', 5_003),
    calls('loop within its budget', 'KF-13', 'fuel-control', [['loop, 1000 times', { output: '', fuel: 5_003 }]], {
      budget: { fuel: 6_000 },
    }),
    calls('endless loop', 'KF-15', 'fuel-control', [['endless loop', outOfFuel(10_000)]], ends.endless),
    calls('endless recursion', 'KF-15', 'fuel-control', [['endless recursion', outOfFuel(10_000)]], ends.endless),
    calls(
      'a call after an end has a whole budget',
      'KF-8',
      'fuel-control',
      [
        ['loop, 1000 times', outOfFuel(5_003)],
        ['recursion', { output: '', fuel: 356 }],
        ['loop, 1000 times', outOfFuel(5_003)],
        ['loop', { output: '', fuel: 53 }],
      ],
      { budget: { fuel: 5_003 } },
    ),

    calls(
      'start function apart',
      'KF-14',
      'fuel-start',
      [
        ['run', { output: '', fuel: 5_005 }],
        ['run', { output: '', fuel: 5_005 }],
      ],
      {
        about: 'The start function burns 5,003 in a budget of its own.',
        budget: { fuel: 6_000 },
      },
    ),
    calls(
      'start function at the budget',
      'KC-16',
      'fuel-start',
      [['run', { layer: 'build', error: { kind: 'InstantiationFailed' } }]],
      {
        about: 'Building already runs out of fuel in the start function.',
        budget: { fuel: 5_003 },
      },
    ),
    calls('start function one above', 'KC-16', 'fuel-start', [['run', outOfFuel(5_004)]], {
      about: 'The start function burns 5,003, and `run` 5,005.',
      flags: ['fuel:bulk'],
      budget: { fuel: 5_004 },
    }),
    calls(
      'constructors apart',
      'KF-14',
      'fuel-constructors',
      [
        ['run', { output: '', fuel: 5_005 }],
        ['run', { output: '', fuel: 5_005 }],
      ],
      {
        budget: { fuel: 6_000 },
      },
    ),
    calls(
      'constructors at the budget',
      'KC-23',
      'fuel-constructors',
      [
        ['run', fails('OutOfFuel')],
        ['run', fails('OutOfFuel')],
      ],
      {
        about: '__wasm_call_ctors burns 5,005.',
        deviation: 'an initialiser that traps',
        budget: { fuel: 5_005 },
      },
    ),
    calls(
      'start function and constructors share',
      'KC-16',
      'fuel-start-and-constructors',
      [['run', fails('OutOfFuel')]],
      {
        about: 'They burn 5,003 and 5,005.',
        budget: { fuel: 10_008 },
      },
    ),
    calls(
      'start function and constructors within',
      'KC-16',
      'fuel-start-and-constructors',
      [['run', { output: '', fuel: 1 }]],
      {
        flags: ['fuel:bulk'],
        budget: { fuel: 10_009 },
      },
    ),
    calls('exhaustion in a start function', 'KC-23', 'fuel-command', [['_start', fails('OutOfFuel')]], {
      about: 'A module with _start is not tried when it is built.',
      budget: { fuel: 5_000 },
    }),

    ...kernelCalls,
    ...atTheBudget('KF-5', 'fuel-kernel', 'input_length', 15, kernel),
    ...atTheBudget('KF-5', 'fuel-kernel', 'alloc', 70, kernel),
    ...atTheBudget('KF-5', 'fuel-kernel', 'var_set', 350, kernel),
    calls(
      'bytes of a variable',
      'KF-16',
      'fuel-kernel',
      [
        ['sets a variable', { output: '', fuel: 1 + ALLOC + TEN + 1 + 346 + 3 + 10 }],
        ['gets a variable', { output: '', fuel: 1 + ALLOC + 1 + 217 + 3 + 10 }],
      ],
      bytes,
    ),
    calls(
      'bytes of a missing variable',
      'KF-7',
      'fuel-kernel',
      [['gets a variable', { output: '', fuel: 1 + ALLOC + 1 + 217 + 3 }]],
      bytes,
    ),
    calls(
      'bytes of a configuration value',
      'KF-16',
      'fuel-kernel',
      [['config_get', { output: '', fuel: 3 + 217 + 5 }]],
      {
        ...bytes,
        config: { '': 'value' },
      },
    ),
    calls(
      'bytes of a log',
      'KF-16',
      'fuel-kernel',
      [
        ['logs at info', { output: '', fuel: 1 + TEN + 1 + 150 + 10 }],
        ['logs at debug', { output: '', fuel: 1 + TEN + 1 + 150 }],
      ],
      bytes,
    ),
    calls(
      'bytes are charged before',
      'KF-18',
      'fuel-kernel',
      [
        ['sets a variable', outOfFuel(495)],
        ['gets a variable', { output: '', fuel: 1 + ALLOC + 1 + 217 + 3 }],
      ],
      { ...bytes, about: 'It needs 501. So the variable is not set.', budget: { fuel: 495 } },
    ),
    calls(
      'bytes of input and output',
      'KF-20',
      'fuel-kernel',
      [
        ['echoes', { output: '', fuel: 1 + 2 * 14 + 45 }],
        ['echoes', { output: [{ text: 'x', times: 50_000 }], fuel: 1 + 2 * 14 + 45 }, [{ text: 'x', times: 50_000 }]],
      ],
      kernel,
    ),
    calls(
      'through a table',
      'KF-21',
      'fuel-kernel',
      [
        [
          'through a table',
          {
            oneOf: [
              { output: '', fuel: 4 },
              { output: '', fuel: 4 + 67 },
            ],
          },
        ],
      ],
      {
        flags: ['fuel:kernel'],
        deviation: 'kernel function through a table',
      },
    ),
    calls(
      'reset of much',
      'KF-19',
      'fuel-kernel',
      [['resets much', { output: '', fuel: 1 + ALLOC + 1 + 526 + 2_944 + 16 + 100_000 }]],
      {
        about: 'It zeroes 2,944 bytes up to the end of the third map, a header, and the block.',
        flags: ['fuel:kernel', 'layout'],
        deviation: 'fuel of kernel functions',
      },
    ),
  ],
};
