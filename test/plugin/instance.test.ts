import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HostFunction, hostFunction } from '../../src/kernel/index.ts';
import { BuildPluginError } from '../../src/plugin/build-error.ts';
import { PluginCallError } from '../../src/plugin/call-error.ts';
import { buildPlugin, compilePlugin } from '../../src/plugin/compile.ts';
import type { Plugin } from '../../src/plugin/plugin.ts';
import { type LogEvent, noTelemetry } from '../../src/telemetry.ts';
import { failureOf } from '../support/failure.ts';
import { literal } from '../support/hex.ts';
import { preparedModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const instances = suite('instances of a plugin');

const note = '(import "extism:host/user" "note" (func $note (param i32)))';

/** Builds a module whose functions record numbers. Returns the plugin and the numbers in order. */
async function noting(fields: string): Promise<{ plugin: Plugin; noted: number[] }> {
  const noted: number[] = [];
  const functions = [hostFunction('note', ['i32'], [], (number) => void noted.push(number))];
  return { plugin: buildPlugin(await wat(`(module ${note} ${fields})`), { functions }), noted };
}

const noter = (name: string, number: number, type = ''): string =>
  `(func (export "${name}") ${type} (call $note (i32.const ${number})))`;
const run = noter('run', 100);

/** What the trial instance does, then what a first and a second call do. */
const orders: readonly (readonly [what: string, fields: string, built: number[], first: number[]])[] = [
  ['nothing to initialise', '', [], []],
  ['a start function', '(func $s (call $note (i32.const 1))) (start $s)', [1], [1]],
  ['_initialize', noter('_initialize', 1), [1], [1]],
  [
    'a start function, then _initialize',
    `(func $s (call $note (i32.const 1))) (start $s) ${noter('_initialize', 2)}`,
    [1, 2],
    [1, 2],
  ],
  ['__wasm_call_ctors', noter('__wasm_call_ctors', 1), [], [1]],
  ['__wasm_call_ctors instead of _initialize', noter('__wasm_call_ctors', 1) + noter('_initialize', 2), [2], [1]],
  [
    '__wasm_call_ctors with a parameter: nothing',
    noter('__wasm_call_ctors', 1, '(param i32)') + noter('_initialize', 2),
    [2],
    [],
  ],
  [
    '__wasm_call_ctors with a result: nothing',
    `(func (export "__wasm_call_ctors") (result i32) (call $note (i32.const 1)) i32.const 0)`,
    [],
    [],
  ],
  ['hs_init', noter('hs_init', 1, '(param i32 i32)'), [], [1]],
  [
    '_initialize, then hs_init, and no constructors',
    noter('hs_init', 1, '(param i32 i32)') + noter('_initialize', 2) + noter('__wasm_call_ctors', 3),
    [2],
    [2, 1],
  ],
  [
    'hs_init that is not a function',
    `(global (export "hs_init") i32 (i32.const 0)) ${noter('__wasm_call_ctors', 1)}`,
    [],
    [1],
  ],
];
for (const [what, fields, built, first] of orders) {
  instances(`${what}: run once, before the first call`, async () => {
    const { plugin, noted } = await noting(fields + run);
    assert.equal(noted.splice(0), built, 'when it is built');
    plugin.call('run');
    assert.equal(noted.splice(0), [...first, 100], 'at the first call');
    plugin.call('run');
    assert.equal(noted.splice(0), [100], 'at the second call');
  });
}

instances('hs_init gets two zeros', async () => {
  const { plugin, noted } = await noting(`
    (func (export "hs_init") (param i32 i32) (call $note (local.get 0)) (call $note (local.get 1))) ${run}`);
  plugin.call('run');
  assert.equal(noted, [0, 0, 100]);
});

instances('the initialised instance is the one that is called', async () => {
  const initialisers = ['_initialize', '__wasm_call_ctors', 'start'];
  for (const name of initialisers) {
    const begin =
      name === 'start'
        ? '(func $begin (global.set $code (i32.const 0))) (start $begin)'
        : `(func (export "${name}") (global.set $code (i32.const 0)))`;
    const wasm = await wat(
      `(module (global $code (mut i32) (i32.const 7)) ${begin} (func (export "run") (result i32) global.get $code))`,
    );
    const plugin = buildPlugin(wasm);
    plugin.call('run');
    plugin.call('run');
    assert.equal([...buildPlugin(preparedModule(wasm)).call('run')], []);
  }
});

instances('an error, output or variable left by initialisation does not affect the call', async () => {
  const wasm = await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "error_set" (func $error_set (param i64)))
    (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
    (func (export "_initialize") (local $block i64)
      (local.set $block (call $alloc (i64.const 4)))
      (call $error_set (local.get $block))
      (call $output_set (local.get $block) (i64.const 4)))
    (func (export "run")))`);
  assert.is(buildPlugin(wasm).call('run').length, 0);
});

instances('variables that the trial instance set are cleared before the kept instance is initialised', async () => {
  const wasm = await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
    (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
    (func (export "_initialize")
      (if (i64.ne (call $var_get (i64.const 0)) (i64.const 0)) (then unreachable))
      (call $var_set (i64.const 0) (call $alloc (i64.const 1))))
    (func (export "run") (result i32) (i64.eqz (call $var_get (i64.const 0)))))`);
  buildPlugin(wasm).call('run');
});

