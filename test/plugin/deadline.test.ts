import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import { PluginCallError, type PluginOptions } from '../../src/plugin/index.ts';
import { failureOf } from '../support/failure.ts';
import { plugin } from '../support/plugin.ts';

const deadline = suite('deadline of a plugin');

const WALL_MS = 100;
/** A test fails only beyond this: the machine may be busy. */
const FAR_TOO_LATE_MS = 2_000;
const TIMES = 3;

const again = (body: string): string => `(loop $again ${body} (br $again))`;
const key = '(call $block (i32.const 16) (i32.const 1))';

/** Endless runs: the functions that one needs, what it does once, and what it repeats. */
const endless: Readonly<Record<string, { readonly fields?: string; readonly first?: string; readonly body: string }>> =
  {
    'plain code': { body: '' },
    arithmetic: { body: '(local.set $n (i64.div_s (i64.add (local.get $n) (i64.const 7)) (i64.const 3)))' },
    'memory.fill': {
      first: '(drop (memory.grow (i32.const 999)))',
      body: '(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536000))',
    },
    'table.fill': {
      fields: '(table 100000 externref)',
      body: '(table.fill (i32.const 0) (ref.null extern) (i32.const 100000))',
    },
    'calls of a function with 2,490 locals': {
      fields: `(func $large (local ${'i64 '.repeat(2_490)}))`,
      body: '(call $large)',
    },
    'length over 50,000 blocks': {
      first: `(loop $blocks
      (drop (call $alloc (i64.const 1)))
      (br_if $blocks (i64.lt_u (local.tee $n (i64.add (local.get $n) (i64.const 1))) (i64.const 50000))))`,
      body: '(drop (call $length (local.tee $n (i64.add (local.get $n) (i64.const 16)))))',
    },
    'alloc and free': { body: '(call $free (call $alloc (i64.const 1000000)))' },
    log_info: { body: '(call $log_info (call $block (i32.const 16) (i32.const 4)))' },
    'log_info of nothing': { body: '(call $log_info (i64.const 0))' },
    'reset after much use': {
      body: `(local.set $n (call $alloc (i64.const 60000000)))
      (call $store_u64 (i64.add (local.get $n) (i64.const 59999990)) (i64.const -1))
      (call $reset)`,
    },
    'small resets': { body: '(drop (call $alloc (i64.const 60000))) (call $reset)' },
    var_set: { body: `(call $var_set ${key} (call $alloc (i64.const 500000)))` },
    var_get: {
      first: `(call $var_set ${key} (call $alloc (i64.const 400000)))`,
      body: `(call $free (call $var_get ${key}))`,
    },
    config_get: { body: `(call $free (call $config_get ${key}))` },
    'a host function': { body: '(call $host (call $alloc (i64.const 100)))' },
  };

const functions = [hostFunction('host', ['bytes'], [], () => undefined)];
const imports = '(import "extism:host/user" "host" (func $host (param i64)))';
const options: PluginOptions = {
  fuel: Number.POSITIVE_INFINITY,
  wallMs: WALL_MS,
  memoryMaxPages: 3_000,
  telemetry: { log: () => undefined, counter: () => undefined },
  config: { k: 'value'.repeat(10_000) },
  functions,
};

for (const [what, { fields = '', first = '', body }] of Object.entries(endless)) {
  deadline(`an endless run ends: ${what}`, async () => {
    const built = await plugin(
      `(data (i32.const 16) "kkkk") ${fields} (func (export "fine"))
       (func (export "run") (local $n i64) ${first} ${again(body)})`,
      options,
      imports,
    );
    const took = Array.from({ length: TIMES }, () => {
      const began = performance.now();
      assert.is(failureOf(PluginCallError, () => built.call('run')).kind, 'Timeout');
      const ms = performance.now() - began;
      built.call('fine');
      return ms;
    }).sort((a, b) => a - b);
    const median = took[Math.floor(TIMES / 2)] ?? 0;
    console.log(`${what}: ended after ${median.toFixed(1)} ms (${WALL_MS} ms allowed)`);
    assert.ok(median < FAR_TOO_LATE_MS, `${median} ms`);
  });
}

deadline.run();
