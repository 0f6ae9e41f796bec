// Values of another realm: bytes, modules, memories, errors, promises. And what only pretends.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusalOf } from '../src/compilation.ts';
import { verifyHooks, verifyPlugin } from '../src/conformance/index.ts';
import { reasonOf } from '../src/failure.ts';
import { generationOf } from '../src/generation/index.ts';
import { admitHooks, admitHooksAsync } from '../src/hooks/admit.ts';
import { stopReasonOf } from '../src/hooks/call-error.ts';
import { filterHook } from '../src/hooks/hook.ts';
import { inspectHooks } from '../src/hooks/inspect.ts';
import { prepareHooks } from '../src/hooks/prepare.ts';
import { list, string } from '../src/json/declare.ts';
import { decodeJsonBytes } from '../src/json/decode.ts';
import { hostFunction } from '../src/kernel/host-function.ts';
import { instantiateMetered, instantiateMeteredAsync, isStackOverflow, meterModule } from '../src/metering/index.ts';
import type { ModuleSource } from '../src/module-source.ts';
import { engineFailure } from '../src/plugin/call-outcome.ts';
import { buildPlugin, compilePlugin, compilePluginAsync, preparePlugin } from '../src/plugin/index.ts';
import { type AdmitOptions, admit, admitAsync } from '../src/protocol/admit.ts';
import { dispatchWireCall } from '../src/protocol/dispatch.ts';
import { readIdentity } from '../src/protocol/identity.ts';
import { wire } from '../src/protocol/messages/index.ts';
import { writeIdentity } from '../src/protocol/write-identity.ts';
import {
  bytesOf,
  isAbortSignal,
  isArrayBuffer,
  isError,
  isErrorNamed,
  isMemory,
  isModule,
  isPromise,
  isTagged,
  isUint8Array,
  isUrl,
} from '../src/realms.ts';
import { hostOf } from './host/host-under-test.ts';
import { utf8 } from './support/bytes.ts';
import { thrownBy } from './support/failure.ts';
import { engineHas } from './support/features.ts';
import { fixture } from './support/fixture.ts';
import { unhurried } from './support/layers.ts';
import { otherRealm } from './support/other-realm.ts';
import { kernelOfPrepared, plugin } from './support/plugin.ts';
import { wat } from './support/wat.ts';

const realms = suite('realms');

const router = await fixture('router/router.wasm');
const hooksFilter = await fixture('hooks/filter/filter.wasm');
const untimedProbes = { probe: { wallMs: Number.POSITIVE_INFINITY } };

const other = otherRealm();
if (other === undefined) console.log('skipped: values of another realm: node:vm or a document makes one');

/** A test that needs another realm. */
function foreign(title: string, test: (realm: NonNullable<typeof other>) => unknown): void {
  if (other !== undefined) realms(`of another realm: ${title}`, async () => void (await test(other)));
}

/** The forms in which another realm has bytes: scripts that make one of the numbers `given`. */
const forms: Readonly<Record<string, string>> = {
  'a Uint8Array': 'new Uint8Array(given)',
  'an ArrayBuffer': 'new Uint8Array(given).buffer',
  'a DataView of a part': 'new DataView(new Uint8Array([1, 2, ...given, 3]).buffer, 2, given.length)',
  'an Int8Array of a part': 'new Int8Array(new Uint8Array([1, ...given, 3]).buffer, 1, given.length)',
};

/** Bytes as another realm has them. */
function bytesThere(bytes: Uint8Array, form = 'new Uint8Array(given)'): ModuleSource {
  other?.set('given', [...bytes]);
  return other?.run(form) as ModuleSource;
}

/** A module that another realm compiled. */
function moduleThere(bytes: Uint8Array): WebAssembly.Module {
  return bytesThere(bytes, 'new WebAssembly.Module(new Uint8Array(given))') as WebAssembly.Module;
}

