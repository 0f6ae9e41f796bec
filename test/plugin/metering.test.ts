import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction, kernelFunctionNames, kernelFunctions } from '../../src/kernel/index.ts';
import {
  type BuildFailure,
  BuildPluginError,
  buildPlugin,
  type CallFailure,
  compilePlugin,
  type Plugin,
  PluginCallError,
  type PluginOptions,
} from '../../src/plugin/index.ts';
import { readModuleIdentity } from '../../src/protocol/identity.ts';
import { whileReplaced } from '../support/environment.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { engineHas } from '../support/features.ts';
import { fixture } from '../support/fixture.ts';
import { plugin, pluginModule, preparedModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const metering = suite('budgets of a plugin');

const failing = (built: Plugin, name = 'run', input = ''): CallFailure =>
  failureOf(PluginCallError, () => built.call(name, input));

/** Why a module cannot be built. */
const unbuilt = (wasm: Parameters<typeof buildPlugin>[0], options: PluginOptions = {}): BuildFailure =>
  failureOf(BuildPluginError, () => buildPlugin(wasm, options));

const endings: readonly (readonly [what: string, body: string, options: PluginOptions, kind: CallFailure['kind']])[] = [
  ['a loop without end', '(loop $again (br $again))', { fuel: 10_000 }, 'OutOfFuel'],
  ['a loop without end, on the clock', '(loop $again (br $again))', { fuel: Infinity, wallMs: 20 }, 'Timeout'],
  ['recursion without end', '(call $forever)', {}, 'StackOverflow'],
  ['memory.grow past the budget', '(drop (memory.grow (i32.const 3)))', { memoryMaxPages: 2 }, 'OutOfMemory'],
  [
    'memory.grow page by page',
    '(loop $again (drop (memory.grow (i32.const 1))) (br $again))',
    { memoryMaxPages: 20 },
    'OutOfMemory',
  ],
  ['alloc past the budget', '(drop (call $alloc (i64.const 200000)))', { memoryMaxPages: 2 }, 'OutOfMemory'],
  [
    'alloc in small blocks',
    '(loop $again (drop (call $alloc (i64.const 1000))) (br $again))',
    { memoryMaxPages: 2 },
    'OutOfMemory',
  ],
  [
    'what alloc leaves is too little for memory.grow',
    '(drop (call $alloc (i64.const 100000))) (drop (memory.grow (i32.const 2)))',
    { memoryMaxPages: 2 },
    'OutOfMemory',
  ],
  ['table.grow past 100,000 entries', '(drop (table.grow (ref.null func) (i32.const 99991)))', {}, 'OutOfMemory'],
];
for (const [what, body, options, kind] of endings) {
  metering(`${what} is ${kind}, and the plugin is usable afterwards`, async () => {
    const fields = `(table 10 funcref) (func $forever (call $forever)) (func (export "run") ${body})
      (func (export "echo") (call $output_set (call $input_offset) (call $input_length)))`;
    const built = await plugin(fields, options);
    for (let round = 0; round < 3; round++) {
      assert.is(failing(built).kind, kind);
      assert.is(built.callText('echo', 'hello'), 'hello');
    }
  });
}

metering('the budget covers growth of both plugin and kernel memory', async () => {
  const grow = '(func (export "grow") (result i32) (i32.sub (memory.grow (i32.const 1)) (memory.size)))';
  const built = await plugin(`${grow} (func (export "run") (drop (call $alloc (i64.const 70000))))`, {
    memoryMaxPages: 2,
  });
  built.call('run');
  assert.equal(failing(built, 'grow'), { kind: 'NonZeroExit', code: -1 });
  built.call('run');
  assert.is(failing(built, 'grow').kind, 'OutOfMemory');
  built.call('run');
});

metering('an input that exceeds the memory budget is OutOfMemory', async () => {
  const built = await plugin('(func (export "run"))', { memoryMaxPages: 1 });
  assert.is(failing(built, 'run', 'x'.repeat(200_000)).kind, 'OutOfMemory');
  built.call('run', 'x'.repeat(60_000));
});

metering('each instance of a command has a kernel of its own, and memory to grow by', async () => {
  const built = await plugin(
    '(func (export "_start") (drop (call $alloc (i64.add (call $memory_bytes) (i64.const 1)))))',
    {
      memoryMaxPages: 3,
    },
  );
  // Each call makes a new instance, and doubles the kernel's memory.
  const kinds = Array.from({ length: 5 }, () => {
    try {
      built.call('_start');
      return 'fine';
    } catch (error) {
      return error instanceof PluginCallError ? error.failure.kind : 'other';
    }
  });
  assert.is(kinds.join(), 'fine,fine,fine,fine,fine');
});

const tooManyPages = (found: number, max: number) => ({
  kind: 'OutOfMemory',
  reason:
    `the module initially has ${found} pages of memory, ` + `at most ${max} are allowed (option initialMemoryMaxPages)`,
});
const tooManyEntries = (found: number, max: number) => ({
  kind: 'OutOfMemory',
  reason: `the module initially has ${found} table entries, at most ${max} are allowed (option tableMaxEntries)`,
});

metering('initial memories and tables that are too large are a build error', async () => {
  assert.equal(unbuilt(await wat('(module (memory 33))')), tooManyPages(33, 32));
  assert.equal(unbuilt(await wat('(module (memory 3))'), { memoryMaxPages: 2 }), tooManyPages(3, 2));
  buildPlugin(await wat('(module (memory 32))'));
  buildPlugin(await wat('(module (memory 33))'), { memoryMaxPages: 33 });
  for (const table of ['(table 100001 funcref)', '(table 50000 funcref) (table 50001 externref)']) {
    assert.equal(unbuilt(await wat(`(module ${table})`)), tooManyEntries(100_001, 100_000));
  }
  // Instantiating this one would end the process.
  const hostile = await wat(`(module ${'(table 10000000 funcref)'.repeat(50)})`);
  for (const source of [hostile, compilePlugin(hostile), preparedModule(hostile)]) {
    assert.equal(unbuilt(source), tooManyEntries(500_000_000, 100_000));
  }
  buildPlugin(await wat('(module (table 100000 funcref))'));
});

metering('initial memory is bounded separately from growth', async () => {
  const wasm = await wat(`(module (memory 40)
    (func (export "run") (result i32) (i32.sub (memory.grow (i32.const 2)) (i32.const 40))))`);
  for (const source of [wasm, preparedModule(wasm)]) {
    const built = buildPlugin(source, { initialMemoryMaxPages: 40, memoryMaxPages: 2 });
    built.call('run');
    assert.is(failing(built).kind, 'OutOfMemory');
    assert.equal(unbuilt(source, { initialMemoryMaxPages: 39, memoryMaxPages: 100 }), tooManyPages(40, 39));
    // Initially less than by growth.
    assert.equal(unbuilt(source, { initialMemoryMaxPages: 0, memoryMaxPages: Infinity }), tooManyPages(40, 0));
  }
});

metering('an option bounds the entries of tables, initially and by growth', async () => {
  const wasm = await wat(`(module (table 3 funcref)
    (func (export "run") (result i32) (i32.sub (table.grow (ref.null func) (i32.const 2)) (i32.const 3))))`);
  const built = buildPlugin(wasm, { tableMaxEntries: 6 });
  built.call('run');
  assert.is(failing(built).kind, 'OutOfMemory');
  assert.equal(unbuilt(wasm, { tableMaxEntries: 2 }), tooManyEntries(3, 2));
  buildPlugin(await wat('(module (table 200000 funcref))'), { tableMaxEntries: 200_000 });
});

const refused: readonly (readonly [what: string, text: string])[] = [
  [
    'memory.atomic.wait32',
    '(memory 1) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))',
  ],
  [
    'memory.atomic.wait64',
    '(memory 1) (func (drop (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1))))',
  ],
  ['shared memory', '(memory 1 1 shared)'],
];
for (const [feature, fields] of refused) {
  metering(`${feature} is refused`, async () => {
    const failure = unbuilt(await wat(`(module ${fields})`));
    assert.is(failure.kind, 'FeatureRefused');
    if (failure.kind === 'FeatureRefused') assert.is(failure.feature, feature);
  });
}

metering('shared memory may be allowed, but waiting on it may not', async () => {
  compilePlugin(await wat('(module (memory 1 1 shared))'), { allowSharedMemory: true });
  const waiting = '(func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))';
  const wasm = await wat(`(module (memory 1 1 shared) ${waiting})`);
  assert.is(failureOf(BuildPluginError, () => compilePlugin(wasm, { allowSharedMemory: true })).kind, 'FeatureRefused');
});

metering('objects of garbage collection are refused, unless they are allowed', async () => {
  if (!(await engineHas('garbage collection'))) return;
  const wasm = await wat(`(module (type $a (array i64))
    (func (export "run") (loop $again (drop (array.new_default $a (i32.const 100000))) (br $again))))`);
  assert.is(unbuilt(wasm).kind, 'FeatureRefused');
  assert.is(failing(buildPlugin(compilePlugin(wasm, { allowGc: true }))).kind, 'OutOfMemory');
});

/** The fuel of a call: the entry, its instructions, and the kernel functions as in their table. */
const costs: readonly (readonly [what: string, body: string, fuel: number])[] = [
  ['nothing', '', 1],
  ['a constant that is dropped', '(drop (i32.const 1))', 2],
  ['a block, a nop and a return', '(block nop (return))', 1],
  ['ten rounds of a loop', '(loop $l (br_if $l (local.tee $n (i32.add (local.get $n) (i32.const 1)))) )', 1 + 5],
  ['a call of another function', '(call $two)', 1 + 1 + 2],
  ['memory.fill of a whole page', '(memory.fill (i32.const 0) (i32.const 0) (i32.const 65536))', 1 + 4],
  ...kernelFunctionNames.map((name) => {
    const { params, results, fuel } = kernelFunctions[name];
    const call = `(call $${name} ${params.map(({ type }) => `(${type}.const 0)`).join(' ')})`;
    return [name, results.length > 0 ? `(drop ${call})` : call, 1 + params.length + 1 + fuel] as const;
  }),
];
for (const [what, body, fuel] of costs) {
  metering(`${what} burns ${fuel} fuel, and a budget of exactly that is too small`, async () => {
    const wasm = compilePlugin(
      await pluginModule(
        `(func $two (drop (i32.const 1))) (func (export "run") (local $n i32) (local.set $n (i32.const -1)) ${body})`,
      ),
    );
    // Setting the local costs two more; the loop leaves it at 0 after one iteration.
    const cost = fuel + 2;
    const refusal = what === 'http_request' ? 'KernelFunction' : undefined;
    const kindOf = (built: Plugin): string | undefined => {
      try {
        built.call('run');
        return undefined;
      } catch (error) {
        if (error instanceof PluginCallError) return error.failure.kind;
        throw error;
      }
    };
    for (const enough of [cost + 1, 1e6, Infinity]) {
      const built = buildPlugin(wasm, { fuel: enough });
      for (let round = 0; round < 2; round++) {
        assert.is(kindOf(built), refusal);
        assert.is(built.fuelConsumed, cost);
      }
    }
    for (const tooLittle of [cost, cost - 1, 0]) {
      const built = buildPlugin(wasm, { fuel: tooLittle });
      assert.is(kindOf(built), 'OutOfFuel');
      assert.is(built.fuelConsumed, tooLittle);
    }
  });
}

metering('a host function costs only its call instruction, and no fuel is burnt before the first call', async () => {
  const functions = [hostFunction('f', ['i32'], [], () => undefined)];
  const imports = '(import "extism:host/user" "f" (func $f (param i32)))';
  const built = await plugin('(func (export "run") (call $f (i32.const 1)))', { functions }, imports);
  assert.is(built.fuelConsumed, 0);
  built.call('run');
  assert.is(built.fuelConsumed, 3);
  built.dispose();
  assert.is(built.fuelConsumed, 3);
});

const starting = `
  (func $s (drop (i32.const 1))) (start $s)
  (func (export "_initialize") (drop (i32.const 1)))
  (func (export "hs_init") (param i32 i32) (drop (local.get 0)))
  (func (export "run"))`;

metering('building, initialisation and each call have separate budgets of fuel', async () => {
  const wasm = await wat(`(module ${starting})`);
  const built = buildPlugin(wasm);
  assert.is(built.fuelConsumed, 0);
  built.call('run');
  assert.is(built.fuelConsumed, 1);
  // Initialisation burns 6. With a budget of 7 it succeeds, and so does the call, which burns 1.
  const tight = buildPlugin(wasm, { fuel: 7 });
  tight.call('run');
  assert.is(tight.fuelConsumed, 1);
  for (let fuel = 5; fuel < 7; fuel++) {
    const short = buildPlugin(wasm, { fuel });
    // The instance was not fully initialised: each call starts again.
    for (let count = 0; count < 2; count++) {
      assert.is(failing(short).kind, 'OutOfFuel');
      assert.is(short.fuelConsumed, fuel);
    }
  }
  assert.is(unbuilt(wasm, { fuel: 4 }).kind, 'InstantiationFailed');
});

metering('a call may burn what its initialisation burnt before', async () => {
  const spin =
    '(local $n i32) (loop $l (br_if $l ' +
    '(i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 100))))';
  const wasm = await wat(
    `(module (func $start ${spin}) (start $start) (func (export "_initialize") ${spin})
      (func (export "run") ${spin} ${spin.replace('(local $n i32)', '(local.set $n (i32.const 0))')}))`,
  );
  // The start function and _initialize burn 701 each. Together that leaves too little of one budget
  // of 1,410 for a call.
  const built = buildPlugin(wasm, { fuel: 1_410 });
  built.call('run');
  assert.is(built.fuelConsumed, 1_403);
  assert.is(unbuilt(wasm, { fuel: 1_402 }).kind, 'InstantiationFailed');
});

/** A host function that takes some time. */
const pause = (ms: number) =>
  hostFunction('pause', [], [], () => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  });
