import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, compilePlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import {
  HostFunctionError,
  type HostFunctionsContext,
  HostState,
  hostFunctions,
} from '../../src/protocol/host-functions.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { guest } from '../support/guest-wat.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const compiled = compilePlugin(await fixture('host-calls/host-calls.wasm'));

/** A plugin that makes one call of a host function for each call of its exports. */
function caller(context: Partial<HostFunctionsContext> = {}): Plugin {
  const defaults = { pluginName: 'guest', storageQuotaBytes: 100, state: new HostState() };
  return buildPlugin(compiled, { functions: hostFunctions({ ...defaults, ...context }) });
}

const call = (plugin: Plugin, name: string, input: object): Uint8Array => plugin.call(name, JSON.stringify(input));
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const reporting = suite('host functions that report');

for (const [given, level] of [
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
  ['fatal', 'info'],
  ['WARN', 'info'],
  ['', 'info'],
]) {
  reporting(`log at level '${given}'`, () => {
    const telemetry = recordedTelemetry();
    assert.is(call(caller({ telemetry }), 'log', { level: given, message: 'héllo' }).length, 0);
    const fields = { plugin: 'guest' };
    assert.equal(telemetry.events, [{ level, target: 'cc_lb_plugin.log', message: 'héllo', fields }]);
  });
}

reporting('raise a counter by up to 64 bits', () => {
  const telemetry = recordedTelemetry();
  const plugin = caller({ telemetry });
  plugin.call('metric_incr', '{"name":"calls","value":18446744073709551615}');
  plugin.call('metric_incr', '{"name":"calls","value":0}');
  const labels = { plugin: 'guest' };
  assert.equal(telemetry.counters, [
    { name: 'calls', value: 18446744073709551615n, labels },
    { name: 'calls', value: 0n, labels },
  ]);
});

reporting('report nowhere by default', () => {
  const plugin = caller();
  assert.is(call(plugin, 'log', { level: 'info', message: 'x' }).length, 0);
  assert.is(call(plugin, 'metric_incr', { name: 'x', value: 1 }).length, 0);
});

reporting('end the call if the telemetry throws', () => {
  const telemetry = {
    log: () => {
      throw new Error('the disk is full');
    },
    counter: () => undefined,
  };
  const plugin = caller({ telemetry });
  const failure = failureOf(PluginCallError, () => call(plugin, 'log', { level: 'info', message: 'x' }));
  assert.equal(failure, { kind: 'HostFunction', function: 'cc_lb_log', reason: 'the disk is full' });
  assert.is(call(plugin, 'now_unix_ms', {}).length, 8);
});

const storing = suite('host functions that store');

const put = (plugin: Plugin, key: string, value: string): Uint8Array =>
  call(plugin, 'storage_put', { key, value_base64: btoa(value) });
const get = (plugin: Plugin, key: string): string => text(call(plugin, 'storage_get', { key }));

storing('return what was stored, and no bytes for other keys', () => {
  const plugin = caller();
  assert.is(put(plugin, 'key', 'value').length, 0);
  assert.is(get(plugin, 'key'), 'value');
  assert.is(get(plugin, 'other'), '');
  put(plugin, 'key', '');
  assert.is(get(plugin, 'key'), '');
});

storing('share what is stored between instances with the same state and name', () => {
  const state = new HostState();
  const plugins = [caller({ state }), caller({ state }), caller({ state, pluginName: 'other' }), caller()];
  put(caller({ state }), 'key', 'value');
  assert.equal(
    plugins.map((plugin) => get(plugin, 'key')),
    ['value', 'value', '', ''],
  );
});

storing('refuse a value that exceeds the quota, and leave the plugin usable', () => {
  const plugin = caller({ storageQuotaBytes: 14 });
  put(plugin, 'key', 'value');
  const error = thrownBy(() => put(plugin, 'key', 'values'));
  assert.ok(error instanceof PluginCallError && error.failure.kind === 'HostFunction');
  assert.ok(error.cause instanceof HostFunctionError);
  assert.equal(error.cause.failure, { kind: 'StorageQuotaExceeded', bytes: 15, quotaBytes: 14 });
  assert.is(get(plugin, 'key'), 'value');
});

