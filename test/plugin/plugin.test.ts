import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import { type BuildFailure, BuildPluginError } from '../../src/plugin/build-error.ts';
import { type CallFailure, PluginCallError } from '../../src/plugin/call-error.ts';
import { buildPlugin, compilePlugin, preparePlugin } from '../../src/plugin/compile.ts';
import { Plugin } from '../../src/plugin/plugin.ts';
import type { LogEvent } from '../../src/telemetry.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { plugin, pluginModule, preparedModule } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const plugins = suite('plugin');

/** Answers with its input, straight from kernel memory. */
const echo = '(func (export "echo") (call $output_set (call $input_offset) (call $input_length)))';

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

plugins('call answers with a copy of the output', async () => {
  const echoing = await plugin(echo);
  const first = echoing.call('echo', 'hello');
  assert.instance(first, Uint8Array);
  assert.is(text(first), 'hello');
  assert.is(first.buffer.byteLength, 5);
  echoing.call('echo', 'other');
  assert.is(text(first), 'hello');
});

const inputs: readonly (readonly [what: string, input: string | Uint8Array | undefined, output: string])[] = [
  ['nothing given', undefined, ''],
  ['empty text', '', ''],
  ['no bytes', new Uint8Array(), ''],
  ['text of all widths', 'a ß € 🙂 \0', 'a ß € 🙂 \0'],
  ['a byte order mark', '\uFEFFx', '\uFEFFx'],
  ['lone surrogates', '\uD800a\uDFFF', '\uFFFDa\uFFFD'],
  ['bytes', new Uint8Array([0x68, 0x69]), 'hi'],
  ['part of a buffer', new Uint8Array([1, 0x68, 0x69, 2]).subarray(1, 3), 'hi'],
  ['megabytes of text', 'é'.repeat(1_500_000), 'é'.repeat(1_500_000)],
];
for (const [what, input, output] of inputs) {
  plugins(`input: ${what}`, async () => {
    const echoing = await plugin(echo, { memoryMaxPages: 100 });
    assert.is(text(echoing.call('echo', input)), output);
    assert.is(echoing.callText('echo', input), output);
    assert.is(echoing.call('echo').length, 0);
  });
}

plugins('lastUse is that of the latest call, whatever the calls before used', async () => {
  const code = `${echo} (func (export "trap") unreachable)`;
  const echoing = await plugin(code, { memoryMaxPages: 10 });
  const used = (name: string, input?: string | Uint8Array): readonly number[] => {
    try {
      echoing.call(name, input);
    } catch (error) {
      if (!(error instanceof PluginCallError)) throw error;
    }
    const { fuel, requestBytes, responseBytes } = echoing.lastUse;
    assert.is(fuel, echoing.fuelConsumed);
    return [requestBytes, responseBytes];
  };
  assert.equal(used('echo', 'é!'), [3, 3]);
  assert.equal(used('trap', 'ab'), [2, 0]);
  assert.equal(used('echo', new Uint8Array(7)), [7, 7]);
  assert.equal(used('echo'), [0, 0]);
  assert.equal(used('echo', 'abc'), [3, 3]);
  assert.equal(used('echo', new Uint8Array(20 * 65_536)), [0, 0], 'there is no memory for it');
  assert.equal(used('echo', 'abc'), [3, 3]);
  echoing.dispose();
  assert.equal(used('echo', 'abcd'), [3, 3], 'a call that does not begin changes nothing');
});

plugins('input: several megabytes of bytes, then a small one', async () => {
  const echoing = await plugin(echo, { memoryMaxPages: 100 });
  const bytes = Uint8Array.from({ length: 4_000_001 }, (_, index) => index % 251);
  assert.equal(echoing.call('echo', bytes), bytes);
  assert.is(echoing.callText('echo', 'small'), 'small');
});

for (const path of ['behaviour/echo.wasm', 'behaviour/echo-u64.wasm']) {
  plugins(`${path} answers with its input, of any length`, async () => {
    const echoing = buildPlugin(await fixture(path));
    for (const length of [0, 1, 7, 8, 9, 15, 16, 17, 1000, 100_003]) {
      const input = 'abcdefghijk'.repeat(10_000).slice(0, length);
      assert.is(echoing.callText('run', input), input);
    }
  });
}

