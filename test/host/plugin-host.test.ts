import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../src/hooks/index.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { MemoryRecords } from '../../src/host/index.ts';
import { HostState } from '../../src/protocol/host-functions.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';
import { hookModule } from '../hooks/hook-module.ts';
import { fixture } from '../support/fixture.ts';
import { pluginModule } from '../support/plugin.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { chunkAndEnd, filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');
const { filter } = wire.v3;

const registering = suite('a host registers plugins');

registering('of both generations, and dispatches to them', async () => {
  const host = hostOf();
  const first = await host.register({ name: 'router' }, routerOf('1.0.0'));
  assert.is(first.kind, 'registered');
  const second = await host.register({ name: 'hooks', principal: 'acme' }, hooksFilter);
  assert.is(second.kind, 'registered');
  assert.equal(
    host.list().map(({ kind, principal, name }) => [kind, principal, name]),
    [
      ['protocol', '__global__', 'router'],
      ['hooks', 'acme', 'hooks'],
    ],
  );
  assert.is((await host.dispatch({ name: 'router' }, filter, filterRequest)).kind, 'ok');
  assert.is(host.dispatchSync({ name: 'router' }, filter, filterRequest).kind, 'ok');
  assert.is((await host.dispatch({ name: 'hooks', principal: 'acme' }, filterHook, filterSample())).kind, 'ok');
  assert.is(host.dispatchSync({ name: 'hooks', principal: 'acme' }, filterHook, filterSample()).kind, 'ok');
});