const pauseImport = '(import "extism:host/user" "pause" (func $pause))';

metering('start function, initialisers and the call that needs them share one deadline', async () => {
  const wasm = await wat(`(module ${pauseImport}
    (start $pause) (func (export "hs_init") (param i32 i32) (call $pause)) (func (export "run") (call $pause)))`);
  let now = 1;
  const takesTime = hostFunction('pause', [], [], () => {
    now += 300;
  });
  whileReplaced([[performance, 'now', () => now]], () => {
    // Two fit, three do not.
    const built = buildPlugin(wasm, { functions: [takesTime], wallMs: 750 });
    assert.is(failing(built).kind, 'Timeout');
    built.call('run');
  });
});

for (const [what, fields] of [
  ['start function', '(func $s (loop $again (br $again))) (start $s)'],
  ['_initialize', '(func (export "_initialize") (loop $again (br $again)))'],
] as const) {
  metering(`an endless ${what} is a build error, in time`, async () => {
    const wasm = await wat(`(module ${fields})`);
    assert.equal(unbuilt(wasm, { fuel: 10_000 }), {
      kind: 'InstantiationFailed',
      reason: 'plugin ran out of fuel (10,000 of 10,000 fuel)',
    });
    const began = performance.now();
    const late = unbuilt(wasm, { fuel: Infinity, wallMs: 50 });
    assert.match(Object(late).reason, /^timeout \([\d,]+ of 50 ms of wall-clock time\)$/);
    assert.ok(performance.now() - began < 2_000);
  });
}

