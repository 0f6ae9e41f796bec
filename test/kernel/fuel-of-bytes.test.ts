import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FUEL_PER_BYTE, hostFunction, type KernelFunctionName, kernelFunctions } from '../../src/kernel/index.ts';
import { Meter } from '../../src/metering/index.ts';
import { buildPlugin, compilePlugin, type Plugin, type PluginOptions } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/link.ts';
import { pluginModule } from '../support/plugin.ts';

const fuel = suite('fuel for bytes that JavaScript reads and writes');

const KEY = 8;
const VALUE = 1_000;

/**
 * What a plugin does with a key of 8 bytes in `$k` and a value of 1,000 bytes in `$v`: the kernel
 * function that it calls, and the bytes that JavaScript reads and writes for it. The instructions
 * around the call cost the same in each case.
 */
const cases: readonly (readonly [name: string, does: string, calls: readonly KernelFunctionName[], bytes: number])[] = [
  ['nothing', '(drop (local.get $k)) (drop (local.get $v))', [], 0],
  ['config_get', '(drop (call $config_get (local.get $k)))', ['config_get'], KEY + VALUE],
  ['config_get_of_none', '(drop (call $config_get (local.get $v)))', ['config_get'], VALUE],
  ['var_set', '(call $var_set (local.get $k) (local.get $v))', ['var_set'], KEY + VALUE],
  ['var_get', '(drop (call $var_get (local.get $k)))', ['var_get'], KEY + VALUE],
  ['var_remove', '(call $var_set (local.get $k) (i64.const 0))', ['var_set'], KEY],
  ['log_info', '(call $log_info (local.get $v))', ['log_info'], VALUE],
  ['log_trace', '(call $log_trace (local.get $v))', ['log_trace'], 0],
  ['host_takes', '(call $take (local.get $v))', [], VALUE],
  ['host_takes_text', '(call $take_text (local.get $v))', [], VALUE],
  ['host_takes_two', '(call $take_two (local.get $v) (local.get $k))', [], VALUE + KEY],
  ['host_takes_nothing', '(call $take (i64.const 0))', [], 0],
  ['host_reads', '(call $read (local.get $v))', [], VALUE],
  ['host_gives', '(drop (call $give))', [], VALUE],
  ['host_writes', '(drop (call $write))', [], VALUE],
  ['small_reset', '(call $reset)', ['reset'], 0],
];

const imports = `
  (import "extism:host/user" "take" (func $take (param i64)))
  (import "extism:host/user" "take_text" (func $take_text (param i64)))
  (import "extism:host/user" "take_two" (func $take_two (param i64 i64)))
  (import "extism:host/user" "read" (func $read (param i64)))
  (import "extism:host/user" "give" (func $give (result i64)))
  (import "extism:host/user" "write" (func $write (result i64)))`;
const fields = cases.map(
  ([name, does]) => `(func (export "${name}") (local $k i64) (local $v i64)
    (local.set $k (call $key)) (local.set $v (call $alloc (i64.const ${VALUE})))
    ${does})`,
);
const wasm = await pluginModule(
  `
  (func $key (result i64) (local $k i64)
    (local.set $k (call $alloc (i64.const ${KEY})))
    (call $store_u64 (local.get $k) (i64.const 0x6b6b6b6b6b6b6b6b))
    (local.get $k))
  (func (export "large_reset") (drop (call $alloc (i64.const 500000))) (call $reset))
  (func (export "endless") (local $v i64)
    (local.set $v (call $alloc (i64.const 100000)))
    (loop $again (call $take (local.get $v)) (br $again)))
  (func (export "endless_resets")
    (loop $again (drop (call $alloc (i64.const 500000))) (call $reset) (br $again)))
  (func (export "catches") (local $v i64)
    (local.set $v (call $alloc (i64.const 100000)))
    (call $take (local.get $v)) (call $after))
  ${fields.join('\n')}`,
  `${imports} (import "extism:host/user" "after" (func $after))`,
);

/**
 * The instructions of each in addition to calls and drops: `local.get` for the arguments, or the
 * constant.
 */