/** Takes bytes or modules of plugins of generation 1, and gives something to compare. */
const takesPlugins: Readonly<Record<string, (wasm: ModuleSource) => unknown>> = {
  compilePlugin: (wasm) => [...compilePlugin(wasm, { cache: false }).exports.keys()],
  compilePluginAsync: async (wasm) => [...(await compilePluginAsync(wasm, { cache: false })).exports.keys()],
  buildPlugin: (wasm) => buildPlugin(wasm).functionExists('cc_lb_handshake'),
  admit: (wasm) => admit(wasm, unhurried).admitted,
  admitAsync: async (wasm) => (await admitAsync(wasm, unhurried)).admitted,
  generationOf,
};

/** Takes bytes of plugins of generation 1. */
const takesPluginBytes: Readonly<Record<string, (wasm: never) => unknown>> = {
  preparePlugin: (wasm) => preparePlugin(wasm).length,
  readIdentity: (wasm) => readIdentity(wasm),
  writeIdentity: (wasm) => writeIdentity(wasm, { plugin_name: 'x', plugin_version: '1.0.0' }).length,
  verifyPlugin: (wasm) => verifyPlugin(wasm, 'router').checks.map(({ status }) => status),
  'PluginHost.register': async (wasm) => {
    const host = hostOf();
    const { kind } = await host.register({ name: 'router' }, wasm);
    await host.close();
    return kind;
  },
};

const takesHooks: Readonly<Record<string, (wasm: ModuleSource) => unknown>> = {
  admitHooks: (wasm) => admitHooks(wasm, untimedProbes).report.admitted,
  admitHooksAsync: async (wasm) => (await admitHooksAsync(wasm, untimedProbes)).report.admitted,
  inspectHooks: (wasm) => inspectHooks(wasm).metadata.name,
  generationOf,
};

const takesHookBytes: Readonly<Record<string, (wasm: never) => unknown>> = {
  prepareHooks: (wasm) => prepareHooks(wasm).length,
  verifyHooks: (wasm) => verifyHooks(wasm, { slot: 'filter' }).checks.map(({ status }) => status),
};

const ofBytes = { ...takesPlugins, ...takesPluginBytes };
/** These call a plugin many times, so they are given bytes in one form only. */
const SLOW: readonly string[] = ['verifyPlugin', 'verifyHooks'];

for (const [index, [what, form]] of Object.entries(forms).entries()) {
  const isGiven = ([name]: readonly [string, unknown]): boolean => index === 0 || !SLOW.includes(name);
  foreign(`${what} is the bytes of a plugin, for all that take one`, async () => {
    for (const [name, run] of Object.entries(ofBytes).filter(isGiven))
      assert.equal(await run(bytesThere(router, form) as never), await run(router as never), name);
    for (const [name, run] of Object.entries({ ...takesHooks, ...takesHookBytes }).filter(isGiven))
      assert.equal(await run(bytesThere(hooksFilter, form) as never), await run(hooksFilter as never), name);
  });
}

foreign('a module is a plugin, for all that take one', async () => {
  const prepared = preparePlugin(router, { kernel: kernelOfPrepared });
  for (const [name, run] of Object.entries(takesPlugins))
    assert.equal(await run(moduleThere(prepared)), await run(new WebAssembly.Module(prepared)), name);
  const hooks = prepareHooks(hooksFilter);
  for (const [name, run] of Object.entries(takesHooks))
    assert.equal(await run(moduleThere(hooks)), await run(new WebAssembly.Module(hooks)), name);
});

foreign('metered code runs, from bytes and from a module', async () => {
  const answers = await wat('(module (func (export "answer") (result i32) i32.const 42))');
  const metered = meterModule(bytesThere(answers) as never);
  for (const given of [metered, moduleThere(metered.bytes)] as const) {
    const [now, later] = [instantiateMetered(given), await instantiateMeteredAsync(given)];
    for (const { instance, meter } of [now, later])
      assert.is(
        meter.run(() => Reflect.apply(instance.exports.answer as () => unknown, undefined, [])),
        42,
      );
  }
});

