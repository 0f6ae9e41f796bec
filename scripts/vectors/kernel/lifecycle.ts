import type { WrittenVector } from '../layer-vectors.ts';
import { fails, type More, phrases, says, type WrittenEnd, words } from './words.ts';

const code = (value: number): WrittenEnd => (value === 0 ? says('') : fails('NonZeroExit', { code: value }));
const instantiate = fails('Instantiate');
const trap = fails('Trap');

/** Calls of exports of a module, without input unless the row has one. */
function calls(
  id: string,
  rule: string,
  wasm: string,
  steps: readonly (readonly [call: string, ends: WrittenEnd, input?: unknown])[],
  more: More = {},
): WrittenVector {
  return {
    id: `kernel/${id}`,
    rule,
    ...more,
    wasm,
    steps: steps.map(([call, ends, input]) => ({ call, ...(input !== undefined && { input }), ends })),
  };
}

/** Two calls of `run`, with the same end. */
const twice = (id: string, rule: string, wasm: string, ends: WrittenEnd, more: More = {}): WrittenVector =>
  calls(
    `init-${id}`,
    rule,
    wasm,
    [
      ['run', ends],
      ['run', ends],
    ],
    more,
  );

const crashes = { deviation: 'kernel functions in the start function and in initialisation' };
const again = { deviation: 'an initialiser that traps' };

/** Initialisation: KERNEL.md, "A call, step by step", step 2. The digits say what ran. */
const initialisation: readonly WrittenVector[] = [
  twice('start', 'KC-15', 'init-start', code(1)),
  twice('reactor', 'KC-22', 'init-reactor', code(12)),
  twice('constructors', 'KC-20', 'init-constructors', code(3)),
  twice('constructors-with-a-parameter', 'KC-21', 'init-constructors-parameter', code(0)),
  twice('constructors-with-a-result', 'KC-21', 'init-constructors-result', code(0)),
  twice('constructors-not-a-function', 'KC-22', 'init-constructors-global', code(2)),
  twice('haskell', 'KC-18', 'init-haskell', code(124)),
  twice('haskell-with-results', 'KC-18', 'init-haskell-alone', code(4)),
  twice('haskell-not-a-function', 'KC-20', 'init-haskell-global', code(3)),
  twice('haskell-without-parameters', 'KC-19', 'init-haskell-types', instantiate, again),
  twice('haskell-with-an-i64', 'KC-19', 'init-haskell-i64', instantiate, again),
  twice('constructors-trap', 'KC-24', 'init-constructors-trap', instantiate, again),
  twice('haskell-trap', 'KC-23', 'init-haskell-trap', instantiate, again),
  twice('constructors-out-of-fuel', 'KC-23', 'init-constructors-loop', fails('OutOfFuel'), {
    budget: { fuel: 100_000 },
    ...again,
  }),
  twice('constructors-stack', 'KC-23', 'init-constructors-dive', fails('StackOverflow'), again),
  calls(
    'init-second-try',
    'KC-24',
    'init-second-try',
    [
      ['run', instantiate],
      ['run', code(1)],
      ['run', code(1)],
    ],
    {
      about: 'The second try has a new instance, and the variable of the first.',
    },
  ),
  twice('leaves-nothing', 'KC-25', 'init-leaves', code(0), crashes),
  twice('trial-leaves-no-variable', 'KC-4', 'init-once-more', code(0), crashes),
];

