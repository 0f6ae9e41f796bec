// Plugins that the package compiles a second time in a process: when they come from its cache.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ModuleBytes } from '../../src/module-source.ts';
import { BuildPluginError } from '../../src/plugin/build-error.ts';
import { buildPlugin, compilePlugin, compilePluginAsync } from '../../src/plugin/compile.ts';
import type { CompileOptions } from '../../src/plugin/compile-options.ts';
import { canLink } from '../../src/plugin/link.ts';
import { admit, admitAsync } from '../../src/protocol/admit.ts';
import { failureOf } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { preparedModule, withoutCompiling, withoutCompilingAsync } from '../support/plugin.ts';
import { wat } from '../support/wat.ts';

const again = suite('the same plugin again');

/**
 * A module that no other test compiles. Its export `run` outputs one character, a constant of its
 * code; so does `data`, from its memory.
 */
let modules = 0;
async function module(char = 'a'): Promise<Uint8Array<ArrayBuffer>> {
  const code = `(i32.const ${char.charCodeAt(0)})`;
  const output = (value: string): string => `(local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store (local.get $block) ${value})
    (call $output_set (local.get $block) (i64.const 1))`;
  return new Uint8Array(
    await wat(`(module
      (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
      (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
      (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
      (memory 1) (data (i32.const 0) "${char}") (data (i32.const 1) "${String(modules++).padStart(4, '0')}")
      (global $state (mut i32) (i32.const 0))
      (func (export "run") ${output(code)})
      (func (export "data") ${output('(i32.load8_u (i32.const 0))')}))`),
  );
}

again('comes from the cache, compiled by either form, for either form', async () => {
  for (const compile of [compilePlugin, compilePluginAsync]) {
    const wasm = await module();
    const first = await compile(wasm);
    assert.is(compilePlugin(wasm), first);
    assert.is(await compilePluginAsync(wasm.slice()), first);
    assert.is(compilePlugin(wasm, { kernel: 'auto', metering: true, limits: { types: 1_000 }, cache: true }), first);
    assert.is(
      withoutCompiling(() => compilePlugin(wasm)),
      first,
    );
    assert.is(await withoutCompilingAsync(() => compilePluginAsync(wasm)), first);
  }
});

again('is compiled anew with `cache: false`, and is not kept', async () => {
  const wasm = await module();
  const first = compilePlugin(wasm, { cache: false });
  const second = compilePlugin(wasm);
  assert.is.not(second, first);
  assert.is(compilePlugin(wasm), second);
  assert.is.not(compilePlugin(wasm, { cache: false }), second);
  assert.is.not(await compilePluginAsync(wasm, { cache: false }), second);
  const prepared = preparedModule(wasm);
  assert.is(compilePlugin(prepared), await compilePluginAsync(prepared));
  assert.is.not(compilePlugin(prepared, { cache: false }), compilePlugin(prepared));
});

const differing: readonly CompileOptions[] = [
  {},
  { metering: false },
  { allowGc: true },
  { allowSharedMemory: true },
  { kernel: 'instance' },
  ...(canLink() ? [{ kernel: 'linked' } as const] : []),
  { limits: { types: 999 } },
  { limits: { types: 998 } },
  { limits: { imports: 999 } },
  { limits: { imports: 999, types: 998 } },
  { limits: { types: Number.POSITIVE_INFINITY } },
];
again('with other options is another plugin', async () => {
  const wasm = await module();
  const compiled = differing.map((options) => compilePlugin(wasm, options));
  assert.is(new Set(compiled).size, differing.length);
  assert.equal(
    differing.map((options) => compiled.indexOf(compilePlugin(wasm, options))),
    differing.map((_, index) => index),
  );
});

again('is refused by stricter options although it was compiled with others', async () => {
  const wasm = await module();
  compilePlugin(wasm);
  const strict = { limits: { exports: 1 } };
  for (let count = 0; count < 2; count++) {
    assert.is(failureOf(BuildPluginError, () => compilePlugin(wasm, strict)).kind, 'LimitExceeded');
  }
  const prepared = preparedModule(wasm);
  const unmetered = new WebAssembly.Module(wasm);
  compilePlugin(unmetered, { metering: false });
  assert.is(failureOf(BuildPluginError, () => compilePlugin(unmetered)).kind, 'NotPrepared');
  compilePlugin(prepared);
});