foreign('the growth of a memory is counted', async (realm) => {
  const metered = meterModule(await wat('(module (import "a" "m" (memory 1)))'));
  const memory = realm.run('new WebAssembly.Memory({ initial: 1 })') as WebAssembly.Memory;
  assert.not(memory instanceof WebAssembly.Memory);
  for (const m of [memory, new WebAssembly.Memory({ initial: 1 })]) {
    instantiateMetered(metered, { a: { m } }, { memoryMaxPages: 2 });
    m.grow(2);
    assert.instance(
      thrownBy(() => m.grow(1)),
      RangeError,
    );
  }
});

foreign('shared memory has the bytes of a plugin', (realm) => {
  if (realm.run('typeof SharedArrayBuffer') !== 'function')
    return console.log('skipped: shared memory of another realm: this one has none');
  realm.set('given', [...router]);
  const shared = realm.run(`
    const shared = new Uint8Array(new SharedArrayBuffer(given.length));
    shared.set(given);
    shared`) as Uint8Array;
  for (const bytes of [shared, shared.buffer]) {
    assert.equal(readIdentity(bytes), readIdentity(router));
    assert.equal(preparePlugin(bytes), preparePlugin(router));
  }
});

foreign('what a suspended function throws ends the run, and the module cannot catch it', async (realm) => {
  // The compiler's types know neither.
  const { promising, JSTag } = WebAssembly as unknown as {
    promising?: (call: unknown) => () => Promise<unknown>;
    JSTag?: object;
  };
  if (promising === undefined || JSTag === undefined || !(await engineHas('exnref')))
    return console.log('skipped: suspending of another realm: this engine has no promise integration with exnref');
  const wait = realm.run("new WebAssembly.Suspending(async () => { throw new Error('late'); })");
  const metered = meterModule(
    await wat(`(module (import "a" "wait" (func $wait))
      (func (export "run") (result i32)
        (block $caught (try_table (catch_all $caught) (call $wait))) i32.const 1))`),
  );
  const { instance, meter } = instantiateMetered(metered, { a: { wait: wait as WebAssembly.ImportValue } });
  let thrown: unknown;
  await meter.runAsync(promising(instance.exports.run)).catch((error: unknown) => {
    thrown = error;
  });
  assert.match(String(thrown), /the imported function wait threw: late/);
});

foreign('what a host function throws is described, whatever its class', (realm) => {
  const failed = (script: string): string => {
    const thrown = thrownBy(() => realm.run(script));
    assert.not(thrown instanceof Error);
    return reasonOf(thrown);
  };
  assert.is(failed("throw new TypeError('wrong')"), 'wrong');
  assert.is(failed("throw new (class Own extends Error {})('own')"), 'own');
  assert.ok(isStackOverflow(thrownBy(() => realm.run('(function f() { return f() + 1; })()'))));
  assert.not(isStackOverflow(thrownBy(() => realm.run("throw new RangeError('Invalid array length')"))));
});

foreign('a RangeError of compiling says nothing about the module', (realm) => {
  assert.is(refusalOf(realm.run("new RangeError('too large for the main thread')")), 'too large for the main thread');
});

/** What a function throws that another realm instantiated or compiled. */
const trapping = await wat('(module (func (export "trap") unreachable))');

foreign('a trap is that of the realm that instantiated', (realm) => {
  realm.set('given', [...trapping]);
  const here = new WebAssembly.Instance(moduleThere(trapping));
  assert.instance(thrownBy(here.exports.trap as () => unknown), WebAssembly.RuntimeError);
  const there = realm.run('new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(given)))');
  const thrown = thrownBy((there as WebAssembly.Instance).exports.trap as () => unknown);
  assert.not(thrown instanceof WebAssembly.RuntimeError);
  assert.equal(engineFailure(thrown), { kind: 'Trap', reason: reasonOf(thrown) });
  assert.equal(stopReasonOf(thrown), { kind: 'Trap', reason: reasonOf(thrown) });
});

/** A plugin whose export `run` answers with what the host function `give` returned. */
async function giving(implementation: () => unknown) {
  const give = hostFunction('give', [], ['bytes'], implementation as () => Uint8Array);
  return await plugin(
    `(func (export "run") (result i32) (local $block i64)
      (local.set $block (call $give))
      (call $output_set (local.get $block) (call $length (local.get $block)))
      i32.const 0)`,
    { functions: [give] },
    '(import "extism:host/user" "give" (func $give (result i64)))',
  );
}