metering(
  'an initialiser that exhausts a budget fails the first call with that kind, and runs again at the next',
  async () => {
    const kinds = {
      OutOfFuel: '(loop $l (br $l))',
      StackOverflow: '(call $f)',
      OutOfMemory: '(drop (memory.grow (i32.const 99)))',
    };
    for (const [kind, body] of Object.entries(kinds)) {
      const wasm = await wat(
        `(module (memory 1) (func $f (export "__wasm_call_ctors") ${body}) (func (export "run")))`,
      );
      const built = buildPlugin(wasm, { fuel: 1_000_000 });
      for (let round = 0; round < 2; round++) assert.is(failing(built).kind, kind);
    }
  },
);

/** A plugin that sets its error to "broken", then runs a body. */
const erring = (body: string, options: PluginOptions = {}, result = '') =>
  plugin(
    `(data (i32.const 16) "broken") (func (export "run") ${result}
      (call $error_set (call $block (i32.const 16) (i32.const 6))) ${body})`,
    options,
  );

metering(
  'with a budget of 0 or 1 every call is out of fuel, and a plugin without initialisation is built',
  async () => {
    const wasm = await wat('(module (func (export "run")) (func (export "more") nop (drop (i32.const 0))))');
    for (const fuel of [0, 1]) {
      const built = buildPlugin(wasm, { fuel });
      for (const name of ['run', 'more', 'run']) {
        assert.is(failing(built, name).kind, 'OutOfFuel');
        assert.is(built.fuelConsumed, fuel);
      }
      const initialised = await wat('(module (func (export "_initialize")) (func (export "run")))');
      assert.equal(unbuilt(initialised, { fuel }), {
        kind: 'InstantiationFailed',
        reason: `plugin ran out of fuel (${fuel} of ${fuel} fuel)`,
      });
    }
    const enough = buildPlugin(wasm, { fuel: 2 });
    enough.call('run');
    assert.is(enough.fuelConsumed, 1);
    assert.is(failing(enough, 'more').kind, 'OutOfFuel');
  },
);

