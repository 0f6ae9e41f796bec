import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ByteStore,
  MemoryBytes,
  MemoryRecords,
  type PluginHostOptions,
  type RecordStore,
} from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { filterRequest, hostOf, passing, refusalOf, routerOf } from './host-under-test.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const thrown = (): never => {
  throw new Error('no connection');
};

/** What a store does instead of answering, and what the host says. */
const faults: Readonly<Record<string, { readonly instead: () => Promise<never>; readonly reason: RegExp }>> = {
  rejects: { instead: async () => thrown(), reason: /^no connection$/ },
  throws: { instead: () => thrown(), reason: /^no connection$/ },
  'never answers': { instead: never, reason: /^it did not answer within 20 ms \(option storeMs\)$/ },
};

/** Stores of which one function can be made to fail. */
function breakableStores() {
  const [records, modules, prepared] = [new MemoryRecords(), new MemoryBytes(), new MemoryBytes()];
  let broken = '';
  let instead: () => Promise<never> = never;
  const or = <T>(name: string, work: () => Promise<T>): Promise<T> => (name === broken ? instead() : work());
  const bytesOf = (name: string, bytes: ByteStore): ByteStore => ({
    get: (key) => or(`${name}.get`, () => bytes.get(key)),
    put: (key, given) => or(`${name}.put`, () => bytes.put(key, given)),
  });
  const recordsOf: RecordStore = {
    get: (id) => or('records.get', () => records.get(id)),
    put: (id, text) => or('records.put', () => records.put(id, text)),
    replace: (id, before, text) => or('records.replace', () => records.replace(id, before, text)),
    delete: (id) => or('records.delete', () => records.delete(id)),
    entries: () => or('records.entries', () => records.entries()),
  };
  const stores = { records: recordsOf, modules: bytesOf('modules', modules), prepared: bytesOf('prepared', prepared) };
  const breakAt = (name: string, how: () => Promise<never> = never): void => {
    [broken, instead] = [name, how];
  };
  return { stores, breakAt };
}

const key = { name: 'a' };

const failing = suite('a store');

for (const [what, { instead, reason }] of Object.entries(faults)) {
  failing(`that ${what} fails a registration by name, and the plugin that served goes on`, async () => {
    const { stores, breakAt } = breakableStores();
    const host = hostOf({ ...stores, storeMs: 20 });
    await host.register(key, routerOf('1.0.0'));
    const before = host.get(key);
    for (const name of ['records.put', 'modules.put', 'prepared.put']) {
      breakAt(name, instead);
      const failure = await refusalOf(host.register(key, routerOf('2.0.0')));
      if (failure.kind !== 'StoreFailed') throw new Error(failure.kind);
      assert.is(`${failure.store}.put`, name);
      assert.match(failure.reason, reason);
      assert.is(host.get(key), before);
      assert.is(host.dispatchSync(key, wire.v3.filter, filterRequest).kind, 'ok');
    }
    breakAt('records.delete', instead);
    assert.is((await refusalOf(host.remove(key))).kind, 'StoreFailed');
    assert.is(host.get(key), before);
    breakAt('');
    assert.is((await host.register(key, routerOf('2.0.0'))).kind, 'swapped');
    assert.is(await host.remove(key), true);
  });

  failing(`that ${what} fails a start by name, and loses nothing`, async () => {
    const { stores, breakAt } = breakableStores();
    await hostOf(stores).register(key, routerOf('1.0.0'));
    const host = hostOf({ ...stores, storeMs: 20 });
    breakAt('records.entries', instead);
    assert.is((await refusalOf(host.restore())).kind, 'StoreFailed');
    breakAt('modules.get', instead);
    const [restored] = await host.restore();
    assert.is(restored?.kind === 'failed' && restored.error.failure.kind, 'StoreFailed');
    breakAt('prepared.get', instead);
    assert.is((await host.restore())[0]?.kind, 'restored');
    assert.is(host.dispatchSync(key, wire.v3.filter, filterRequest).kind, 'ok');
  });
}