foreign('bytes that a host function returns are bytes', async (realm) => {
  const found = await giving(() => realm.run('new Uint8Array([1, 2, 3])'));
  assert.equal([...found.call('run')], [1, 2, 3]);
});

foreign('a promise that a host function returns is refused, and its rejection handled', async (realm) => {
  for (const script of ["Promise.reject(new Error('late'))", "(async () => { throw new Error('late'); })()"]) {
    const found = await giving(() => realm.run(script));
    assert.match(String(thrownBy(() => found.call('run'))), /a promise: a host function must be synchronous/);
  }
  // An unhandled rejection would end the process, or fail the page.
  await new Promise((resolve) => setTimeout(resolve, 20));
});

foreign('bytes are the input of a call', async (realm) => {
  const echo = await plugin(`(func (export "run") (result i32) (local $block i64)
    (local.set $block (call $alloc (call $input_length)))
    (call $store_u8 (local.get $block) (call $input_load_u8 (i64.const 0)))
    (call $output_set (local.get $block) (call $input_length)) i32.const 0)`);
  assert.equal([...echo.call('run', realm.run('new Uint8Array([7])') as Uint8Array)], [7]);
});

foreign('options, requests and texts are read as those of this realm', async (realm) => {
  const there = <T>(value: T): T => {
    realm.set('text', JSON.stringify(value));
    return realm.run('JSON.parse(text)') as T;
  };
  const { filter } = wire.v3;
  const options = { ...there({ slots: 'all', ttlSecs: 60, limits: { calls: 1_000_000 }, config: { a: 'b' } }) };
  const given = { ...options, ...unhurried, hostCapabilities: realm.run("new Set(['a'])") as Iterable<string> };
  const { metadata } = admit(router, given as AdmitOptions);
  if (metadata === undefined) throw new Error('the router was not admitted');
  const [here, foreignCall] = [filter.dryRunRequest(), there(filter.dryRunRequest())].map((request) =>
    dispatchWireCall(filter, buildPlugin(router), there(metadata), request),
  );
  assert.is(here?.kind, 'ok');
  assert.is(JSON.stringify(foreignCall), JSON.stringify(here));
  assert.equal(decodeJsonBytes(list(string), bytesThere(utf8('["ü"]')) as Uint8Array), ['ü']);
  const hooks = admitHooks(hooksFilter, { ...untimedProbes, slot: 'filter' }).plugin;
  const sample = filterHook.sample();
  const copy = realm.run('(value) => ({ ...value })') as <T extends object>(value: T) => T;
  assert.equal(hooks?.call(filterHook, copy(sample)), hooks?.call(filterHook, sample));
});

foreign('signals and addresses are what they are', (realm) => {
  assert.ok(isPromise(realm.run('Promise.resolve()')));
  assert.not(isPromise(realm.run('({ then: 1 })')));
  if (realm.run('typeof AbortSignal') === 'function')
    assert.ok(isAbortSignal(realm.run('new AbortController().signal')));
  if (realm.run('typeof URL') === 'function') assert.ok(isUrl(realm.run("new URL('file:///a')")));
});

/** Things that pretend to be what `genuine` is: by their prototype, a proxy, a tag, or getters. */
function pretenders(genuine: object): readonly object[] {
  const tag = Object.prototype.toString.call(genuine).slice('[object '.length, -1);
  const throws = (): never => {
    throw new Error('this getter throws');
  };
  const traps = { get: throws, has: throws, getPrototypeOf: throws, ownKeys: throws, getOwnPropertyDescriptor: throws };
  return [
    Object.create(Object.getPrototypeOf(genuine)),
    new Proxy(genuine, {}),
    new Proxy({}, traps),
    { [Symbol.toStringTag]: tag, length: 8, byteLength: 8, byteOffset: 0, buffer: new ArrayBuffer(8) },
    Object.defineProperties(
      {},
      Object.fromEntries(
        ['buffer', 'byteLength', 'length', 'then', 'href', 'arrayBuffer'].map((name) => [name, { get: throws }]),
      ),
    ),
  ];
}