const giving = suite('host functions that return');

const time = (bytes: Uint8Array): bigint => new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);

for (const [now, expected] of [
  [1_700_000_000_123.9, 1_700_000_000_123n],
  [0, 0n],
  [-1, -1n],
] as const) {
  giving(`the time ${now}`, () => {
    assert.is(time(call(caller({ clock: () => now }), 'now_unix_ms', {})), expected);
  });
}

giving("the machine's time at the time of the call", () => {
  const plugin = caller();
  const before = BigInt(Date.now());
  const now = time(call(plugin, 'now_unix_ms', {}));
  assert.ok(now >= before && now <= BigInt(Date.now()), String(now));
});

giving('no time if the clock fails', () => {
  const failure = failureOf(PluginCallError, () => call(caller({ clock: () => Number.NaN }), 'now_unix_ms', {}));
  assert.is(failure.kind === 'HostFunction' && failure.function, 'cc_lb_now_unix_ms');
});

giving('random bytes', () => {
  const plugin = caller();
  const [first, second] = [call(plugin, 'random_bytes', { count: 32 }), call(plugin, 'random_bytes', { count: 32 })];
  assert.is(first.length, 32);
  assert.not.equal(first, second);
});

giving("random bytes from the host's own source", () => {
  const asked: number[] = [];
  const fillRandom = (bytes: Uint8Array<ArrayBuffer>): void => {
    asked.push(bytes.length);
    bytes.fill(7);
  };
  const plugin = caller({ fillRandom });
  assert.equal(call(plugin, 'random_bytes', { count: 3 }), new Uint8Array([7, 7, 7]));
  assert.is(call(plugin, 'random_bytes', { count: 0 }).length, 0);
  assert.is(call(plugin, 'random_bytes', { count: 65536 }).length, 65536);
  assert.equal(asked, [3, 0, 65536]);
});

giving('no random bytes from a promise', () => {
  for (const fillRandom of [async () => undefined, () => Promise.reject(new Error('of nobody'))]) {
    const error = thrownBy(() => call(caller({ fillRandom }), 'random_bytes', { count: 3 }));
    assert.ok(error instanceof PluginCallError && error.failure.kind === 'HostFunction');
    assert.match(error.message, 'fillRandom returned a promise: it must be synchronous');
  }
});

for (const count of ['65537', '18446744073709551615']) {
  giving(`no ${count} random bytes`, () => {
    const error = thrownBy(() => caller().call('random_bytes', `{"count":${count}}`));
    assert.ok(error instanceof PluginCallError && error.cause instanceof HostFunctionError);
    assert.equal(error.cause.failure, { kind: 'RandomBytesExceeded', bytes: BigInt(count), max: 65536 });
  });
}

const arguing = suite('arguments of host functions');

const imports = `
  (import "extism:host/user" "cc_lb_log" (func $cc_lb_log (param i64 i64)))
  (import "extism:host/user" "cc_lb_metric_incr" (func $cc_lb_metric_incr (param i64 i64)))
  (import "extism:host/user" "cc_lb_storage_get" (func $cc_lb_storage_get (param i64) (result i64)))
  (import "extism:host/user" "cc_lb_storage_put" (func $cc_lb_storage_put (param i64 i64)))
  (import "extism:host/user" "cc_lb_now_unix_ms" (func $cc_lb_now_unix_ms (result i64)))
  (import "extism:host/user" "cc_lb_random_bytes" (func $cc_lb_random_bytes (param i64) (result i64)))`;