registering('of both generations, and runs no call that was aborted before', async () => {
  const host = hostOf();
  await host.register({ name: 'router' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks' }, hooksFilter);
  const left = new Error('the client left');
  const options = { signal: AbortSignal.abort(left) };
  const wired = await host.dispatch({ name: 'router' }, filter, filterRequest, options);
  const hooked = await host.dispatch({ name: 'hooks' }, filterHook, filterSample(), options);
  for (const outcome of [wired, hooked]) {
    assert.is(outcome.kind !== 'ok' && outcome.error.failure.kind, 'Aborted');
    assert.is(outcome.kind !== 'ok' && outcome.error.cause, left);
  }
  const waiting = { signal: new AbortController().signal };
  assert.is((await host.dispatch({ name: 'router' }, filter, filterRequest, waiting)).kind, 'ok');
  assert.is((await host.dispatch({ name: 'hooks' }, filterHook, filterSample(), waiting)).kind, 'ok');
});

registering('of the hook ABI only if they are admitted', async () => {
  const host = hostOf();
  const broken = await hookModule(
    { filter: 'active' },
    '(func (export "cc_lb_filter") (param i32 i32) (result i64) unreachable)',
  );
  assert.is((await host.register({ name: 'a' }, broken)).kind, 'rejected');
  assert.equal(host.list(), []);
});

registering('and keeps one whose bytes are the same', async () => {
  const host = hostOf();
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  const before = host.get({ name: 'a' });
  const again = await host.register({ name: 'a' }, routerOf('1.0.0'));
  assert.is(again.kind, 'unchanged');
  assert.is(host.get({ name: 'a' }), before);
});

registering('and swaps one for another', async () => {
  const host = hostOf();
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  assert.is((await host.register({ name: 'a' }, routerOf('2.0.0'))).kind, 'swapped');
  assert.is((await host.register({ name: 'a' }, hooksFilter)).kind, 'swapped');
  assert.is(host.get({ name: 'a' })?.kind, 'hooks');
  assert.is(host.list().length, 1);
});

registering('and keeps the old one if the new one is not admitted', async () => {
  const records = new MemoryRecords();
  const host = hostOf({ records });
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  const before = await records.entries();
  const rejected = await host.register({ name: 'a' }, await fixture('behaviour/self-check-failure.wasm'));
  assert.is(rejected.kind, 'rejected');
  assert.equal(await records.entries(), before);
  assert.is(host.dispatchSync({ name: 'a' }, filter, filterRequest).kind, 'ok');
});

registering('and the last of several calls wins', async () => {
  const host = hostOf();
  const versions = ['1.0.0', '2.0.0', '3.0.0'];
  const outcomes = await Promise.all(versions.map((version) => host.register({ name: 'a' }, routerOf(version))));
  assert.equal(
    outcomes.map(({ kind }) => kind),
    ['registered', 'swapped', 'swapped'],
  );
  const plugin = host.get({ name: 'a' });
  const version = plugin?.kind === 'protocol' && plugin.record.augmented_metadata.identity.plugin_version;
  assert.is(version, '3.0.0');
});

registering('and does not see what the caller changes later', async () => {
  const host = hostOf();
  const bytes = routerOf('1.0.0');
  const registration = host.register({ name: 'a' }, bytes);
  bytes.fill(0);
  assert.is((await registration).kind, 'registered');
});

registering('with a storage of its own while they are admitted', async () => {
  const asked: string[] = [];
  const admissionStorage = ({ name }: { readonly name: string }): HostState => {
    asked.push(name);
    return new HostState();
  };
  const host = hostOf({ admissionStorage });
  const metrics = await fixture('rust/metrics/metrics.wasm');
  assert.is((await host.register({ name: 'a' }, metrics)).kind, 'registered');
  assert.equal(asked, ['a', 'a']);
  assert.throws(
    () => hostOf({ admissionStorage, hostFunctions: false }),
    /^options\.admissionStorage must be left out/,
  );
});

registering('with random values of its own, in admissions and calls', async () => {
  const asked: number[] = [];
  const fillRandom = (bytes: Uint8Array): void => {
    asked.push(bytes.length);
    bytes.fill(0xab);
  };
  const storage = new HostState();
  const host = hostOf({ fillRandom, storage: () => storage });
  const module = await pluginModule(
    `(func (export "cc_lb_handshake") (result i32) (local $block i64)
      (local.set $block (call $alloc (i64.const 8)))
      (call $store_u64 (local.get $block) (i64.const 7))
      (drop (call $random (local.get $block))) i32.const 0)`,
    '(import "extism:host/user" "cc_lb_random_bytes" (func $random (param i64) (result i64)))',
  );
  await host.register({ name: 'asking' }, writeIdentity(module, { plugin_name: 'asking', plugin_version: '1.0.0' }));
  assert.equal(asked, [7], 'the handshake asked');
  assert.is((await host.register({ name: 'a' }, await fixture('rust/metrics/metrics.wasm'))).kind, 'registered');
  assert.is((await host.dispatch({ name: 'a' }, wire.v1.observe, chunkAndEnd)).kind, 'ok');
  assert.equal([...(storage.get('rust-metrics', 'started') ?? [])].slice(-4), [0xab, 0xab, 0xab, 0xab]);
  assert.throws(() => hostOf({ fillRandom, hostFunctions: false }), /^options\.fillRandom must be left out/);
  // The cast passes what the type forbids.
  assert.throws(() => hostOf({ fillRandom: 7 as never }), /^options\.fillRandom must be a function/);
});

registering('under any key', async () => {
  const host = hostOf();
  const keys = [{ name: 'b/c', principal: 'a' }, { name: 'c', principal: 'a/b' }, { name: '__proto__' }, { name: '"' }];
  for (const key of keys) assert.is((await host.register(key, routerOf('1.0.0'))).kind, 'registered');
  assert.is(host.list().length, keys.length);
});

registering.run();

const refusing = suite('a host refuses');

const kindOf = async (promise: Promise<unknown>): Promise<string> => (await refusalOf(promise)).kind;

refusing('modules that are no plugins, or too large', async () => {
  const host = hostOf({ limits: { moduleBytes: 100_000 } });
  assert.is(await kindOf(host.register({ name: 'a' }, new Uint8Array())), 'NotAPlugin');
  assert.is(await kindOf(host.register({ name: 'a' }, new Uint8Array(50))), 'NotAPlugin');
  const large = new Uint8Array(100_001);
  assert.equal(await refusalOf(host.register({ name: 'a' }, large)), {
    kind: 'ModuleTooLarge',
    bytes: 100_001,
    max: 100_000,
  });
  assert.equal(host.list(), []);
});

refusing('more plugins than pluginsMax, those under way included', async () => {
  const host = hostOf({ pluginsMax: 2 });
  const names = ['a', 'b', 'c', 'd'];
  const results = await Promise.allSettled(names.map((name) => host.register({ name }, routerOf('1.0.0'))));
  assert.equal(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'rejected'],
  );
  assert.equal(await refusalOf(host.register({ name: 'e' }, routerOf('1.0.0'))), { kind: 'TooManyPlugins', max: 2 });
  assert.is((await host.register({ name: 'a' }, routerOf('2.0.0'))).kind, 'swapped', 'a swap adds none');
  await host.remove({ name: 'b' });
  assert.is((await host.register({ name: 'e' }, routerOf('1.0.0'))).kind, 'registered');
});

const saturated = { kind: 'Saturated', full: 'admissions', max: 3 };

refusing('more registrations at once than may wait', async () => {
  const host = hostOf({ admissionsMax: 1, waitingAdmissionsMax: 2 });
  const bytes = routerOf('1.0.0');
  const results = await Promise.allSettled(
    Array.from({ length: 1_000 }, (_, index) => host.register({ name: `plugin-${index}` }, bytes)),
  );
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.is(refused.length, 997);
  for (const error of refused) assert.equal(await refusalOf(Promise.reject(error)), saturated);
  assert.is((await host.register({ name: 'later' }, bytes)).kind, 'registered');
});

refusing('calls of what is not there, and of the other generation', async () => {
  const host = hostOf();
  await host.register({ name: 'router' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks' }, hooksFilter);
  assert.equal(await refusalOf(host.dispatch({ name: 'other' }, filter, filterRequest)), { kind: 'NotRegistered' });
  assert.is(
    await kindOf(host.dispatch({ name: 'router', principal: 'acme' }, filter, filterRequest)),
    'NotRegistered',
    'a plugin belongs to its principal',
  );
  assert.equal(await refusalOf(host.dispatch({ name: 'router' }, filterHook, filterSample())), {
    kind: 'WrongGeneration',
    function: 'filter',
    generation: 1,
  });
  assert.equal(await refusalOf(host.dispatch({ name: 'hooks' }, filter, filterRequest)), {
    kind: 'WrongGeneration',
    function: 'filter',
    generation: 2,
  });
});

refusing('a function of the other generation with a word on what to call', async () => {
  const host = hostOf();
  await host.register({ name: 'hooks' }, await fixture('hooks/filter/filter.wasm'));
  const error = await host.dispatch({ name: 'hooks' }, filter, filterRequest).catch(String);
  const expected =
    'hooks: the plugin is of generation 2: call its hooks, such as filterHook, not the filter of the other';
  assert.is(error, `PluginHostError: ${expected}`);
});

refusing('everything once it is closed', async () => {
  const host = hostOf();
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  await host.close();
  await host.close();
  assert.equal(host.list(), []);
  assert.is(await kindOf(host.register({ name: 'a' }, routerOf('1.0.0'))), 'Closed');
  assert.is(await kindOf(host.dispatch({ name: 'a' }, filter, filterRequest)), 'Closed');
  assert.is(await kindOf(host.restore()), 'Closed');
  assert.is(await kindOf(host.remove({ name: 'a' })), 'Closed');
});

refusing.run();

const removing = suite('a host removes plugins');

removing('with their records', async () => {
  const records = new MemoryRecords();
  const host = hostOf({ records });
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  assert.is(await host.remove({ name: 'a' }), true);
  assert.is(await host.remove({ name: 'a' }), false);
  assert.equal(await records.entries(), []);
  assert.is(host.get({ name: 'a' }), undefined);
});

removing('after a registration that was called before', async () => {
  const host = hostOf();
  const registered = host.register({ name: 'a' }, routerOf('1.0.0'));
  const removed = host.remove({ name: 'a' });
  assert.is((await registered).kind, 'registered');
  assert.is(await removed, true);
  assert.equal(host.list(), []);
});

removing.run();

const reporting = suite('a host reports');

reporting('when there are as many plugins as it should have', async () => {
  const telemetry = recordedTelemetry();
  const host = hostOf({ telemetry, pluginsSoftMax: 3 });
  const bytes = routerOf('1.0.0');
  for (const name of ['a', 'b']) await host.register({ name }, bytes);
  const warnings = () => telemetry.events.filter(({ target }) => target === 'cc_lb_plugin.host').length;
  assert.is(warnings(), 0);
  await host.register({ name: 'one more' }, bytes);
  assert.is(warnings(), 1);
  await host.register({ name: 'another' }, bytes);
  assert.is(warnings(), 1);
});

reporting.run();