const genuine: Readonly<Record<string, object>> = {
  'a Uint8Array': router,
  'an ArrayBuffer': router.slice().buffer,
  'a module': new WebAssembly.Module(preparePlugin(router, { kernel: kernelOfPrepared })),
};

for (const [what, value] of Object.entries(genuine)) {
  realms(`what pretends to be ${what} is refused with the usual error`, async () => {
    for (const [index, pretender] of pretenders(value).entries()) {
      for (const [name, run] of Object.entries({ ...ofBytes, ...takesHooks, ...takesHookBytes })) {
        let thrown: unknown;
        try {
          await run(pretender as never);
          assert.unreachable(`${name} took the pretender ${index}`);
        } catch (error) {
          thrown = error;
        }
        assert.match(String(thrown), /wasm must be /, `${name}, pretender ${index}`);
      }
    }
  });
}

realms('what pretends to be a memory, a signal, a URL or an error is not one', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  for (const pretender of pretenders(memory)) assert.not(isMemory(pretender));
  for (const value of [undefined, null, 0, 'text', Symbol('x'), () => undefined, {}, []]) {
    for (const is of [isMemory, isModule, isAbortSignal, isUrl, isError, isPromise, isArrayBuffer, isUint8Array])
      assert.not(is(value), `${is.name} of ${String(value)}`);
    assert.is(bytesOf(value), undefined);
    assert.not(isErrorNamed(value, 'RangeError'));
  }
  const [, , throwing] = pretenders({});
  for (const is of [isMemory, isModule, isAbortSignal, isUrl, isError, isPromise, isArrayBuffer, isUint8Array])
    assert.not(is(throwing), is.name);
});

realms('an error whose name cannot be read has none; an object whose tag cannot be read is not an error', () => {
  const refuse = (): never => {
    throw new Error('this getter throws');
  };
  const nameless = Object.defineProperty(new RangeError('x'), 'name', { get: refuse });
  assert.ok(isError(nameless));
  assert.not(isErrorNamed(nameless, 'RangeError'));
  const tagless = Object.defineProperty({}, Symbol.toStringTag, { get: refuse });
  assert.not(isTagged(tagless, '[object Object]'));
  assert.not(isError(tagless));
});

realms('an address is what has the text of one', () => {
  assert.ok(isUrl(new URL('file:///a?b')));
  assert.not(isUrl({ searchParams: {}, toString: () => 'not an address' }));
  assert.not(isUrl({ toString: () => 'file:///a' }));
});

realms('a view is read by its own memory, whatever its properties say', () => {
  const view = Uint8Array.of(1, 2, 3);
  for (const [name, value] of Object.entries({ buffer: new ArrayBuffer(9), byteOffset: 1, byteLength: 9 }))
    Object.defineProperty(view, name, { value });
  assert.equal([...(bytesOf(view) ?? [])], [1, 2, 3]);
});

realms('a view beyond the end of a buffer that shrank is refused', () => {
  // The compiler's types do not know it yet.
  const buffer: ArrayBuffer & { resize?(length: number): void } = Reflect.construct(ArrayBuffer, [
    8,
    { maxByteLength: 8 },
  ]);
  if (buffer.resize === undefined) return console.log('skipped: a buffer that shrinks: this engine has none');
  const view = new DataView(buffer, 4, 4);
  assert.is(bytesOf(view)?.length, 4);
  buffer.resize(6);
  assert.is(bytesOf(view), undefined);
  assert.match(String(thrownBy(() => compilePlugin(view))), /wasm must be /);
});

realms('bytes whose memory was transferred are refused, and the error says so', () => {
  const { buffer } = router.slice();
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  for (const given of [buffer, view])
    assert.match(String(thrownBy(() => compilePlugin(given))), /wasm must be .*; its memory was transferred/);
});

realms.run();