/** Lookup and result codes: steps 5 and 7. */
const lookup: readonly WrittenVector[] = [
  ...['absent', 'memory', 'global', 'table', 'toString', '__proto__', 'Zero', 'zero ', 'e\u0301'].map((name) =>
    calls(`lookup-${name.trim().toLowerCase()}${name.length}`, 'KC-28', 'exports', [
      [name, fails('FunctionNotFound', { function: name })],
    ]),
  ),
  calls('lookup-empty', 'KC-28', 'exports', [['', says('')]]),
  calls('lookup-unicode', 'KC-28', 'exports', [['é', says('')]]),
  calls('lookup-parameter', 'KC-29', 'exports', [
    ['parameter', fails('HasParameters', { function: 'parameter', params: 1 })],
  ]),
  calls('lookup-results', 'KC-30', 'exports', [
    ['two results', fails('TooManyResults', { function: 'two results', results: 2 })],
  ]),
  calls('lookup-both', 'KC-29', 'exports', [
    [
      'both',
      {
        oneOf: [
          fails('HasParameters', { function: 'both', params: 2 }),
          fails('TooManyResults', { function: 'both', results: 2 }),
        ],
      },
    ],
  ]),
  ...(
    [
      ['nothing', 0],
      ['zero', 0],
      ['seven', 7],
      ['minus one', -1],
      ['least', -2_147_483_648],
      ['i64', -1],
      ['f32', -1],
      ['f64', -1],
      ['funcref', -1],
      ['externref', -1],
      ['v128', -1],
    ] as const
  ).map(([name, value]) => calls(`result-${name.replace(' ', '-')}`, 'KC-31', 'exports', [[name, code(value)]])),
  calls('after-a-lookup', 'KC-50', 'exports', [
    ['absent', fails('FunctionNotFound')],
    ['two results', fails('TooManyResults')],
    ['zero', says('')],
  ]),
];

const cause = (kind: string, message?: string) => ({ cause: { kind, ...(message && { message }) } });
const bad = cause('PluginError', 'bad');
const after = { deviation: 'a deadline, or another end, after `error_set`' };
const fuel = { budget: { fuel: 200_000 } };

/** Outcomes: step 8. */
const outcomes: readonly WrittenVector[] = [
  ...[
    'unreachable',
    'division by zero',
    'division overflow',
    'conversion',
    'load',
    'store',
    'fill',
    'dropped data',
    'null',
    'other type',
    'beyond the table',
  ].map((name) =>
    calls(`trap-${name.replaceAll(' ', '-')}`, 'KC-39', 'traps', [
      [name, trap],
      [name, trap],
    ]),
  ),
  words('exit', 'KC-42', '7 exit', code(7)),
  words('exit-and-output', 'KC-42', `'out show 7 exit`, code(7)),
  words('output', 'KC-43', `'out show 0 exit`, says('out')),
  words('end-before-error', 'KC-45', `'bad error_set trap`, fails('Trap', bad)),
  words('end-before-unreadable', 'KC-45', '$ff error_set trap', fails('Trap', cause('ErrorMessageUnreadable')), {
    deviation: 'an error text that is not UTF-8, and then a trap',
  }),
  words('fuel-before-error', 'KC-33', `'bad error_set spin`, fails('OutOfFuel'), fuel),
  words('stack-before-error', 'KC-36', `'bad error_set dive`, fails('StackOverflow'), after),
  words('memory-before-error', 'KC-35', `'bad error_set 100 grow`, fails('OutOfMemory'), {
    flags: ['trap-on-grow'],
    ...after,
  }),
  words('kernel-before-error', 'KC-37', `'bad error_set 5 var_get`, fails('KernelFunction'), after),
  words('error-before-code', 'KC-32', `'bad error_set 7 exit`, fails('PluginError', { message: 'bad' })),
  words('fuel-in-a-loop', 'KM-2', 'spin', fails('OutOfFuel'), fuel),
  words('stack', 'KC-36', 'dive', fails('StackOverflow')),
  words('grown-memory', 'KC-35', '100 grow', fails('OutOfMemory'), { flags: ['trap-on-grow'] }),
  calls('depth-2000', 'KM-15', 'recursion', [['deep', says('')]]),
  calls('wasm-2', 'KM-23', 'wasm-2', [['run', says('')]]),
  calls('dive-then-deep', 'KM-8', 'words', [
    ['run', fails('StackOverflow'), 'dive'],
    ['run', says('ok'), `'ok show`],
  ]),
];