plugins('callView is valid until the next call', async () => {
  const echoing = await plugin(echo);
  const view = echoing.callView('echo', 'hello');
  assert.is(text(view), 'hello');
  const byte = view.slice();
  echoing.call('echo', '');
  assert.is.not(text(view), 'hello');
  assert.is(text(byte), 'hello');
});

plugins('a view of the last output may be the next input', async () => {
  const echoing = await plugin(echo);
  assert.is(text(echoing.callView('echo', echoing.callView('echo', 'hello'))), 'hello');
  assert.is(text(echoing.callView('echo', echoing.callView('echo', 'hello').subarray(1, 4))), 'ell');
});

plugins('a view of the last output may be the next input, of a class whose slice is a view too', async () => {
  // As Node's Buffer does.
  class Sliced extends Uint8Array<ArrayBuffer> {
    override slice(start?: number, end?: number) {
      return this.subarray(start, end);
    }
  }
  const built = await plugin(echo);
  const { buffer, byteOffset, byteLength } = built.callView('echo', 'over and over');
  assert.is(built.callText('echo', new Sliced(buffer, byteOffset, byteLength)), 'over and over');
});

plugins('an input larger than kernel memory can be is OutOfMemory', async () => {
  const built = await plugin(echo);
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(2 ** 32 + 5);
  } catch (error) {
    return console.log(`skipped: this engine has no array of 4 GiB: ${String(error)}`);
  }
  assert.is(failureOf(PluginCallError, () => built.call('echo', bytes)).kind, 'OutOfMemory');
  assert.is(built.callText('echo', 'and then'), 'and then');
});

plugins('the output may be any bytes of kernel memory, to its last', async () => {
  const built = await plugin(`
    (func (export "end") (local $end i64)
      (local.set $end (call $memory_bytes))
      (call $store_u64 (i64.sub (local.get $end) (i64.const 8)) (i64.const 0x6867666564636261))
      (call $output_set (i64.sub (local.get $end) (i64.const 8)) (i64.const 8)))
    (func (export "past") (call $output_set (i64.sub (call $memory_bytes) (i64.const 8)) (i64.const 9)))
    (func (export "twice")
      (call $output_set (call $input_offset) (i64.const 2))
      (call $output_set (i64.const 0) (i64.const 0)))`);
  assert.is(built.callText('end'), 'abcdefgh');
  assert.is(built.callText('past'), '');
  assert.is(built.callText('twice', 'abc'), 'ab');
});

plugins("without an output the result is empty, and the last call's output is gone", async () => {
  const built = await plugin(`${echo} (func (export "none"))`);
  built.call('echo', 'hello');
  assert.is(built.call('none', 'x').length, 0);
});

plugins('data of the last call in kernel memory cannot be read', async () => {
  const built = await plugin(`
    (func (export "leave") (call $store_u64 (i64.const 60000) (i64.const -1)))
    (func (export "look") (result i32) (local $at i64)
      (loop $next
        (if (call $load_u8 (local.get $at)) (then (return (i32.wrap_i64 (local.get $at)))))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br_if $next (i64.lt_u (local.get $at) (call $memory_bytes))))
      (i32.const 0))`);
  built.call('leave', 'a secret'.repeat(500));
  built.call('look');
  assert.is(failureOf(PluginCallError, () => built.call('look', 'x')).kind, 'NonZeroExit');
});

plugins('callText keeps a byte order mark, and refuses what is not UTF-8', async () => {
  const echoing = await plugin(echo);
  assert.is(echoing.callText('echo', new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), '\uFEFFa');
  assert.equal(
    failureOf(PluginCallError, () => echoing.callText('echo', new Uint8Array([0x61, 0xff]))),
    {
      kind: 'OutputNotUtf8',
      function: 'echo',
    },
  );
  assert.equal([...echoing.call('echo', new Uint8Array([0x61, 0xff]))], [0x61, 0xff]);
});

plugins('memory and globals are kept from call to call', async () => {
  const counting = await plugin(`
    (global $calls (mut i32) (i32.const 0))
    (func (export "count") (result i32)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.store8 (i32.const 100) (i32.add (i32.load8_u (i32.const 100)) (i32.const 2)))
      (i32.add (global.get $calls) (i32.load8_u (i32.const 100))))`);
  const code = (): unknown => failureOf(PluginCallError, () => counting.call('count'));
  assert.equal(
    [code(), code(), code()],
    [3, 6, 9].map((value) => ({ kind: 'NonZeroExit', code: value })),
  );
});

