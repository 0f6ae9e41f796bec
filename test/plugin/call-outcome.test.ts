import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel, hostFunction } from '../../src/kernel/index.ts';
import { Meter } from '../../src/metering/index.ts';
import { trapOf } from '../../src/metering/run/trap-stack.ts';
import { PluginCallError } from '../../src/plugin/call-error.ts';
import { concludeCall, engineFailure } from '../../src/plugin/call-outcome.ts';
import { buildPlugin } from '../../src/plugin/compile.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { engineHas } from '../support/features.ts';
import { plugin, pluginModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const outcomes = suite('outcome of a call');

/** A plugin with one export `run`, and the data `broken` at 16 and the byte ff at 32. */
const running = (body: string, result = '(result i32)') =>
  plugin(`
    (data (i32.const 16) "broken") (data (i32.const 32) "\\ff")
    (func $set (call $error_set (call $block (i32.const 16) (i32.const 6))))
    (func $unreadable (call $error_set (call $block (i32.const 32) (i32.const 1))))
    (func $forever (call $forever))
    (func (export "run") ${result} (local $handle i64) ${body})`);

const broken = { kind: 'PluginError', message: 'broken' };
const unreadable = { kind: 'ErrorMessageUnreadable' };

/** abi/KERNEL.md, "A call, step by step", step 8. `undefined` is success. */
const rows: readonly (readonly [what: string, body: string, result: string, failure: object | undefined])[] = [
  ['returns 0', 'i32.const 0', '(result i32)', undefined],
  ['returns nothing', '', '', undefined],
  ['returns 7', 'i32.const 7', '(result i32)', { kind: 'NonZeroExit', code: 7 }],
  ['returns -1', 'i32.const -1', '(result i32)', { kind: 'NonZeroExit', code: -1 }],
  ['returns an i64 of 0', 'i64.const 0', '(result i64)', { kind: 'NonZeroExit', code: -1 }],
  ['returns an f64 of 0', 'f64.const 0', '(result f64)', { kind: 'NonZeroExit', code: -1 }],
  ['returns an f32 of 0', 'f32.const 0', '(result f32)', { kind: 'NonZeroExit', code: -1 }],
  ['returns a null reference', 'ref.null func', '(result funcref)', { kind: 'NonZeroExit', code: -1 }],
  ['sets an error and returns 0', 'call $set i32.const 0', '(result i32)', broken],
  ['sets an error and returns 7', 'call $set i32.const 7', '(result i32)', broken],
  ['sets an error and returns nothing', 'call $set', '', broken],
  ['sets an error and returns an i64', 'call $set i64.const 0', '(result i64)', broken],
  ['sets an error that is not UTF-8', 'call $unreadable i32.const 0', '(result i32)', unreadable],
  ['sets an error that is not UTF-8 and returns 7', 'call $unreadable i32.const 7', '(result i32)', unreadable],
  ['sets an error and clears it', 'call $set (call $error_set (i64.const 0)) i32.const 0', '(result i32)', undefined],
  [
    'sets an error and clears it, and returns 7',
    'call $set (call $error_set (i64.const 0)) i32.const 7',
    '(result i32)',
    { kind: 'NonZeroExit', code: 7 },
  ],
  [
    'sets a handle out of bounds after an error',
    'call $set (call $error_set (i64.const -1)) i32.const 0',
    '(result i32)',
    broken,
  ],
  ['sets an error and frees it', 'call $set (call $free (call $error_get)) i32.const 0', '(result i32)', undefined],
  [
    'sets an error in the middle of a block',
    '(call $error_set (i64.add (call $alloc (i64.const 9)) (i64.const 1))) i32.const 0',
    '(result i32)',
    undefined,
  ],
  [
    'sets an error where no block is',
    '(call $error_set (i64.const 50000)) i32.const 7',
    '(result i32)',
    { kind: 'NonZeroExit', code: 7 },
  ],
  ['sets an error and resets', 'call $set call $reset i32.const 0', '(result i32)', undefined],
];
for (const [what, body, result, expected] of rows) {
  outcomes(`${what}: ${expected === undefined ? 'succeeds' : JSON.stringify(expected)}`, async () => {
    const built = await running(body, result);
    if (expected === undefined) built.call('run');
    else
      assert.equal(
        failureOf(PluginCallError, () => built.call('run')),
        expected,
      );
  });
}

outcomes('a result without a JavaScript value counts as another type, and nothing runs', async () => {
  for (const type of ['v128', 'exnref', '(ref null exn)']) {
    const bytes = await wat(`(module (func (export "run") (result ${type}) unreachable))`);
    if (!WebAssembly.validate(new Uint8Array(bytes))) {
      console.log(`skipped: this engine has no ${type}`);
      continue;
    }
    const built = buildPlugin(bytes);
    assert.equal(
      failureOf(PluginCallError, () => built.call('run')),
      { kind: 'NonZeroExit', code: -1 },
    );
    assert.is(built.fuelConsumed, 0);
  }
});

/** Ways to end other than by returning, and the kind of failure of each. */
const traps: readonly (readonly [what: string, body: string, kind: string])[] = [
  ['unreachable', 'unreachable', 'Trap'],
  ['a division by zero', '(i32.div_u (i32.const 1) (i32.const 0))', 'Trap'],
  ['a load out of bounds', '(i32.load (i32.const -1))', 'Trap'],
  ['recursion without end', 'call $forever unreachable', 'StackOverflow'],
  [
    'a kernel function given an invalid handle',
    '(call $var_set (i64.const 5) (i64.const 0)) unreachable',
    'KernelFunction',
  ],
  ['an HTTP request', '(drop (call $http_request (i64.const 0) (i64.const 0))) unreachable', 'KernelFunction'],
];
for (const [what, body, kind] of traps) {
  outcomes(`${what} is ${kind}; an error that was set is its cause`, async () => {
    const unset = await running(body);
    const alone = thrownBy(() => unset.call('run'));
    assert.instance(alone, PluginCallError);
    if (!(alone instanceof PluginCallError)) return;
    assert.is(alone.failure.kind, kind);
    assert.instance(alone.cause, Error);
    assert.not.instance(alone.cause, PluginCallError);

    for (const [set, expected] of [
      ['call $set', broken],
      ['call $unreadable', unreadable],
    ] as const) {
      const built = await running(`${set} ${body}`);
      const thrown = thrownBy(() => built.call('run'));
      assert.instance(thrown, PluginCallError);
      if (!(thrown instanceof PluginCallError)) return;
      assert.is(thrown.failure.kind, kind);
      assert.not.match(thrown.message, 'broken');
      const isSaid = kind === 'Trap' && expected === broken;
      assert.is(trapOf(thrown.failure)?.said, isSaid ? 'broken' : undefined);
      assert.not.match(JSON.stringify(thrown.failure), 'broken');
      assert.instance(thrown.cause, PluginCallError);
      if (thrown.cause instanceof PluginCallError) assert.equal(thrown.cause.failure, expected);
    }
  });
}

outcomes('a failed kernel function is named with its reason', async () => {
  const built = await running('(drop (call $config_get (i64.const 77))) i32.const 0');
  assert.equal(
    failureOf(PluginCallError, () => built.call('run')),
    {
      kind: 'KernelFunction',
      function: 'config_get',
      reason: 'invalid handle 77: no live block starts there',
    },
  );
});

outcomes('what a host function throws is the cause', async () => {
  const gone = new RangeError('gone');
  const functions = [
    hostFunction('f', [], [], () => {
      throw gone;
    }),
  ];
  const built = await plugin(
    '(func (export "run") call $f)',
    { functions },
    '(import "extism:host/user" "f" (func $f))',
  );
  const thrown = thrownBy(() => built.call('run'));
  assert.instance(thrown, PluginCallError);
  if (!(thrown instanceof PluginCallError)) return;
  assert.equal(thrown.failure, { kind: 'HostFunction', function: 'f', reason: 'gone' });
  assert.is(thrown.cause, gone);
});

outcomes('an exception that the plugin throws and does not catch is a trap', async () => {
  if (!(await engineHas('tags'))) return;
  const built = buildPlugin(await wat('(module (tag $t (param i32)) (func (export "run") i32.const 1 throw $t))'));
  assert.is(failureOf(PluginCallError, () => built.call('run')).kind, 'Trap');
});

const thrownByEngines: readonly (readonly [thrown: unknown, kind: string])[] = [
  [new RangeError('Maximum call stack size exceeded'), 'StackOverflow'],
  [new RangeError('Maximum call stack size exceeded.'), 'StackOverflow'],
  [Object.assign(new Error('too much recursion'), { name: 'InternalError' }), 'StackOverflow'],
  [new WebAssembly.RuntimeError('unreachable'), 'Trap'],
  [new RangeError('invalid array length'), 'Trap'],
  ['anything', 'Trap'],
];
for (const [thrown, kind] of thrownByEngines) {
  outcomes(`${String(thrown)} is ${kind}`, () => assert.is(engineFailure(thrown).kind, kind));
}

outcomes('an exception that bypassed the kernel is a stack overflow, even if the plugin caught it and returned', () => {
  const kernel = createKernel();
  concludeCall(kernel, new Meter(), { ok: true, value: 0 }, 'i32');
  const failed = new WebAssembly.Global<'i32'>({ value: 'i32', mutable: true }, 0);
  kernel.adapt({ crossing: new WebAssembly.Global<'i32'>({ value: 'i32', mutable: true }, 1), failed });
  assert.equal(
    failureOf(PluginCallError, () => concludeCall(kernel, new Meter(), { ok: true, value: 0 }, 'i32')),
    { kind: 'StackOverflow' },
  );
});

outcomes('with a result whose type only the engine knows', () => {
  const kernel = createKernel();
  for (const [returned, code] of [
    [undefined, 0],
    [0, 0],
    [7, 7],
    [0.5, -1],
    [0n, -1],
    [null, -1],
    [[0, 0], -1],
  ] as const) {
    const conclude = (): void => concludeCall(kernel, new Meter(), { ok: true, value: returned }, undefined);
    if (code === 0) conclude();
    else assert.equal(failureOf(PluginCallError, conclude), { kind: 'NonZeroExit', code });
  }
});

/**
 * Wrappers that catch everything that can be caught and return 0: one in the standard encoding, one
 * in the older encoding.
 */
const catching = {
  exnref: (body: string) => `(block $caught (try_table (catch_all $caught) ${body}))`,
  'legacy exceptions': (body: string) => `try ${body} catch_all end`,
} as const;

/** Everything that ends a call. None of it can be caught. */
const uncatchable: readonly (readonly [what: string, body: string, kind: string])[] = [
  ['a host function that throws', 'call $throws', 'HostFunction'],
  ['a host function that throws a RuntimeError', 'call $throws_trap', 'HostFunction'],
  ['a host function that throws what has no text', 'call $throws_object', 'HostFunction'],
  ['a host function that returns a promise', 'call $promises', 'HostFunction'],
  ['a host function given an invalid handle', '(call $reads (i64.const 5))', 'HostFunction'],
  ['a call back into the plugin', 'call $calls_back', 'HostFunction'],
  ['a log that throws', '(call $log_error (i64.const 0))', 'KernelFunction'],
  ['a variable over the limit', '(call $var_set (i64.const 0) (call $alloc (i64.const 2000)))', 'KernelFunction'],
  ['an invalid handle', '(drop (call $var_get (i64.const 5)))', 'KernelFunction'],
  ['an HTTP request', '(drop (call $http_request (i64.const 0) (i64.const 0)))', 'KernelFunction'],
  ['a trap', 'unreachable', 'Trap'],
  ['recursion without end', 'call $forever', 'StackOverflow'],
  ['a host function that returns too late', 'call $pauses', 'Timeout'],
  ['a loop without end', 'loop $again br $again end', 'OutOfFuel'],
  ['alloc past the budget', '(drop (call $alloc (i64.const 10000000)))', 'OutOfMemory'],
  ['memory.grow past the budget', '(drop (memory.grow (i32.const 1000)))', 'OutOfMemory'],
];

for (const [feature, wrap] of Object.entries(catching)) {
  outcomes(`nothing that the host raises can be caught, with ${feature}`, async () => {
    // The keys of the table are names of features.
    if (!(await engineHas(feature as keyof typeof catching))) return;
    const throwing = (name: string, value: unknown) =>
      hostFunction(name, [], [], () => {
        throw value;
      });
    const functions = [
      throwing('throws', new Error('no')),
      throwing('throws_trap', new WebAssembly.RuntimeError('unreachable')),
      throwing('throws_object', Object.create(null)),
      { ...throwing('promises', 0), implementation: () => Promise.resolve() },
      hostFunction('pauses', [], [], () => {
        const end = performance.now() + 250;
        while (performance.now() < end);
      }),
      hostFunction('reads', ['bytes'], [], () => undefined),
      hostFunction('calls_back', [], [], () => {
        built.call('fine');
      }),
    ];
    const imports = functions
      .map(
        ({ name, params }) =>
          `(import "extism:host/user" "${name}" (func $${name} ${params.length > 0 ? '(param i64)' : ''}))`,
      )
      .join('');
    const exports = uncatchable
      .map(
        ([, body], index) =>
          `(func (export "${index}") ${wrap(body)})
           (func (export "again and again ${index}") loop $over ${wrap(body)} br $over end)`,
      )
      .join('');
    const fields = `(tag $own) (func $forever call $forever) (func (export "fine"))
      (func (export "own") ${wrap('throw $own')}) ${exports}`;
    const telemetry = {
      log: () => {
        throw new Error('no room for logs');
      },
      counter: () => undefined,
    };
    const built = buildPlugin(await pluginModule(fields, imports), {
      functions,
      telemetry,
      maxVarBytes: 1000,
      fuel: 1_000_000,
      wallMs: 200,
    });
    built.call('own');
    uncatchable.forEach(([what, , kind], index) => {
      assert.is(failureOf(PluginCallError, () => built.call(String(index))).kind, kind, what);
      assert.is(
        failureOf(PluginCallError, () => built.call(`again and again ${index}`)).kind,
        kind,
        `${what}, in a loop`,
      );
      built.call('fine');
    });
  });
}

outcomes('a stored failure remains the outcome, whatever the plugin does afterwards', async () => {
  // If it cannot be caught, only another trap could follow on the way out. There is none, so the
  // first is reported.
  const built = await running('(drop (call $var_get (i64.const 5))) call $set i32.const 0');
  assert.is(failureOf(PluginCallError, () => built.call('run')).kind, 'KernelFunction');
});

/**
 * Recursion that calls something at each depth until the stack ends: in WebAssembly, in the kernel,
 * or in the host's JavaScript.
 */
const atTheEdge: readonly (readonly [what: string, call: string])[] = [
  ['a host function', '(drop (call $counts (i32.const 1)))'],
  ['a host function that allocates and reads', '(call $free (call $copies (call $copies (i64.const 0))))'],
  [
    'variables',
    '(call $var_set (call $block (i32.const 16) (i32.const 1)) (call $block (i32.const 16) (i32.const 6)))',
  ],
  ['alloc and free', '(call $free (call $alloc (i64.const 100)))'],
  ['alloc alone', '(drop (call $alloc (i64.const 1)))'],
  [
    'stores that move the end of what is used',
    '(call $store_u64 (i64.sub (call $memory_bytes) (i64.const 8)) (i64.const -1))',
  ],
  ['log', '(call $log_info (call $block (i32.const 16) (i32.const 6)))'],
  ['reset', '(call $reset)'],
];
for (const [what, call] of atTheEdge) {
  outcomes(`${what} at the edge of the stack: the call fails, and the plugin remains usable`, async () => {
    let inside = 0;
    let left = 0;
    const functions = [
      hostFunction('counts', ['i32'], ['i32'], (value) => {
        inside++;
        const nested = (depth: number): number => (depth === 0 ? value : nested(depth - 1) + 0);
        const result = nested(20);
        left++;
        return result;
      }),
      hostFunction('copies', ['bytes'], ['bytes'], (bytes) => new Uint8Array([...bytes, 1])),
    ];
    const fields = `
      (data (i32.const 16) "kaputt")
      (func $deeper (export "deeper") ${call} (call $deeper))
      (func (export "echo") (call $output_set (call $input_offset) (call $input_length)))
      (func (export "works") (result i32)
        (local $one i64) (local $two i64)
        (local.set $one (call $alloc (i64.const 100)))
        (local.set $two (call $alloc (i64.const 100)))
        (call $store_u64 (local.get $one) (i64.const -1))
        (call $free (local.get $one))
        (call $var_set (call $block (i32.const 16) (i32.const 2)) (call $block (i32.const 16) (i32.const 6)))
        ;; 0 when lengths are right and the variable is what was set
        (i32.wrap_i64 (i64.sub
          (i64.add (call $length (local.get $two)) (call $length (local.get $one)))
          (i64.add (i64.const 94) (call $length (call $var_get (call $block (i32.const 16) (i32.const 2))))))))`;
    const imports = `
      (import "extism:host/user" "counts" (func $counts (param i32) (result i32)))
      (import "extism:host/user" "copies" (func $copies (param i64) (result i64)))`;
    const telemetry = { log: () => undefined, counter: () => undefined };
    const built = await plugin(fields, { functions, telemetry }, imports);
    for (let round = 0; round < 3; round++) {
      const { kind } = failureOf(PluginCallError, () => built.call('deeper', 'secret'));
      assert.ok(['StackOverflow', 'HostFunction', 'KernelFunction'].includes(kind), kind);
      built.call('works');
      assert.is(built.callText('echo', 'hello'), 'hello');
    }
    assert.ok(left <= inside);
  });
}

for (const [feature, wrap] of Object.entries(catching)) {
  outcomes(
    `at the edge of the stack a plugin that catches all it can comes to no good end, with ${feature}`,
    async () => {
      // The keys of the table are names of features.
      if (!(await engineHas(feature as keyof typeof catching))) return;
      const nested = (depth: number): number => (depth === 0 ? 0 : nested(depth - 1) + 1);
      const functions = [hostFunction('nested', [], ['i32'], () => nested(30))];
      // It catches what the host throws and recurses further. At the final depth it returns
      // normally.
      const fields = `
      (func $deeper (param $depth i32)
        ${wrap('(drop (call $nested))')}
        (if (local.get $depth) (then (call $deeper (i32.sub (local.get $depth) (i32.const 1))))))
      (func (export "shallow") (call $deeper (i32.const 10)))
      (func (export "deep") (call $deeper (i32.const 100000000)))`;
      const built = await plugin(
        fields,
        { functions },
        '(import "extism:host/user" "nested" (func $nested (result i32)))',
      );
      for (let round = 0; round < 5; round++) {
        built.call('shallow');
        const { kind } = failureOf(PluginCallError, () => built.call('deep'));
        assert.ok(kind === 'StackOverflow' || kind === 'HostFunction', kind);
      }
      built.call('shallow');
    },
  );
}

outcomes.run();