metering('exhausted fuel is reported before the error, even if the export returned', async () => {
  const built = await erring('');
  assert.equal(failing(built), { kind: 'PluginError', message: 'broken' });
  const cost = built.fuelConsumed;
  assert.is(failing(await erring('', { fuel: cost + 1 })).kind, 'PluginError');
  assert.is(failing(await erring('', { fuel: cost })).kind, 'OutOfFuel');
});

metering('exhausted fuel is reported before an exit code', async () => {
  const fields = '(func (export "run") (result i32) (i32.const 7))';
  assert.equal(failing(await plugin(fields, { fuel: 3 })), { kind: 'NonZeroExit', code: 7 });
  assert.is(failing(await plugin(fields, { fuel: 2 })).kind, 'OutOfFuel');
});

for (const [kind, body, options] of [
  ['Timeout', '(loop $l (br $l))', { fuel: Infinity, wallMs: 20 }],
  ['OutOfFuel', '(loop $l (br $l))', { fuel: 10_000 }],
  ['OutOfMemory', '(drop (memory.grow (i32.const 99)))', {}],
] as const) {
  metering(`the error that was set before a ${kind} is its cause`, async () => {
    const built = await erring(body, options);
    const thrown = thrownBy(() => built.call('run'));
    assert.ok(thrown instanceof PluginCallError);
    if (!(thrown instanceof PluginCallError)) return;
    assert.is(thrown.failure.kind, kind);
    assert.ok(thrown.cause instanceof PluginCallError);
    if (thrown.cause instanceof PluginCallError) {
      assert.equal(thrown.cause.failure, { kind: 'PluginError', message: 'broken' });
    }
  });
}

