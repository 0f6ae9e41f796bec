// Hosts on one database agree on their plugins, whoever changes them.
import type { PluginHost, RestoredPlugin } from 'cc-lb-runtime-protocol/host';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PluginStore } from '../store/store.ts';
import { PluginSync } from '../sync.ts';
import { databases } from './support/databases.ts';
import { hostOf, idOf, routerOf, versionAt } from './support/plugins.ts';
import { pause, storeAt, until } from './support/stores.ts';

/** A host that follows a database, as in a process of its own. */
interface Gateway {
  readonly host: ReturnType<typeof hostOf>;
  readonly store: PluginStore;
  readonly sync: PluginSync;
  readonly outcomes: RestoredPlugin[];
  close(): Promise<void>;
}

/** The gateways of one test. They end with it, also if it fails. */
const running = new Set<Gateway>();

async function closeAll(): Promise<void> {
  await Promise.all(Array.from(running, (gateway) => gateway.close()));
  running.clear();
}

async function gatewayOn(address: string, change: (store: PluginStore) => PluginStore = (store) => store) {
  const opened = await storeAt(address);
  const store = change(opened);
  const host = hostOf({ records: store.records, modules: store.modules });
  const outcomes: RestoredPlugin[] = [];
  const onError = (error: unknown): void => {
    throw error;
  };
  const sync = await PluginSync.start(host, store.records, { onOutcome: (each) => outcomes.push(each), onError });
  const close = async (): Promise<void> => {
    await sync.close();
    await host.close();
    await opened.close();
  };
  const gateway: Gateway = { host, store, sync, outcomes, close };
  running.add(gateway);
  return gateway;
}

const until1s = (host: Pick<PluginHost<never>, 'get'>, name: string, version: number | undefined): Promise<void> =>
  until(`${name} is of version ${version}`, 1_000, () => versionAt(host, name) === version);

for (const [name, make] of databases) {
  const following = suite(`hosts on one database of ${name}`);

  following('take over registrations, swaps and removals within a second', async () => {
    const address = await make();
    const [one, two] = [await gatewayOn(address), await gatewayOn(address)];
    await one.host.register({ name: 'a' }, routerOf(1));
    await until1s(two.host, 'a', 1);
    await two.host.register({ name: 'a' }, routerOf(2));
    await until1s(one.host, 'a', 2);
    await one.host.remove({ name: 'a' });
    assert.is(versionAt(one.host, 'a'), undefined, 'at once where it was removed');
    await until1s(two.host, 'a', undefined);
    assert.ok(two.outcomes.every(({ kind }) => kind === 'restored' || kind === 'unchanged' || kind === 'removed'));
  });

  following('have what was registered before they started, and while they did', async () => {
    const address = await make();
    const one = await gatewayOn(address);
    for (let index = 0; index < 5; index++) await one.host.register({ name: `p${index}` }, routerOf(index + 1));
    const starting = gatewayOn(address, (store) => ({
      ...store,
      records: {
        ...store.records,
        entries: async () => {
          const entries = await store.records.entries();
          await one.host.register({ name: 'p0' }, routerOf(100));
          await one.host.remove({ name: 'p1' });
          await one.host.register({ name: 'p5' }, routerOf(6));
          return entries;
        },
      },
    }));
    const two = await starting;
    await until1s(two.host, 'p0', 100);
    await until1s(two.host, 'p1', undefined);
    await until1s(two.host, 'p5', 6);
    assert.is(versionAt(two.host, 'p4'), 5);
  });

  following('agree after all of them changed the same keys at once', async () => {
    const address = await make();
    const gateways = await Promise.all(Array.from({ length: 3 }, () => gatewayOn(address)));
    const names = ['a', 'b'];
    await Promise.all(
      gateways.map(async ({ host }, index) => {
        for (let round = 0; round < 15; round++) {
          for (const key of names) {
            if ((round + index) % 4 === 3) await host.remove({ name: key });
            else await host.register({ name: key }, routerOf(1 + 100 * index + round));
          }
        }
      }),
    );
    const [first] = gateways;
    for (const key of names) {
      const record = await first?.store.records.get(idOf(key));
      const last = /"plugin_version":"(\d+)/.exec(record ?? '')?.[1];
      for (const { host } of gateways) await until1s(host, key, last === undefined ? undefined : Number(last));
    }
    await pause(200);
    for (const { host } of gateways) {
      assert.equal(
        names.map((key) => versionAt(host, key)),
        names.map((key) => first && versionAt(first.host, key)),
      );
    }
  });

  following('keep the last good plugin if a record cannot be taken over, and say so', async () => {
    const address = await make();
    const [one, two] = [await gatewayOn(address), await gatewayOn(address)];
    await one.host.register({ name: 'a' }, routerOf(1));
    await until1s(two.host, 'a', 1);
    const id = idOf('a');
    const record = (await one.store.records.get(id)) ?? '';
    await one.store.records.put(id, record.replace('"form_version":1', '"form_version":2'));
    await until('it is reported', 1_000, () => two.sync.state.failed.length === 1);
    assert.match(two.sync.state.failed[0]?.reason ?? '', /\$.form_version: 2/);
    assert.is(versionAt(two.host, 'a'), 1);
    const unknown = '0'.repeat(64);
    await one.store.records.put(id, record.replace(/"module_sha256":"\w*"/, `"module_sha256":"${unknown}"`));
    await until('it is reported', 1_000, () => two.sync.state.failed[0]?.reason.includes(unknown) === true);
    assert.is(versionAt(two.host, 'a'), 1);
    await one.store.records.put(id, record);
    await until('nothing fails any more', 1_000, () => two.sync.state.failed.length === 0);
    await one.host.register({ name: 'a' }, routerOf(2));
    await until1s(two.host, 'a', 2);
  });

  following('try again what the store refused', async () => {
    const address = await make();
    let refused = 0;
    const one = await gatewayOn(address);
    const two = await gatewayOn(address, (store) => ({
      ...store,
      modules: {
        ...store.modules,
        get: async (sha256) => {
          if (refused++ < 2) throw new Error('away');
          return await store.modules.get(sha256);
        },
      },
    }));
    await one.host.register({ name: 'a' }, routerOf(1));
    await until('it was tried three times', 2_000, () => refused === 3);
    await until1s(two.host, 'a', 1);
    assert.equal(two.sync.state.failed, []);
  });

  following('follow no more after they were closed', async () => {
    const address = await make();
    const [one, two] = [await gatewayOn(address), await gatewayOn(address)];
    await two.sync.close();
    await one.host.register({ name: 'a' }, routerOf(1));
    await pause(700);
    assert.is(versionAt(two.host, 'a'), undefined);
  });

  following.after.each(closeAll);
  following.run();
}