/** `set` stores its input as the variable v, `get` answers with it. */
const variables = `
  (data (i32.const 16) "v")
  (func (export "set") (call $var_set (call $block (i32.const 16) (i32.const 1)) (call $input_offset)))
  (func (export "get") (local $value i64)
    (local.set $value (call $var_get (call $block (i32.const 16) (i32.const 1))))
    (call $output_set (local.get $value) (call $length (local.get $value))))`;

plugins('variables are kept from call to call, within their limit', async () => {
  const built = await plugin(variables, { maxVarBytes: 2 * (48 + 1 + 5) });
  built.call('set', 'hello');
  assert.is(built.callText('get'), 'hello');
  assert.is(failureOf(PluginCallError, () => built.call('set', 'hello!')).kind, 'KernelFunction');
  assert.is(built.callText('get'), 'hello');
});

plugins('two plugins of one module share nothing', async () => {
  const compiled = compilePlugin(await pluginModule(`${variables} ${echo}`));
  const [one, two] = [buildPlugin(compiled), buildPlugin(compiled)];
  one.call('set', 'of one');
  const view = one.callView('echo', 'output of one');
  assert.is(two.callText('get'), '');
  two.call('set', 'of two');
  two.call('echo', 'output of two');
  assert.is(text(view), 'output of one');
  assert.is(one.callText('get'), 'of one');
  one.dispose();
  assert.is(two.callText('get'), 'of two');
});

plugins('config is what the plugin was built with', async () => {
  const fields = `(func (export "config") (local $value i64)
    (local.set $value (call $config_get (call $input_offset)))
    (call $output_set (local.get $value) (call $length (local.get $value))))`;
  const wasm = await pluginModule(fields);
  const built = buildPlugin(wasm, { config: { größe: '7 ß', ['__proto__']: 'own' } });
  assert.is(built.callText('config', 'größe'), '7 ß');
  assert.is(built.callText('config', '__proto__'), 'own');
  assert.is(built.callText('config', 'constructor'), '');
  assert.is(buildPlugin(wasm).callText('config', 'größe'), '');
});

const start = `
  (global $calls (mut i32) (i32.const 0))
  (func $count (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (global.get $calls))
  (func (export "count") (result i32) (call $count))
  ${variables}`;
const codeOf = (run: () => unknown): number => {
  const failure = failureOf(PluginCallError, run);
  return failure.kind === 'NonZeroExit' ? failure.code : 0;
};

for (const [what, body, ends] of [
  ['returned', '', undefined],
  ['trapped', 'unreachable', 'Trap'],
] as const) {
  plugins(`after _start ${what} the instance is made anew, and the variables are lost`, async () => {
    const command = await plugin(`${start} (func (export "_start") (drop (call $count)) ${body})`);
    command.call('set', 'hello');
    assert.equal([codeOf(() => command.call('count')), codeOf(() => command.call('count'))], [1, 2]);
    assert.is(command.callText('get'), 'hello');
    if (ends === undefined) command.call('_start');
    else assert.is(failureOf(PluginCallError, () => command.call('_start')).kind, ends);
    assert.is(command.callText('get'), '');
    assert.is(
      codeOf(() => command.call('count')),
      1,
    );
  });
}

plugins('a _start that cannot be called changes nothing', async () => {
  const command = await plugin(`${start} (func (export "_start") (param i32))`);
  command.call('set', 'hello');
  assert.is(failureOf(PluginCallError, () => command.call('_start')).kind, 'HasParameters');
  assert.is(command.callText('get'), 'hello');
});

plugins('the output of _start can be read', async () => {
  const command = await plugin('(func (export "_start") (call $output_set (call $input_offset) (call $input_length)))');
  assert.is(command.callText('_start', 'one'), 'one');
  assert.is(command.callText('_start', 'two'), 'two');
});