const keeps: readonly (readonly [name: string, last: string, ends: WrittenEnd, more?: More])[] = [
  ['success', '', says('')],
  ['trap', 'trap', trap],
  ['code', '3 exit', code(3)],
  ['error', `'bad error_set`, fails('PluginError')],
  ['invalid-handle', '5 var_get', fails('KernelFunction')],
  ['stack-overflow', 'dive', fails('StackOverflow')],
  ['fuel', 'spin', fails('OutOfFuel'), fuel],
  ['growth', '100 grow', fails('OutOfMemory'), { flags: ['trap-on-grow'] }],
];

/** State: what persists, and what does not. */
const state: readonly WrittenVector[] = [
  ...keeps.map(([name, last, ends, more]) =>
    phrases(
      `state-after-${name}`,
      name === 'success' ? 'KC-14' : 'KC-50',
      [
        [`7 keep ${last}`, ends],
        ['kept put', says('7')],
      ],
      more,
    ),
  ),
  phrases('state-memory-grows', 'KC-14', [
    ['2 grow put', says('1')],
    ['0 grow put', says('3')],
  ]),
  phrases('blocks-do-not-persist', 'KC-25', [
    [`'secret keep`, says('')],
    ['kept length put', says('0')],
  ]),
  phrases('bytes-do-not-persist', 'KC-25', [
    [`60000 alloc 30000 add dup keep 'x load_u8 store_u8 kept load_u8 put`, says('120')],
    ['kept load_u8 put', says('0')],
  ]),
  phrases(
    'bytes-past-blocks-do-not-persist',
    'KC-25',
    [
      ['memory_bytes 1 sub dup keep 7 store_u8 kept load_u8 put', says('7')],
      ['kept load_u8 put', says('0')],
    ],
    { deviation: 'bytes outside of all blocks' },
  ),
  phrases('output-does-not-persist', 'KC-25', [
    [`'old 3 output_set`, says('old')],
    ['', says('')],
    ['output_length put', says('0')],
  ]),
  phrases('error-does-not-persist', 'KC-25', [
    [`'old error_set`, fails('PluginError')],
    ['error_get put', says('0')],
  ]),
  phrases('input-does-not-persist', 'KC-25', [
    ['1 put 2 put 3 put 4 put 5 put', says('1 2 3 4 5')],
    ['input_length put', says('16')],
  ]),
  calls('input-without-room', 'KM-13', 'words', [
    ['echo', fails('OutOfMemory'), [{ hex: '00', times: 3_000_000 }]],
    ['echo', says('x'), 'x'],
  ]),
  calls(
    'input-without-room-for-a-page',
    'KC-27',
    'words',
    [
      ['echo', fails('OutOfMemory'), [{ hex: '00', times: 70_000 }]],
      ['echo', says('x'), 'x'],
    ],
    { budget: { memory_pages: 0, initial_memory_pages: 1 } },
  ),

  calls('command', 'KC-51', 'command', [
    ['run', code(1)],
    ['run', code(2)],
    ['_start', says('')],
    ['run', code(1)],
    ['_start', says('')],
    ['_start', says('')],
    ['run', code(1)],
  ]),
  calls('command-that-fails', 'KC-51', 'command', [
    ['run', code(1)],
    ['_start', trap, 'x'],
    ['run', code(1)],
  ]),
  calls('command-loses-variables', 'KV-2', 'command', [
    ['vars', code(0)],
    ['vars', code(1)],
    ['_start', says('')],
    ['vars', code(0)],
  ]),
  calls('command-is-not-tried', 'KC-1', 'command-trap', [
    ['_start', instantiate],
    ['_start', instantiate],
  ]),
];

const time = { flags: ['time'], budget: { fuel: 1_000_000_000_000, wall_ms: 100 } };
const late = fails('Timeout');