metering('the clock is read each time that a host function returns', async () => {
  const built = await plugin(
    '(func (export "run") (call $pause))',
    { functions: [pause(50)], wallMs: 20 },
    pauseImport,
  );
  assert.is(failing(built).kind, 'Timeout');
});

const identity = '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"prepared","plugin_version":"1.0.0"}';

metering("a module made from prepared bytes keeps the plugin's identity, imports and exports", async () => {
  const fields = `(func (export "run") (call $output_set (call $input_offset) (call $input_length)))
    (func (export "count") (param i32)) (func $s (global.set $g (i32.const 5))) (start $s)
    (global $g (mut i32) (i32.const 0)) (func (export "g") (result i32) (global.get $g))
    (@custom "cc_lb.plugin.v1" ${JSON.stringify(identity)})`;
  const original = await pluginModule(fields);
  const module = preparedModule(original);
  assert.is(readModuleIdentity(module).plugin_name, 'prepared');
  const [compiled, fromBytes] = [compilePlugin(module), compilePlugin(original)];
  const names = (of: typeof compiled) => [
    of.imports.map(({ module: from, name, kind }) => [from, name, kind]),
    [...of.exports.values()].map(({ name, kind }) => [name, kind]),
  ];
  assert.equal(names(compiled), names(fromBytes));
  const [built, reference] = [buildPlugin(compiled), buildPlugin(fromBytes)];
  for (const each of [built, reference]) {
    assert.is(each.callText('run', 'hello'), 'hello');
    assert.equal(failing(each, 'g'), { kind: 'NonZeroExit', code: 5 });
    for (const name of ['meter counter', 'meter start', 'memory', 'absent']) {
      assert.not(each.functionExists(name));
      assert.is(failing(each, name).kind, 'FunctionNotFound');
    }
  }
  assert.is(built.fuelConsumed, reference.fuelConsumed);
});