failing('that never replaces the record that it has is asked once, and not for ever', async () => {
  let replacements = 0;
  const records = {
    ...passing(new MemoryRecords()),
    replace: async () => {
      replacements++;
      return false;
    },
  };
  const modules = new MemoryBytes();
  await hostOf({ records, modules }).register(key, routerOf('1.0.0'));
  // It offers something else, so the plugin is admitted again.
  const host = hostOf({ records, modules, hostCapabilities: ['other'] });
  const [restored] = await host.restore();
  assert.equal(restored?.kind === 'failed' && restored.error.failure, {
    kind: 'StoreFailed',
    store: 'records',
    action: 'write a record',
    reason: 'it did not replace the record that it has',
  });
  assert.is(replacements, 1);
  assert.equal(host.list(), []);
});

failing('that answers twice is heard once', async () => {
  const records = new MemoryRecords();
  const put = async (id: string, text: string): Promise<void> => {
    await records.put(id, text);
    return await new Promise((resolve, reject) => {
      resolve();
      reject(new Error('again'));
      resolve();
    });
  };
  const host = hostOf({
    records: { ...passing(records), put },
  });
  assert.is((await host.register(key, routerOf('1.0.0'))).kind, 'registered');
  assert.is(host.list().length, 1);
});

/** What entries that may be anything have for an id. */
function textOf(entries: unknown, id: string): unknown {
  return Array.isArray(entries) ? entries.find((entry) => Array.isArray(entry) && entry[0] === id)?.[1] : undefined;
}

/** Restores from a store of records that returns something else. */
async function restoreFrom(entries: unknown) {
  const records = {
    ...passing(new MemoryRecords()),
    // The casts: a store without a type checker returns anything.
    get: async (id: string) => textOf(entries, id) as string | undefined,
    entries: async () => entries as [string, string][],
  };
  return await hostOf({ records }).restore();
}

failing('that gives back other types is refused by name', async () => {
  for (const entries of [undefined, null, 7, {}, ['a'], [null], [[7, 'text']], [{ id: 'a' }]]) {
    const failure = await refusalOf(restoreFrom(entries));
    assert.is(failure.kind === 'StoreFailed' && failure.store, 'records', JSON.stringify(entries));
  }
  for (const text of [null, 7, { kind: 'protocol' }, ['a'], '', 'null', '{}', '[]', '"a"', '{"kind":"protocol"}']) {
    const [restored, ...others] = await restoreFrom([['["__global__","a"]', text]]);
    assert.is(restored?.kind === 'failed' && restored.error.failure.kind, 'MalformedRecord', JSON.stringify(text));
    assert.equal(others, []);
  }
});

failing('that gives back other bytes is refused by name', async () => {
  const { stores } = breakableStores();
  await hostOf(stores).register(key, routerOf('1.0.0'));
  for (const other of [
    undefined,
    null,
    7,
    'text',
    [0, 1],
    new Uint8Array(),
    routerOf('2.0.0'),
    new Uint8Array(65 * 2 ** 20),
  ]) {
    // The cast: a store without a type checker returns anything.
    const modules = { get: async () => other as Uint8Array, put: async () => undefined };
    const [restored] = await hostOf({ ...stores, modules }).restore();
    assert.is(restored?.kind === 'failed' && restored.error.failure.kind, 'StoreFailed');
  }
});

failing('that changes what it is given cannot change what serves', async () => {
  const put = async (_: string, bytes: Uint8Array): Promise<void> => void bytes.fill(0);
  const modules = { get: async () => undefined, put };
  const host = hostOf({ modules, prepared: modules });
  assert.is((await host.register(key, routerOf('1.0.0'))).kind, 'registered');
  assert.is(host.dispatchSync(key, wire.v3.filter, filterRequest).kind, 'ok');
  assert.is((await host.register(key, routerOf('1.0.0'))).kind, 'unchanged');
});

