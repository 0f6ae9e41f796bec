// What every store does, whatever its database.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openStore } from '../store/open.ts';
import { databases } from './support/databases.ts';
import { listenTo, pause, storeAt, until } from './support/stores.ts';

/** Ids as hosts write them, of keys that strangers choose. */
const keys = [
  '["__global__","a"]',
  '["a/b","c"]',
  '["a","b/c"]',
  `["x","${'y'.repeat(20_000)}"]`,
  "['); --",
  '"\\u0000"',
];

const quiet = { onError: () => undefined };

for (const [name, make] of databases) {
  const keeping = suite(`a store on ${name}`);

  keeping('keeps records', async () => {
    const store = await storeAt(await make());
    assert.is(await store.records.get('a'), undefined);
    for (const key of keys) await store.records.put(key, `{"of":${JSON.stringify(key)}}`);
    for (const key of keys) assert.is(await store.records.get(key), `{"of":${JSON.stringify(key)}}`);
    assert.equal(
      [...(await store.records.entries())].map(([id]) => id),
      keys,
    );
    await store.records.put('["a/b","c"]', 'é\u{1f600}');
    assert.is(await store.records.get('["a/b","c"]'), 'é\u{1f600}');
    await store.records.delete('["a/b","c"]');
    await store.records.delete('["a/b","c"]');
    await store.records.delete('unknown');
    assert.is(await store.records.get('["a/b","c"]'), undefined);
    assert.is([...(await store.records.entries())].length, keys.length - 1);
    await store.close();
  });

  keeping('replaces a record only if it is the expected one', async () => {
    const store = await storeAt(await make());
    await store.records.put('a', 'one');
    assert.is(await store.records.replace('a', 'zero', 'two'), false);
    assert.is(await store.records.get('a'), 'one');
    assert.is(await store.records.replace('a', 'one', 'two'), true);
    assert.is(await store.records.get('a'), 'two');
    await store.records.delete('a');
    assert.is(await store.records.replace('a', 'two', 'three'), false);
    assert.is(await store.records.get('a'), undefined);
    await store.close();
  });

  keeping('keeps bytes', async () => {
    const store = await storeAt(await make());
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    for (const bytes of [store.modules, store.prepared]) {
      assert.is(await bytes.get('a'), undefined);
      await bytes.put('a', all);
      await bytes.put('a', all);
      await bytes.put('empty', new Uint8Array());
      assert.equal(await bytes.get('a'), all);
      assert.equal(await bytes.get('empty'), new Uint8Array());
    }
    await store.modules.put('module', all);
    assert.is(await store.prepared.get('module'), undefined);
    await store.close();
  });

  keeping('keeps the largest module', async () => {
    const store = await storeAt(await make());
    const large = new Uint8Array(64 * 1024 * 1024).fill(7);
    await store.modules.put('large', large);
    const found = await store.modules.get('large');
    assert.is(found?.length, large.length);
    assert.ok(found?.every((byte) => byte === 7));
    await store.close();
  });

  keeping('has everything after it was opened again', async () => {
    const address = await make();
    const first = await storeAt(address);
    await first.records.put('a', 'one');
    await first.modules.put('module', Uint8Array.of(1));
    await first.close();
    const second = await storeAt(address);
    assert.is(await second.records.get('a'), 'one');
    assert.equal(await second.modules.get('module'), Uint8Array.of(1));
    await second.close();
  });

  keeping('tells other stores on the database, and itself, of every change', async () => {
    const address = await make();
    const [one, two] = await Promise.all([storeAt(address), storeAt(address)]);
    await one.records.put('before', 'is not told');
    const [heardByOne, heardByTwo] = [await listenTo(one), await listenTo(two)];
    await one.records.put('a', 'one');
    await two.records.put('b', 'two');
    await one.records.replace('b', 'two', 'three');
    await one.records.put('c', 'four');
    await one.records.delete('c');
    for (const { ids } of [heardByOne, heardByTwo]) {
      await until(`a, b and c are reported by ${name}`, 2_000, () => ids.size === 3);
      assert.equal([...ids].sort(), ['a', 'b', 'c']);
    }
    heardByTwo.ids.clear();
    await one.records.delete('a');
    await until('the deletion is reported', 2_000, () => heardByTwo.ids.has('a'));
    assert.is(await two.records.get('a'), undefined);
    assert.is(heardByTwo.subscription.revision, 7);
    await Promise.all([one.close(), two.close()]);
  });

  keeping('tells within a second', async () => {
    const address = await make();
    const [one, two] = await Promise.all([storeAt(address), storeAt(address)]);
    const heard = await listenTo(two);
    const times: number[] = [];
    for (let index = 0; index < 20; index++) {
      heard.ids.clear();
      await one.records.put('a', String(index));
      const changedAt = performance.now();
      await until('it is reported', 1_000, () => heard.ids.has('a'));
      times.push(performance.now() - changedAt);
    }
    times.sort((a, b) => a - b);
    console.log(
      `${name}: a change is reported in ${times[10]?.toFixed(0)} ms, at most ${times[19]?.toFixed(0)} ms (20)`,
    );
    await Promise.all([one.close(), two.close()]);
  });

  keeping('tells nothing after its subscription or itself was closed', async () => {
    const address = await make();
    const [one, two] = await Promise.all([storeAt(address), storeAt(address)]);
    const [first, second] = [await listenTo(two), await listenTo(two)];
    await first.subscription.close();
    await one.records.put('a', 'one');
    await until('the other one is reported', 2_000, () => second.ids.has('a'));
    await two.close();
    await one.records.put('b', 'one');
    await pause(600);
    assert.equal([...first.ids], []);
    assert.equal([...second.ids], ['a']);
    await one.close();
  });

  keeping('loses nothing of two stores that write at once', async () => {
    const address = await make();
    const [one, two, reader] = await Promise.all([storeAt(address), storeAt(address), storeAt(address)]);
    const heard = await listenTo(reader);
    const write = async (store: typeof one, own: string): Promise<void> => {
      for (let index = 0; index < 100; index++) {
        await store.records.put('shared', `${own} ${index}`);
        await store.records.put(`${own} ${index}`, 'own');
      }
    };
    await Promise.all([write(one, 'one'), write(two, 'two')]);
    await until('all 201 are reported', 5_000, () => heard.ids.size === 201);
    assert.is(heard.subscription.revision, 400, 'each change has a number of its own');
    const last = await one.records.get('shared');
    assert.is(await two.records.get('shared'), last);
    assert.ok(last === 'one 99' || last === 'two 99', last);
    await Promise.all([one.close(), two.close(), reader.close()]);
  });

  keeping('lets one of several replacements win', async () => {
    const address = await make();
    const stores = await Promise.all(Array.from({ length: 4 }, () => storeAt(address)));
    await stores[0]?.records.put('a', 'before');
    const won = await Promise.all(stores.map(({ records }, index) => records.replace('a', 'before', String(index))));
    assert.is(won.filter((each) => each).length, 1);
    assert.is(await stores[0]?.records.get('a'), String(won.indexOf(true)));
    await Promise.all(stores.map((store) => store.close()));
  });

  keeping('is opened by several at once, and makes its tables once', async () => {
    const address = await make();
    const stores = await Promise.all(Array.from({ length: 8 }, () => storeAt(address)));
    await stores[0]?.records.put('a', 'one');
    for (const { records } of stores) assert.is(await records.get('a'), 'one');
    await Promise.all(stores.map((store) => store.close()));
  });

  keeping.run();
}

/** Returns the message with which an address is refused. */
const refusal = async (address: string): Promise<string> => {
  try {
    await (await openStore(address, quiet)).close();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  throw new Error(`${address} was not refused`);
};

const opening = suite('opening a store');

opening('refuses an unknown kind of database, without the address', async () => {
  const message = await refusal('mysql://root:secret@host/db');
  assert.match(message, /begins with sqlite: or postgres:, not with "mysql:"/);
  assert.not.match(message, /secret/);
  assert.match(await refusal('plugins.db'), /not with ":"/);
  assert.match(await refusal('__proto__:x'), /__proto__/);
});

opening('says which file or server it cannot open', async () => {
  if (databases.some(([name]) => name === 'SQLite')) {
    assert.match(await refusal('sqlite:'), /path of a file/);
    assert.match(await refusal('sqlite:/no/such/folder/plugins.db'), /\/no\/such\/folder\/plugins.db/);
  } else assert.match(await refusal('sqlite:x.db'), /Node 22.13 or later/);
  const message = await refusal('postgres://gateway:secret@127.0.0.1:1/gateway');
  assert.match(message, /ECONNREFUSED/);
  assert.not.match(message, /secret/);
});

opening.run();