again('with one byte changed is another plugin, or none', async () => {
  const wasm = await module();
  const first = compilePlugin(wasm);
  for (let index = 0; index < wasm.length; index++) {
    const changed = wasm.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    let other: unknown;
    try {
      other = compilePlugin(changed);
    } catch (error) {
      assert.instance(error, BuildPluginError);
    }
    assert.is.not(other, first);
    assert.is(compilePlugin(wasm), first);
  }
});

/** What the exports of the plugin output. */
function outputs(wasm: ModuleBytes): string {
  const plugin = buildPlugin(compilePlugin(wasm));
  return plugin.callText('run') + plugin.callText('data');
}

const buffers: Readonly<Record<string, (length: number) => ArrayBufferLike>> = {
  'a buffer': (length) => new ArrayBuffer(length),
  'shared memory': (length) => new SharedArrayBuffer(length),
};
for (const [what, make] of Object.entries(buffers)) {
  again(`bytes in ${what} that change later change nothing that was compiled`, async () => {
    if (what === 'shared memory' && typeof SharedArrayBuffer === 'undefined') {
      console.log('skipped: no SharedArrayBuffer here');
      return;
    }
    const [one, two] = [await module('1'), await module('2')];
    assert.is(one.length, two.length);
    const view = new Uint8Array(make(one.length + 2), 1, one.length);
    view.set(one);
    const first = compilePlugin(view);
    assert.is(outputs(view), '11');
    view.set(two);
    assert.is(outputs(view), '22');
    assert.is.not(compilePlugin(view), first);
    assert.is(compilePlugin(one), first);
    assert.is(outputs(one), '11');
    const pending = compilePluginAsync(await module('3'));
    view.set(one);
    assert.is(buildPlugin(await pending).callText('run'), '3');
    view.fill(0);
    assert.is(outputs(two), '22');
  });
}

again('bytes that change while the engine compiles are not kept', async () => {
  const [one, two] = [await module('1'), await module('2')];
  const view = one.slice();
  const pending = compilePluginAsync(view);
  view.set(two);
  const first = await pending;
  assert.is(compilePlugin(one), first);
  assert.is(outputs(view), '22');
});

again('a module that is refused is refused again', () => {
  const wasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 9);
  const refuse = (): BuildPluginError['failure'] => failureOf(BuildPluginError, () => compilePlugin(wasm));
  assert.equal(refuse(), refuse());
  assert.is(refuse().kind, 'MalformedModule');
});

again('where the engine may not compile, a plugin is refused, and is compiled when it may', async () => {
  const wasm = await module();
  assert.is(withoutCompiling(() => failureOf(BuildPluginError, () => compilePlugin(wasm))).kind, 'CompilationRefused');
  assert.is(compilePlugin(wasm), compilePlugin(wasm));
});

again('shares no state: memory, variables, fuel', async () => {
  const wasm = new Uint8Array(
    await wat(`(module
      (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
      (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
      (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
      (memory 1) (global $called (mut i32) (i32.const 0))
      (func (export "run") (result i32)
        (if (global.get $called) (then unreachable))
        (if (i32.load (i32.const 0)) (then unreachable))
        (if (i64.ne (call $var_get (call $alloc (i64.const 1))) (i64.const 0)) (then unreachable))
        (global.set $called (i32.const 1))
        (i32.store (i32.const 0) (i32.const 1))
        (call $var_set (call $alloc (i64.const 1)) (call $alloc (i64.const 1)))
        i32.const 0))`),
  );
  const plugins = [1, 2, 3].map(() => buildPlugin(compilePlugin(wasm), { fuel: 10_000 }));
  for (const plugin of plugins) plugin.call('run');
  assert.is(new Set(plugins.map(({ fuelConsumed }) => fuelConsumed)).size, 1);
});

again('is admitted without compiling, with the same report', async () => {
  const wasm = await fixture('router/router.wasm');
  const times = { clock: () => 1e12 };
  const plain = (report: object): unknown =>
    JSON.parse(
      JSON.stringify(report, (key, value) => (key === 'durationMs' || key === 'compileMs' ? undefined : value)),
    );
  const first = admit(wasm, times);
  assert.ok(first.admitted);
  const uncached = admit(wasm, { ...times, cache: false });
  const cached = withoutCompiling(() => admit(wasm, times));
  const ahead = await withoutCompilingAsync(() => admitAsync(wasm, times));
  for (const report of [uncached, cached, ahead]) assert.equal(plain(report), plain(first));
  for (const changed of [{ cache: false }, { limits: { types: 999 } }]) {
    const compile = (): unknown => withoutCompiling(() => admit(wasm, { ...times, ...changed }));
    assert.is(failureOf(BuildPluginError, compile).kind, 'CompilationRefused');
  }
});

again.run();