plugins('functionExists returns whether a protocol call may use an export', async () => {
  const built = await plugin(`
    (func (export "none")) (func (export "i32") (result i32) i32.const 0)
    (func (export "i64") (result i64) i64.const 0) (func (export "two") (result i32 i32) i32.const 0 i32.const 0)
    (func (export "param") (param i32)) (global (export "global") i32 (i32.const 0))`);
  const exist = (names: readonly string[]): string[] => names.filter((name) => built.functionExists(name));
  assert.equal(exist(['none', 'i32', 'i64', 'two', 'param', 'global', 'memory', 'absent', 'toString', '']), [
    'none',
    'i32',
  ]);
});

// What JavaScript callers may pass, although it is wrong.
const wrongArguments: readonly (readonly [what: string, name: unknown, input: unknown, argument: string])[] = [
  ['no name', undefined, '', 'name'],
  ['a number as name', 7, '', 'name'],
  ['null as input', 'echo', null, 'input'],
  ['a number as input', 'echo', 7, 'input'],
  ['an array as input', 'echo', [1, 2], 'input'],
  ['a buffer as input', 'echo', new ArrayBuffer(3), 'input'],
  ['a view of another kind as input', 'echo', new Uint16Array(3), 'input'],
];
for (const [what, name, input, argument] of wrongArguments) {
  plugins(`${what} is refused`, async () => {
    const echoing = await plugin(echo);
    // The cast passes what the type forbids, which is what this test is about.
    const failure = failureOf(PluginCallError, () => echoing.call(name as string, input as string));
    assert.is(failure.kind, 'InvalidArgument');
    if (failure.kind === 'InvalidArgument') assert.is(failure.argument, argument);
    assert.is(echoing.callText('echo', 'x'), 'x');
  });
}

plugins('a disposed plugin refuses every call; disposing again does nothing', async () => {
  const echoing = await plugin(echo);
  echoing.call('echo', 'x');
  echoing.dispose();
  echoing.dispose();
  echoing[Symbol.dispose ?? 'dispose']();
  for (const run of [() => echoing.call('echo'), () => echoing.callView('echo'), () => echoing.callText('absent')]) {
    assert.equal(failureOf(PluginCallError, run), { kind: 'Disposed' });
  }
});

/**
 * A plugin whose export `host` calls the host function of that name, and answers with its input.
 */
const calling = async (implementation: () => void) => {
  const functions = [hostFunction('host', [], [], implementation)];
  const imports = '(import "extism:host/user" "host" (func $host))';
  const fields = '(func (export "host") (call $host) (call $output_set (call $input_offset) (call $input_length)))';
  return await plugin(`${fields} ${echo}`, { functions }, imports);
};

plugins(
  'a host function cannot call back into the plugin, and the call continues if it catches the error',
  async () => {
    const failures: CallFailure[] = [];
    const built: Plugin = await calling(() => {
      for (const run of [
        () => built.call('echo', 'other'),
        () => built.callText('host'),
        () => built.callView('absent'),
      ]) {
        failures.push(failureOf(PluginCallError, run));
      }
    });
    assert.is(built.callText('host', 'mine'), 'mine');
    assert.equal(failures, [{ kind: 'Reentrant' }, { kind: 'Reentrant' }, { kind: 'Reentrant' }]);
    assert.is(built.callText('echo', 'x'), 'x');
  },
);

plugins("an error of another plugin that a host function throws is not reported as this plugin's failure", async () => {
  const inner = await plugin('(func (export "trap") unreachable)');
  const outer = await calling(() => void inner.call('trap'));
  const thrown = thrownBy(() => outer.call('host'));
  assert.instance(thrown, PluginCallError);
  if (!(thrown instanceof PluginCallError)) return;
  assert.is(thrown.failure.kind, 'HostFunction');
  assert.instance(thrown.cause, PluginCallError);
  if (thrown.cause instanceof PluginCallError) assert.is(thrown.cause.failure.kind, 'Trap');
});

plugins('plugins may call each other, each with its own kernel', async () => {
  const inner = await plugin(echo);
  let answer = '';
  const outer = await calling(() => {
    answer = inner.callText('echo', 'inner');
  });
  assert.is(outer.callText('host', 'outer'), 'outer');
  assert.is(answer, 'inner');
});