/** A plugin that logs "s" in its start function and "i" in `_initialize`. */
const logging = (fields = ''): string => `(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
  (import "extism:host/env" "log_warn" (func $warn (param i64)))
  ${fields}
  (func $log (param $char i32) (local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store (local.get $block) (local.get $char))
    (call $warn (local.get $block)))
  (func $s (call $log (i32.const 115))) (start $s)
  (func (export "_initialize") (call $log (i32.const 105)))
  (func (export "run") (call $log (i32.const 114)))
  (func (export "trap") unreachable))`;

/** The messages that a plugin logs when it is built, and when `run` is called twice. */
async function logOf(text: string, functions: readonly HostFunction[] = []): Promise<readonly [string, string]> {
  const messages: string[] = [];
  const telemetry = { ...noTelemetry, log: ({ message }: LogEvent) => void messages.push(message) };
  const plugin = buildPlugin(await wat(text), { telemetry, functions });
  const built = messages.splice(0);
  plugin.call('run');
  plugin.call('run');
  return [built.join(''), messages.join('')];
}

instances('the trial instance serves the calls if it is as at the first call', async () => {
  assert.equal(await logOf(logging()), ['si', 'rr']);
});

instances('a plugin that imports a function of the host, or has late initialisers, gets another', async () => {
  const functions = [hostFunction('note', ['i32'], [], () => undefined)];
  assert.equal(await logOf(logging(note), functions), ['si', 'sirr']);
  assert.equal(await logOf(logging('(func (export "hs_init") (param i32 i32))')), ['si', 'sirr']);
  assert.equal(await logOf(logging('(func (export "__wasm_call_ctors"))')), ['si', 'srr']);
});

instances('a call does not count the fuel of the trial, whether its instance serves the calls or not', async () => {
  for (const fields of ['', '(func (export "__wasm_call_ctors"))']) {
    const plugin = buildPlugin(await wat(logging(fields)));
    assert.is(plugin.fuelConsumed, 0);
    assert.is(failureOf(PluginCallError, () => plugin.call('trap')).kind, 'Trap');
    assert.is(plugin.fuelConsumed, 1);
    assert.equal([...plugin.call('run')], []);
  }
});

