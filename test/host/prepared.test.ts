import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ByteStore, MemoryBytes, MemoryRecords, type PluginHostOptions } from '../../src/host/index.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { sha256Hex } from '../../src/sha256.ts';
import { fixture } from '../support/fixture.ts';
import { withoutCompilingAsync } from '../support/plugin.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');
const { filter } = wire.v3;

/** A store that counts, and what it holds. */
function countedBytes() {
  const bytes = new MemoryBytes();
  const names: string[] = [];
  const found: string[] = [];
  const store: ByteStore = {
    get: async (name) => {
      found.push(name);
      return await bytes.get(name);
    },
    put: async (name, given) => {
      names.push(name);
      await bytes.put(name, given);
    },
  };
  return { store, bytes, names, found };
}

/** The stores of a host that has a plugin of each generation, with prepared modules. */
async function filledStores(options: PluginHostOptions = {}) {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  const prepared = countedBytes();
  const host = hostOf({ ...stores, prepared: prepared.store, ...options });
  await host.register({ name: 'router' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks' }, hooksFilter);
  await host.close();
  return { stores, prepared };
}

/** Restores a host, and returns what was logged. Both plugins must serve after that. */
async function restored(options: PluginHostOptions): Promise<readonly string[]> {
  const telemetry = recordedTelemetry();
  const host = hostOf({ ...options, restoreMs: 0, telemetry });
  for (const each of await host.restore()) if (each.kind === 'failed') throw each.error;
  assert.is(host.dispatchSync({ name: 'router' }, filter, filterRequest).kind, 'ok');
  assert.is(host.list().length, 2);
  return telemetry.events.flatMap(({ target, message }) => (target === 'cc_lb_plugin.host' ? [message] : []));
}

const storing = suite('prepared modules');

storing('are stored under their hash, which the record has', async () => {
  const { stores, prepared } = await filledStores();
  const records = (await stores.records.entries()).map(([, text]) => JSON.parse(text).prepared.sha256);
  assert.equal(records, prepared.names);
  for (const name of prepared.names) {
    const bytes = await prepared.bytes.get(name);
    assert.is(bytes && (await sha256Hex(bytes)), name);
    assert.ok(bytes && WebAssembly.validate(bytes));
  }
});

storing('are what a restart compiles', async () => {
  const { stores, prepared } = await filledStores();
  assert.equal(await restored({ ...stores, prepared: prepared.store }), []);
  assert.equal(prepared.found.toSorted(), prepared.names.toSorted());
  assert.is(prepared.names.length, 2, 'nothing was prepared again');
});

storing('cannot be used where the engine may not compile, and the error says so', async () => {
  const { stores, prepared } = await filledStores();
  const host = hostOf({ ...stores, prepared: prepared.store, restoreMs: 0 });
  const outcomes = await withoutCompilingAsync(() => host.restore());
  await host.close();
  for (const outcome of outcomes) {
    assert.is(outcome.kind, 'failed');
    const message = outcome.kind === 'failed' ? outcome.error.message : '';
    assert.match(message, /does not allow WebAssembly to be compiled at run time; prepare the plugin ahead \(/);
    assert.match(message, /code generation is disallowed here/);
  }
  assert.is(outcomes.length, 2);
});

storing('are not what the store says if their hash is another', async () => {
  const { stores, prepared } = await filledStores();
  const forged = new MemoryBytes();
  for (const name of prepared.names) await forged.put(name, preparePlugin(routerOf('6.6.6')));
  const log = await restored({ ...stores, prepared: forged });
  assert.equal(log, ['a prepared module cannot be used', 'a prepared module cannot be used']);
  const [name = ''] = prepared.names;
  const mended = await forged.get(name);
  assert.is(mended && (await sha256Hex(mended)), name, 'it was prepared and stored again');
});

storing('are prepared again for other limits', async () => {
  const { stores, prepared } = await filledStores();
  const options = { ...stores, prepared: prepared.store, limits: { moduleBytes: 2 ** 22 } };
  assert.equal(await restored(options), []);
  assert.equal(prepared.found, []);
  assert.is(prepared.names.length, 4);
  assert.equal(await restored(options), []);
  assert.is(prepared.found.length, 2);
});

storing('are added to records that have none', async () => {
  const { stores } = await filledStores({ prepared: undefined });
  const { store, names, found } = countedBytes();
  await restored({ ...stores, prepared: store });
  assert.is(names.length, 2);
  await restored({ ...stores, prepared: store });
  assert.equal([...found].sort(), [...names].sort());
});

storing('do not keep a plugin from starting if their store fails', async () => {
  const full = (): Promise<never> => Promise.reject(new Error('the disk is full'));
  const { stores } = await filledStores();
  const log = await restored({ ...stores, prepared: { get: full, put: full } });
  assert.equal([...log].sort(), [
    'a prepared module cannot be kept',
    'a prepared module cannot be kept',
    'a prepared module cannot be used',
    'a prepared module cannot be used',
  ]);
  const host = hostOf({ prepared: { get: full, put: full } });
  const failure = await refusalOf(host.register({ name: 'a' }, hooksFilter));
  assert.equal(failure, {
    kind: 'StoreFailed',
    store: 'prepared',
    action: 'write a module',
    reason: 'the disk is full',
  });
  assert.equal(host.list(), []);
});

storing('run as they are if the record has their hash', async () => {
  const { stores, prepared } = await filledStores();
  const [[id, text] = ['', '']] = await stores.records.entries();
  // An engine with one memory for each module cannot run a linked one.
  const other = preparePlugin(await fixture('dialect/dialect.wasm'), { kernel: JSON.parse(text).kernel });
  const sha256 = await sha256Hex(other);
  await prepared.bytes.put(sha256, other);
  await stores.records.put(id, text.replace(prepared.names[0] ?? '', sha256));
  const host = hostOf({ ...stores, prepared: prepared.store });
  await host.restore();
  const outcome = host.dispatchSync({ name: 'router' }, filter, filterRequest);
  assert.is(outcome.kind === 'fallback' && outcome.error.message, 'filter: the plugin does not export this function');
});

storing('have names that are hashes, whatever the record says', async () => {
  const { stores, prepared } = await filledStores();
  const [[id, text] = ['', '']] = await stores.records.entries();
  await stores.records.put(id, text.replace(/("prepared":\{"sha256":")[^"]*/, '$1../../etc/passwd'));
  const [first] = await hostOf({ ...stores, prepared: prepared.store }).restore();
  assert.is(first?.kind === 'failed' && first.error.failure.kind, 'MalformedRecord');
  assert.is(prepared.found.length, 1);
});

storing.run();