plugins('a plugin that is disposed during a call finishes the call, which is its last', async () => {
  const failures: CallFailure[] = [];
  const built: Plugin = await calling(() => {
    built.dispose();
    failures.push(failureOf(PluginCallError, () => built.call('echo')));
  });
  assert.is(built.callText('host', 'last'), 'last');
  assert.equal(failures, [{ kind: 'Disposed' }]);
  assert.equal(
    failureOf(PluginCallError, () => built.call('host')),
    { kind: 'Disposed' },
  );
});

plugins('logs reach the telemetry with level, target and name', async () => {
  const events: LogEvent[] = [];
  const telemetry = { log: (event: LogEvent) => void events.push(event), counter: () => undefined };
  const fields = `(func (export "log") (local $copy i64)
    (call $log_debug (i64.const 0))
    (call $log_error (call $input_offset)))
    (func (export "level") (result i32) (call $get_log_level))`;
  const wasm = await pluginModule(fields);
  const event = { level: 'error', target: 'cc_lb_plugin.log', message: 'a ß', fields: { plugin: 'mine' } };
  buildPlugin(wasm, { telemetry, name: 'mine' }).call('log', 'a ß');
  assert.equal(events.splice(0), [event]);
  buildPlugin(wasm, { telemetry, name: 'mine', logLevel: 'debug' }).call('log', 'a ß');
  assert.equal(events.splice(0), [{ ...event, level: 'debug', message: '' }, event]);
  buildPlugin(wasm, { telemetry, logLevel: 'off' }).call('log', 'a');
  buildPlugin(wasm).call('log', 'a');
  assert.equal(events, []);
  const levels = [{}, { telemetry }, { logLevel: 'trace' }, { telemetry, logLevel: 'off' }] as const;
  const told = levels.map((options) => {
    const built = buildPlugin(wasm, options);
    try {
      built.call('level');
      return 0;
    } catch (error) {
      return error instanceof PluginCallError && error.failure.kind === 'NonZeroExit' ? error.failure.code : -1;
    }
  });
  assert.equal(told, [2147483647, 2, 0, 2147483647]);
});

plugins('a telemetry that throws ends the call, and the next one is fine', async () => {
  let throws = true;
  const telemetry = {
    log: () => {
      if (throws) throw new Error('no room');
    },
    counter: () => undefined,
  };
  const built = await plugin(`(func (export "log") (call $log_info (call $input_offset))) ${echo}`, { telemetry });
  const failure = { kind: 'KernelFunction', function: 'log_info', reason: 'no room' };
  assert.equal(
    failureOf(PluginCallError, () => built.call('log', 'x')),
    failure,
  );
  throws = false;
  built.call('log', 'x');
  assert.is(built.callText('echo', 'x'), 'x');
});

plugins("host functions get the plugin's name and what it wrote", async () => {
  const seen: unknown[] = [];
  const functions = [
    hostFunction('meet', ['text', 'i64'], ['bytes'], (input, handle, context) => {
      seen.push(input, context.pluginName, text(context.readBytes(handle)));
      return new TextEncoder().encode(input.toUpperCase());
    }),
  ];
  const fields = `(func (export "meet") (local $answer i64)
    (local.set $answer (call $meet (call $input_offset) (call $input_offset)))
    (call $output_set (local.get $answer) (call $length (local.get $answer))))`;
  const imports = '(import "extism:host/user" "meet" (func $meet (param i64 i64) (result i64)))';
  const built = await plugin(fields, { functions, name: 'mine' }, imports);
  assert.is(built.callText('meet', 'hello'), 'HELLO');
  assert.equal(seen, ['hello', 'mine', 'hello']);
});

/** Every kind of failure of a call, in one plugin. */
const failingExports = `
  (data (i32.const 16) "broken") (data (i32.const 32) "\\ff")
  (func $forever (call $forever))
  (func (export "HasParameters") (param i32))
  (func (export "TooManyResults") (result i32 i32) unreachable)
  (func (export "StackOverflow") (call $forever))
  (func (export "HostFunction") (call $fails))
  (func (export "KernelFunction") (drop (call $var_get (i64.const 3))))
  (func (export "Trap") unreachable)
  (func (export "PluginError") (call $error_set (call $block (i32.const 16) (i32.const 6))))
  (func (export "ErrorMessageUnreadable") (call $error_set (call $block (i32.const 32) (i32.const 1))))
  (func (export "NonZeroExit") (result i32) (i32.const 3))
  (func (export "OutputNotUtf8") (call $output_set (call $block (i32.const 32) (i32.const 1)) (i64.const 1)))`;