/** The outcome of a call with these instructions, whose input is a block of these bytes. */
async function outcomeOf(code: string, input: Uint8Array): Promise<unknown> {
  const wasm = await guest({ fields: imports, exports: { run: { code: `(result i32) ${code}` } } });
  const context = { pluginName: 'guest', storageQuotaBytes: 100, state: new HostState() };
  const plugin = buildPlugin(wasm, { functions: hostFunctions(context) });
  try {
    plugin.call('run', input);
    return 'returned';
  } catch (error) {
    return error instanceof PluginCallError && error.failure.kind === 'HostFunction' ? error.failure.function : error;
  }
}

const INPUT = '(call $input_offset)';
const NULL = '(i64.const 0)';
const notUtf8 = new Uint8Array([0xff]);
const argumentCases: Readonly<Record<string, readonly [string, Uint8Array, string]>> = {
  'an integer of 7 bytes': [`(drop (call $cc_lb_random_bytes ${INPUT}))`, new Uint8Array(7), 'cc_lb_random_bytes'],
  'an integer of 8 bytes': [`(drop (call $cc_lb_random_bytes ${INPUT}))`, new Uint8Array(8), 'returned'],
  'an integer of 9 bytes': [`(drop (call $cc_lb_random_bytes ${INPUT}))`, new Uint8Array(9), 'cc_lb_random_bytes'],
  'handle 0 for an integer': [`(call $cc_lb_metric_incr ${NULL} ${NULL})`, notUtf8, 'cc_lb_metric_incr'],
  'handle 0 for a text': [`(call $cc_lb_log ${NULL} ${NULL})`, notUtf8, 'returned'],
  'a level that is not UTF-8': [`(call $cc_lb_log ${INPUT} ${NULL})`, notUtf8, 'cc_lb_log'],
  'a message that is not UTF-8': [`(call $cc_lb_log ${NULL} ${INPUT})`, notUtf8, 'cc_lb_log'],
  'a key that is not UTF-8': [`(drop (call $cc_lb_storage_get ${INPUT}))`, notUtf8, 'cc_lb_storage_get'],
  'a value that is not UTF-8': [`(call $cc_lb_storage_put ${NULL} ${INPUT})`, notUtf8, 'returned'],
  'a handle that is not of a block': [
    `(call $cc_lb_storage_put ${NULL} (i64.add ${INPUT} (i64.const 1)))`,
    new Uint8Array(8),
    'cc_lb_storage_put',
  ],
  'no handle for nothing stored': [
    `(if (i64.ne (call $cc_lb_storage_get ${NULL}) ${NULL}) (then unreachable))`,
    notUtf8,
    'returned',
  ],
  'blocks that are still there afterwards': [
    `(call $cc_lb_storage_put ${INPUT} ${INPUT})
     (if (i64.ne (call $input_length) (i64.const 3)) (then unreachable))
     (drop (call $cc_lb_storage_get ${INPUT}))`,
    new TextEncoder().encode('key'),
    'returned',
  ],
};

for (const [title, [code, input, expected]] of Object.entries(argumentCases)) {
  arguing(title, async () => {
    assert.is(await outcomeOf(`${code} (i32.const 0)`, input), expected);
  });
}

arguing('from a host whose quota is 0', () => {
  const plugin = caller({ storageQuotaBytes: 0 });
  assert.is(failureOf(PluginCallError, () => put(plugin, '', '')).kind, 'HostFunction');
});

const contexts: Readonly<Record<string, object>> = {
  pluginName: { pluginName: 5 },
  storageQuotaBytes: { storageQuotaBytes: -1 },
  'storageQuotaBytes ': { storageQuotaBytes: Number.NaN },
  state: { state: new Map() },
  'state ': { state: undefined },
  quota: { quota: 5 },
};

for (const [name, changes] of Object.entries(contexts)) {
  arguing(`from a host with a wrong ${name}`, () => {
    const context = { pluginName: 'guest', storageQuotaBytes: 100, state: new HostState(), ...changes };
    const thrown = thrownBy(() => hostFunctions(context as HostFunctionsContext));
    assert.ok(
      thrown instanceof TypeError && thrown.message.startsWith(`context.${name.trim()} must be `),
      String(thrown),
    );
  });
}

reporting.run();
storing.run();
giving.run();
arguing.run();