instances('variables that the trial set are there in the call that its instance serves', async () => {
  const wasm = await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
    (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
    (func $s (call $var_set (i64.const 0) (call $alloc (i64.const 1)))) (start $s)
    (func (export "run") (result i32) (i64.eqz (call $var_get (i64.const 0)))))`);
  const plugin = buildPlugin(wasm);
  plugin.call('run');
  plugin.call('run');
});

const trap = 'unreachable';
const failing: readonly (readonly [what: string, fields: string])[] = [
  ['a start function that traps', `(func $s ${trap}) (start $s)`],
  ['_initialize that traps', `(func (export "_initialize") ${trap})`],
  ['_initialize that never returns from recursion', '(func $f (export "_initialize") call $f)'],
  ['data beyond the memory', '(memory 1) (data (i32.const 65536) "a")'],
  ['elements beyond the table', '(table 1 funcref) (func $f) (elem (i32.const 1) $f)'],
];
for (const [what, fields] of failing) {
  instances(`${what}: not built`, async () => {
    const wasm = await wat(`(module ${fields} (func (export "run")))`);
    const thrown = failureOf(BuildPluginError, () => buildPlugin(wasm));
    assert.is(thrown.kind, 'InstantiationFailed');
    if (thrown.kind === 'InstantiationFailed') assert.ok(thrown.reason.length > 0);
  });
}

instances('a host function that throws while the plugin is built is the reason', async () => {
  const wasm = await wat(`(module ${note} (func (export "_initialize") (call $note (i32.const 1))))`);
  const gone = hostFunction('note', ['i32'], [], () => {
    throw new Error('the host is gone');
  });
  assert.equal(
    failureOf(BuildPluginError, () => buildPlugin(wasm, { functions: [gone] })),
    {
      kind: 'InstantiationFailed',
      reason: 'note: the host is gone',
    },
  );
});

const types: readonly (readonly [type: string, found: string])[] = [
  ['(param i32)', '(i32) -> ()'],
  ['(result i32)', '() -> (i32)'],
];
for (const [type, found] of types) {
  instances(`_initialize of type ${found} is refused`, async () => {
    const wasm = await wat(`(module (func (export "_initialize") ${type} unreachable))`);
    assert.equal(
      failureOf(BuildPluginError, () => buildPlugin(wasm)),
      { kind: 'InitializeType', found },
    );
  });
}

const notFunctions: readonly (readonly [name: string, fields: string, found: string])[] = [
  ['_initialize', '(global (export "_initialize") i32 (i32.const 0))', 'global'],
  ['_start', '(memory (export "_start") 1)', 'memory'],
  ['_start', '(table (export "_start") 1 funcref) (func (export "run"))', 'table'],
];
for (const [name, fields, found] of notFunctions) {
  instances(`a ${found} as ${name} is refused`, async () => {
    const wasm = await wat(`(module ${fields})`);
    for (const source of [wasm, preparedModule(wasm)]) {
      const failure = failureOf(BuildPluginError, () => buildPlugin(source));
      assert.equal(failure, { kind: 'ExportNotFunction', name, found });
    }
  });
}

instances('_start with _initialize is refused, whatever their kinds', async () => {
  const both = await wat('(module (func (export "_start")) (func (export "_initialize")))');
  assert.equal(
    failureOf(BuildPluginError, () => buildPlugin(both)),
    { kind: 'StartAndInitialize' },
  );
  assert.equal(
    failureOf(BuildPluginError, () => buildPlugin(preparedModule(both))),
    {
      kind: 'StartAndInitialize',
    },
  );
  const odd = await wat('(module (global (export "_start") i32 (i32.const 0)) (func (export "_initialize")))');
  assert.is(failureOf(BuildPluginError, () => buildPlugin(odd)).kind, 'StartAndInitialize');
});

const haskellTypes: readonly (readonly [type: string, found: string])[] = [
  ['', '() -> ()'],
  ['(param i32)', '(i32) -> ()'],
  ['(param i32 i32 i32)', '(i32, i32, i32) -> ()'],
  ['(param i32 i64)', '(i32, i64) -> ()'],
  ['(param f32 f32) (result i32)', '(f32, f32) -> (i32)'],
];
for (const [type, found] of haskellTypes) {
  instances(`hs_init of type ${found} fails every call, and is not run`, async () => {
    const { plugin, noted } = await noting(
      `(func (export "hs_init") ${type} (call $note (i32.const 1)) unreachable) ${noter('_initialize', 2)} ${run}`,
    );
    assert.equal(noted.splice(0), [2]);
    for (let count = 0; count < 2; count++) {
      const reason = `hs_init must take two parameters of type i32, but its type is ${found}`;
      assert.equal(
        failureOf(PluginCallError, () => plugin.call('run')),
        { kind: 'Instantiate', reason },
      );
      assert.equal(noted.splice(0), [2]);
    }
  });
}

instances('hs_init may have results', async () => {
  const results = '(result i32 f64) (call $note (i32.const 1)) (i32.const 1) (f64.const 2)';
  const { plugin, noted } = await noting(`(func (export "hs_init") (param i32 i32) ${results}) ${run}`);
  plugin.call('run');
  assert.equal(noted, [1, 100]);
});

instances('if only the engine knows the type of hs_init, its number of parameters is checked', async () => {
  for (const [type, kind] of [
    ['(param i32 i32)', undefined],
    ['(param i32)', 'Instantiate'],
  ] as const) {
    const wasm = await wat(`(module (func (export "hs_init") ${type}) (func (export "run")))`);
    const compiled = compilePlugin(new WebAssembly.Module(new Uint8Array(wasm)), { metering: false });
    const plugin = buildPlugin(compiled);
    if (kind === undefined) plugin.call('run');
    else assert.is(failureOf(PluginCallError, () => plugin.call('run')).kind, kind);
  }
});

instances('a module with _start is not tried when it is built', async () => {
  const wasm = await wat(`(module (func $s ${trap}) (start $s) (func (export "_start")))`);
  const plugin = buildPlugin(wasm);
  for (let count = 0; count < 2; count++) {
    assert.is(failureOf(PluginCallError, () => plugin.call('_start')).kind, 'Instantiate');
  }
});

instances('a failed initialisation is repeated at the next call, on a new instance', async () => {
  let attempts = 0;
  const flaky = hostFunction('note', ['i32'], [], () => {
    attempts++;
    if (attempts === 2) throw new Error('not now');
  });
  // The first attempt is the trial instance, when it is built.
  const wasm = await wat(`(module ${note}
    (global $count (mut i32) (i32.const 0))
    (func (export "_initialize")
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (call $note (i32.const 0)))
    (func (export "run") (result i32) (i32.sub (global.get $count) (i32.const 1))))`);
  const plugin = buildPlugin(wasm, { functions: [flaky] });
  assert.equal(
    failureOf(PluginCallError, () => plugin.call('run')),
    { kind: 'Instantiate', reason: 'note: not now' },
  );
  plugin.call('run');
  assert.is(attempts, 3);
});

const lookups: readonly (readonly [name: string, failure: object])[] = [
  ['absent', { kind: 'FunctionNotFound', function: 'absent' }],
  ['', { kind: 'FunctionNotFound', function: '' }],
  ['memory', { kind: 'FunctionNotFound', function: 'memory' }],
  ['toString', { kind: 'FunctionNotFound', function: 'toString' }],
  ['__proto__', { kind: 'FunctionNotFound', function: '__proto__' }],
  ['with parameter', { kind: 'HasParameters', function: 'with parameter', params: 1 }],
  ['with both', { kind: 'HasParameters', function: 'with both', params: 2 }],
  ['with two', { kind: 'TooManyResults', function: 'with two', results: 2 }],
];
for (const [name, expected] of lookups) {
  instances(`the export "${name}" cannot be called`, async () => {
    const wasm = await wat(`(module
      (memory (export "memory") 1)
      (func (export "with parameter") (param i64))
      (func (export "with both") (param i32 i32) (result i32 i32) unreachable)
      (func (export "with two") (result i32 i32) unreachable))`);
    assert.equal(
      failureOf(PluginCallError, () => buildPlugin(wasm).call(name)),
      expected,
    );
  });
}

instances('an export may have any name', async () => {
  for (const name of ['', '__proto__', 'constructor', '🙂', 'a\u0000b']) {
    const plugin = buildPlugin(await wat(`(module (func (export ${literal(new TextEncoder().encode(name))})))`));
    assert.is(plugin.call(name).length, 0);
    assert.ok(plugin.functionExists(name));
  }
});

instances('for a module compiled elsewhere the engine knows the parameters', async () => {
  const bytes = await wat('(module (func (export "f") (param i64)) (func (export "g")))');
  const plugin = buildPlugin(preparedModule(bytes));
  assert.equal(
    failureOf(PluginCallError, () => plugin.call('f')),
    { kind: 'HasParameters', function: 'f', params: 1 },
  );
  plugin.call('g');
});

instances.run();