const failingKinds = [...failingExports.matchAll(/export "(\w+)"/g)].map(([, kind]) => kind ?? '');

plugins('after every failure, and after all of them in any order, the plugin is usable', async () => {
  const functions = [
    hostFunction('fails', [], [], () => {
      throw new Error('no');
    }),
  ];
  const fields = `${failingExports} ${variables} ${echo}`;
  const built = await plugin(fields, { functions }, '(import "extism:host/user" "fails" (func $fails))');
  built.call('set', 'kept');
  assert.is(failingKinds.length, 10);
  const kinds = [...failingKinds, 'FunctionNotFound', 'InvalidArgument'];
  const provoke = (kind: string): void => {
    // What JavaScript callers may pass; as above.
    const run =
      kind === 'InvalidArgument' ? () => built.call(7 as unknown as string) : () => built.callText(kind, 'secret');
    const thrown = thrownBy(run);
    assert.instance(thrown, PluginCallError);
    if (!(thrown instanceof PluginCallError)) return;
    assert.is(thrown.failure.kind, kind);
    assert.not.match(thrown.message, 'secret');
  };
  for (const first of kinds) {
    provoke(first);
    assert.is(built.callText('echo', `after ${first}`), `after ${first}`);
    for (const second of kinds) provoke(second);
    assert.is(built.callText('get'), 'kept');
  }
});

/**
 * One module for each kind of failure of building. link.test.ts tests an engine that compiles
 * nothing, which is not a module's fault.
 */
const unbuildable: {
  readonly [K in Exclude<BuildFailure['kind'], 'CompilationRefused'>]: () => Promise<unknown>;
} = {
  InvalidArgument: async () => 7,
  MalformedModule: async () => new Uint8Array(3),
  InvalidModule: async () => await wat('(module (func (result i32)))'),
  AlreadyPrepared: async () => preparePlugin(await wat('(module)'), { kernel: 'instance' }),
  NotPrepared: async () => new WebAssembly.Module(new Uint8Array(await wat('(module)'))),
  OtherGeneration: async () => await fixture('hooks/filter/filter.wasm'),
  LimitExceeded: async () => await wat(`(module (func ${'(block '.repeat(4_001)} ${')'.repeat(4_001)}))`),
  FeatureRefused: async () => await wat('(module (memory 1 1 shared))'),
  OutOfMemory: async () => await wat('(module (memory 33))'),
  UnknownImports: async () => await wat('(module (import "env" "f" (func)))'),
  ImportNotFunction: async () => await wat('(module (import "extism:host/env" "alloc" (global i32)))'),
  ImportTypeMismatch: async () => await wat('(module (import "extism:host/env" "alloc" (func)))'),
  StartAndInitialize: async () => await wat('(module (func (export "_start")) (func (export "_initialize")))'),
  ExportNotFunction: async () => await wat('(module (memory (export "_start") 1))'),
  InitializeType: async () => await wat('(module (func (export "_initialize") (param i32)))'),
  InstantiationFailed: async () => await wat('(module (func $f unreachable) (start $f))'),
};
for (const [kind, make] of Object.entries(unbuildable)) {
  plugins(`not built: ${kind}`, async () => {
    const wasm = await make();
    // The cast passes what the type forbids, for InvalidArgument.
    assert.is(failureOf(BuildPluginError, () => buildPlugin(wasm as Uint8Array)).kind, kind);
  });
}

plugins('a plugin behaves the same built from bytes, from a module and from a compiled plugin', async () => {
  const bytes = new Uint8Array(await pluginModule(echo));
  const compiled = compilePlugin(bytes);
  const modules = [preparedModule(bytes), compiled.module];
  for (const wasm of [bytes, ...modules, compiled, compilePlugin(bytes, { metering: false })]) {
    const built = buildPlugin(wasm);
    assert.instance(built, Plugin);
    assert.is(built.callText('echo', 'x'), 'x');
    assert.ok(built.functionExists('echo'));
    assert.not(built.functionExists('memory'));
  }
});

plugins.run();