for (const [section, told] of [
  ['"cc_lb.metering" "{}"', /its section cc_lb\.metering is damaged: prepare the plugin again$/],
  ['"cc_lb.metering" "7"', /its section cc_lb\.metering is damaged: prepare the plugin again$/],
  ['"cc_lb.metering" "{\\"version\\":\\"4\\"}"', /its section cc_lb\.metering is damaged: prepare the plugin again$/],
  [
    '"cc_lb.metering" "{\\"version\\":5}"',
    /a newer version of this package wrote its section cc_lb\.metering \(5, this one reads 4\): update this package/,
  ],
  [
    '"cc_lb.metering.v3" "{\\"version\\":3}"',
    /an older version of this .* cc_lb\.metering \(3, this one reads 4\): prepare the plugin again/,
  ],
] as const) {
  metering(`a forged metering section is refused: ${section}`, async () => {
    const forged = await wat(`(module (@custom ${section}) (func (export "run") (loop $l (br $l))))`);
    assert.is(unbuilt(forged).kind, 'AlreadyPrepared');
    const module = new WebAssembly.Module(new Uint8Array(forged));
    const failure = failureOf(BuildPluginError, () => buildPlugin(module));
    assert.is(failure.kind, 'NotPrepared');
    assert.match(failure.kind === 'NotPrepared' ? failure.reason : '', told);
  });
}

metering('the pages of memory are those at first and what has grown since, without a limit too', async () => {
  const text = '(memory 2) (func (export "run") (drop (memory.grow (i32.const 3))))';
  for (const memoryMaxPages of [100, Infinity]) {
    const built = buildPlugin(await wat(`(module ${text})`), { memoryMaxPages });
    const pages = [built.memoryPages];
    for (let call = 0; call < 2; call++) {
      built.call('run');
      pages.push(built.memoryPages);
    }
    assert.equal(pages, [2, 5, 8]);
  }
  const short = buildPlugin(await wat(`(module ${text})`), { memoryMaxPages: 2 });
  assert.is(failing(short).kind, 'OutOfMemory');
  assert.is(short.memoryPages, 2, 'what was refused is not counted');
});

metering('without metering the original runs, and its fuel is unknown', async () => {
  const wasm = await pluginModule('(func (export "run") (drop (memory.grow (i32.const 100))))');
  const original = new WebAssembly.Module(new Uint8Array(wasm));
  for (const source of [wasm, original]) {
    const compiled = compilePlugin(source, { metering: false });
    assert.is(WebAssembly.Module.exports(compiled.module).length, 2);
    const built = buildPlugin(compiled, { fuel: 0, memoryMaxPages: 0 });
    built.call('run');
    assert.ok(Number.isNaN(built.fuelConsumed));
    assert.ok(Number.isNaN(built.memoryPages));
  }
  assert.is(unbuilt(original as never).kind, 'NotPrepared');
});

metering(
  'a plugin that is disposed while it is instantiated finishes the call, metered, and is then released',
  async () => {
    const functions = [hostFunction('dispose', [], [], () => built?.dispose())];
    const imports = '(import "extism:host/user" "dispose" (func $dispose))';
    const fields = `(func (export "_initialize") (call $dispose))
    (func (export "run") (call $output_set (call $input_offset) (call $input_length)))
    (func (export "endless") (loop $again (br $again)))`;
    let built: Plugin | undefined;
    built = await plugin(fields, { functions }, imports);
    assert.is(built.callText('run', 'last'), 'last');
    assert.is(failing(built).kind, 'Disposed');
    built = undefined;
    built = await plugin(fields, { functions, fuel: 10_000 }, imports);
    assert.is(failing(built, 'endless').kind, 'OutOfFuel');
    assert.is(built.fuelConsumed, 10_000);
    assert.is(failing(built).kind, 'Disposed');
  },
);

metering('the fixtures answer the same, metered or not', async () => {
  for (const path of ['behaviour/echo.wasm', 'behaviour/echo-u64.wasm']) {
    const wasm = await fixture(path);
    const [metered, original] = [buildPlugin(wasm), buildPlugin(compilePlugin(wasm, { metering: false }))];
    for (const input of ['', 'x', 'y'.repeat(10_000)]) {
      assert.equal(metered.call('run', input), original.call('run', input));
    }
  }
});

metering.run();