failing.run();

const restoring = suite('a record');

/** A text of a record, and the store of its module. */
async function recorded() {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  await hostOf(stores).register(key, routerOf('1.0.0'));
  const [[id, text] = ['', '']] = await stores.records.entries();
  return { id, text, modules: stores.modules };
}

async function failureFrom(id: string, text: string, options: PluginHostOptions) {
  const records = new MemoryRecords();
  await records.put(id, text);
  const host = hostOf({ ...options, records });
  const [restored] = await host.restore();
  assert.equal(await records.entries(), [[id, text]], 'the record stays');
  assert.equal(host.list(), []);
  return restored?.kind === 'failed' ? restored.error.failure : undefined;
}

restoring('that is cut at any character is malformed', async () => {
  const { id, text, modules } = await recorded();
  for (let at = 0; at < text.length; at++)
    assert.is((await failureFrom(id, text.slice(0, at), { modules }))?.kind, 'MalformedRecord', `cut at ${at}`);
});

restoring('of a newer form is malformed, and says where', async () => {
  const { id, text, modules } = await recorded();
  const newer = text.replace('"form_version":1', '"form_version":2');
  assert.equal(await failureFrom(id, newer, { modules }), {
    kind: 'MalformedRecord',
    path: '$.form_version',
    reason: '2, but this version of the package reads 1',
  });
});

restoring('of a newer package is admitted again', async () => {
  const { id, text, modules } = await recorded();
  const records = new MemoryRecords();
  await records.put(id, text.replace(/"package_version":"[^"]*"/, '"package_version":"99.0.0"'));
  const [restored] = await hostOf({ records, modules }).restore();
  assert.is(restored?.kind === 'admitted' && restored.need.kind, 'PackageChanged');
});

restoring('cannot be read with a clock that fails, and can when it works again', async () => {
  const { id, text, modules } = await recorded();
  const failure = await failureFrom(id, text, { modules, clock: () => Number.NaN });
  assert.is(failure?.kind, 'CannotStart');
  assert.match(failure?.kind === 'CannotStart' ? failure.reason : '', /the clock must return a finite number/);
});

restoring('stays fresh if the clock jumps back, and expires if it jumps forwards', async () => {
  const { id, text, modules } = await recorded();
  const year = 365 * 86_400_000;
  for (const [jump, kind] of [
    [-year, 'restored'],
    [year, 'admitted'],
  ] as const) {
    const records = new MemoryRecords();
    await records.put(id, text);
    const [restored] = await hostOf({ records, modules, clock: () => Date.now() + jump }).restore();
    assert.is(restored?.kind, kind);
  }
});

restoring.run();

const racing = suite('registering and removing at once');

racing('ends as the last call says, here and in the store', async () => {
  const records = new MemoryRecords();
  /** Each answer takes another time. */
  let answers = 0;
  const late = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let turns = (answers++ * 7) % 5; turns > 0; turns--) await new Promise((resolve) => setTimeout(resolve, 0));
    return await work();
  };
  const host = hostOf({
    records: {
      ...passing(records),
      put: (id, text) => late(() => records.put(id, text)),
      delete: (id) => late(() => records.delete(id)),
    },
  });
  for (let round = 0; round < 8; round++) {
    const calls = Array.from({ length: 6 }, (_, index) =>
      (round * 5 + index * 3) % 4 === 0 ? host.remove(key) : host.register(key, routerOf(`${index}.0.0`)),
    );
    const outcomes = await Promise.all(calls);
    const isRemoved = typeof outcomes.at(-1) === 'boolean';
    assert.is(host.list().length, isRemoved ? 0 : 1, `round ${round}`);
    const stored = (await records.entries()).map(([, text]) => JSON.parse(text).module_sha256);
    assert.equal(
      stored,
      host.list().map(({ module_sha256 }) => module_sha256),
      `round ${round}`,
    );
  }
});

racing.run();