const argumentsOf = (does: string): number => does.match(/local\.get|i64\.const/g)?.length ?? 0;
const callsOf = (does: string): number => does.match(/\(call /g)?.length ?? 0;

for (const kernel of canLink() ? (['linked', 'instance'] as const) : (['instance'] as const)) {
  const compiled = compilePlugin(wasm, { kernel });
  const events: string[] = [];
  const functions = [
    hostFunction('take', ['bytes'], [], () => {
      events.push('take');
    }),
    hostFunction('take_text', ['text'], [], () => undefined),
    hostFunction('take_two', ['bytes', 'bytes'], [], () => undefined),
    hostFunction('read', ['i64'], [], (handle, { readBytes }) => {
      readBytes(handle);
    }),
    hostFunction('give', [], ['bytes'], () => new Uint8Array(VALUE)),
    hostFunction('write', [], ['i64'], ({ writeBytes }) => writeBytes(new Uint8Array(VALUE))),
    hostFunction('after', [], [], () => {
      events.push('after');
    }),
  ];
  const built = (options: PluginOptions = {}): Plugin =>
    buildPlugin(compiled, {
      config: { kkkkkkkk: 'v'.repeat(VALUE) },
      telemetry: { log: () => undefined, counter: () => undefined },
      functions,
      ...options,
    });

  for (const [name, does, calls, bytes] of cases) {
    fuel(`${name.replaceAll('_', ' ')}: ${bytes} bytes, kernel ${kernel}`, () => {
      const plugin = built();
      plugin.call('nothing');
      const base = plugin.fuelConsumed - argumentsOf(cases[0]?.[1] ?? '');
      if (name === 'var_get') plugin.call('var_set');
      plugin.call(name);
      const flat = calls.reduce((sum, call) => sum + kernelFunctions[call].fuel, 0);
      assert.is(plugin.fuelConsumed - base, argumentsOf(does) + callsOf(does) + flat + bytes * FUEL_PER_BYTE);
    });
  }

  fuel(`a reset that zeroes much is charged for its bytes, kernel ${kernel}`, () => {
    const plugin = built();
    plugin.call('large_reset');
    assert.ok(plugin.fuelConsumed > 500_000 * FUEL_PER_BYTE && plugin.fuelConsumed < 520_000 * FUEL_PER_BYTE);
  });

  fuel(`bytes end a call by fuel if the clock stands still, kernel ${kernel}`, () => {
    const still = { wallMs: Number.POSITIVE_INFINITY, fuel: 5_000_000 };
    for (const name of ['endless', 'endless_resets']) {
      events.length = 0;
      const plugin = built(still);
      assert.throws(() => plugin.call(name), 'plugin ran out of fuel');
      assert.is(plugin.fuelConsumed, 5_000_000);
      assert.ok(events.length <= 50, `${events.length} calls of the host`);
      plugin.call('nothing');
    }
  });

  fuel(`no code of the plugin runs after bytes have exhausted the fuel, kernel ${kernel}`, () => {
    events.length = 0;
    assert.throws(() => built({ fuel: 50_000 }).call('catches'), 'plugin ran out of fuel');
    assert.equal(events, [], 'not even the function that would have taken them');
  });

  fuel(`the input and the output are not charged, kernel ${kernel}`, () => {
    const plugin = built();
    plugin.call('nothing');
    const short = plugin.fuelConsumed;
    plugin.call('nothing', 'x'.repeat(100_000));
    assert.is(plugin.fuelConsumed, short);
  });
}

fuel('a meter whose fuel is exhausted fails, and counts at most its budget', () => {
  const meter = new Meter({ fuel: 1_000 });
  assert.is(meter.burn(999), false);
  assert.equal([meter.fuelConsumed, meter.failure], [999, undefined]);
  assert.is(meter.burn(1), true);
  assert.equal([meter.fuelConsumed, meter.exhausted], [1_000, 'OutOfFuel']);
  assert.is(meter.burn(5), true);
  assert.is(meter.fuelConsumed, 1_000);
  meter.refuel();
  assert.equal([meter.fuelConsumed, meter.failure], [0, undefined]);
  meter.check();
});

fuel.run();