/** Budgets: KERNEL.md, "Budgets". */
const budgets: readonly WrittenVector[] = [
  words('grow-32', 'KM-4', '32 grow put', says('1')),
  words('grow-33', 'KM-11', '33 grow put', fails('OutOfMemory'), { flags: ['trap-on-grow'] }),
  words('grow-0', 'KM-4', '0 grow put', says('1'), { budget: { memory_pages: 0, initial_memory_pages: 1 } }),
  words('grow-1-of-0', 'KM-11', '1 grow put', fails('OutOfMemory'), {
    flags: ['trap-on-grow'],
    budget: { memory_pages: 0, initial_memory_pages: 1 },
  }),
  words('grow-and-alloc', 'KM-4', '20 grow put 400000 alloc length put', says('1 400000')),
  words('grow-and-alloc-over', 'KM-11', '20 grow put 1000000 alloc length put', fails('OutOfMemory'), {
    flags: ['trap-on-grow'],
  }),
  phrases(
    'grow-in-two-calls',
    'KM-14',
    [
      ['20 grow put', says('1')],
      ['20 grow put', fails('OutOfMemory')],
      ['12 grow put', says('21')],
    ],
    {
      flags: ['trap-on-grow'],
    },
  ),
  words('grow_table', 'KM-6', '50 grow_table put', says('0'), { budget: { table_entries: 100 } }),
  words('grow_table-over', 'KM-11', '51 grow_table put', fails('OutOfMemory'), {
    flags: ['trap-on-grow'],
    deviation: 'tables, objects of garbage collection, `memory.atomic.wait*`',
    budget: { table_entries: 100 },
  }),
  calls(
    'grow-past-a-maximum',
    'KM-12',
    'growth',
    [
      ['memory', code(-1)],
      ['table', code(-1)],
      ['inside', code(1)],
    ],
    {
      deviation: 'a memory that grows to its own maximum',
    },
  ),
  calls(
    'grow-past-a-maximum-often',
    'KM-12',
    'growth',
    [
      ['many', code(-1)],
      ['inside', code(1)],
    ],
    {
      about: 'Growth that fails uses up nothing.',
      deviation: 'a memory that grows to its own maximum',
    },
  ),
  words(
    'nothing-runs-after-an-end',
    'KM-16',
    `'one log_info 100 grow 'two log_info`,
    {
      ...fails('OutOfMemory'),
      logs: [['info', 'one']],
    },
    { flags: ['trap-on-grow'] },
  ),
  calls('two-memories', 'KM-4', 'two-memories', [['run', fails('OutOfMemory')]], {
    flags: ['feature:multi-memory', 'trap-on-grow'],
  }),
  calls('two-memories-within', 'KM-4', 'two-memories', [['a little', code(1)]], { flags: ['feature:multi-memory'] }),
  calls(
    'catches',
    'KM-16',
    'catches',
    [
      ['own', says('')],
      ['kernel', fails('KernelFunction', { function: 'var_get' })],
      ['trap', trap],
      ['uncaught', trap],
      ['own', says('')],
    ],
    { flags: ['feature:exceptions'] },
  ),
  calls(
    'catches-growth',
    'KM-16',
    'catches',
    [
      ['growth', fails('OutOfMemory')],
      ['own', says('')],
    ],
    {
      flags: ['feature:exceptions', 'trap-on-grow'],
    },
  ),
  words('time', 'KM-3', 'spin', late, time),
  phrases(
    'time-then-another-call',
    'KC-34',
    [
      ['spin', late],
      [`'ok show`, says('ok')],
    ],
    time,
  ),
  words('time-before-error', 'KC-34', `'bad error_set spin`, fails('Timeout', bad), {
    ...time,
    ...after,
  }),
  calls('time-of-constructors', 'KC-17', 'init-constructors-loop', [['run', late]], { ...time, deviation: 'clock' }),
  {
    id: 'kernel/time-of-building',
    rule: 'KC-3',
    ...time,
    deviation: 'clock',
    wasm: 'build-start-loop',
    ends: {
      layer: 'build',
      error: { kind: 'InstantiationFailed' },
    },
  },
];

/** Calls and their state: KERNEL.md, "A call, step by step". */
export const lifecycle: readonly WrittenVector[] = [...initialisation, ...lookup, ...outcomes, ...state, ...budgets];
