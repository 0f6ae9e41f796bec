// PostgreSQL restarts, or hangs, while gateways write and listen.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openStore } from '../store/open.ts';
import type { PluginStore } from '../store/store.ts';
import { postgresServer } from './support/databases.ts';
import { listenTo, pause, storeAt, until } from './support/stores.ts';

/** A store whose subscription may fail, since the database does. */
async function storeThrough(address: string, errors: Error[]): Promise<PluginStore> {
  return await openStore(address, { onError: (error) => errors.push(error) });
}

/** Writes until it is stopped, and remembers what was answered. */
function writeOn(store: PluginStore) {
  const accepted = new Map<string, number>();
  const counts = { accepted: 0, failed: 0 };
  let isStopped = false;
  const ended = (async () => {
    for (let number = 0; !isStopped; number++) {
      const id = `k${number % 10}`;
      try {
        await store.records.put(id, String(number));
        accepted.set(id, number);
        counts.accepted++;
      } catch {
        // The writer of a gateway answers that the store failed. It is counted here.
        counts.failed++;
        await pause(5);
      }
    }
  })();
  const stop = async (): Promise<void> => {
    isStopped = true;
    await ended;
  };
  return { accepted, counts, stop };
}

const restarting = suite('a store on PostgreSQL');

if (postgresServer !== undefined) {
  const server = postgresServer;

  for (const way of ['shutdown', 'crash'] as const) {
    restarting(`loses nothing that was accepted when the database restarts after a ${way}`, async () => {
      const address = await server.newDatabase();
      const errors: Error[] = [];
      const [one, two] = await Promise.all([storeThrough(address, errors), storeThrough(address, errors)]);
      const heard = await listenTo(two);
      const writer = writeOn(one);
      await until('it writes', 5_000, () => writer.counts.accepted > 20);
      await server.restart(way, 300);
      const before = writer.counts.accepted;
      await until('it writes again', 5_000, () => writer.counts.accepted > before + 20);
      await writer.stop();
      for (const [id, number] of writer.accepted) {
        const stored = Number(await two.records.get(id));
        assert.ok(stored >= number, `${id}: ${stored}, but ${number} was accepted`);
      }
      await until('each key is reported', 2_000, () => heard.ids.size === 10);
      assert.ok(writer.counts.failed > 0, 'the database was away');
      const { accepted, failed } = writer.counts;
      console.log(`${way}: ${accepted} writes accepted, ${failed} failed, none lost`);

      // Notifications come again: without them half of the changes would need more than 250 ms.
      for (let index = 0; index < 8; index++) {
        heard.ids.clear();
        await one.records.put('late', String(index));
        await until('the notification comes', 250, () => heard.ids.has('late'));
        await pause(20 * index);
      }
      await Promise.all([one.close(), two.close()]);
    });
  }

  restarting('fails in time if the database hangs, and goes on afterwards', async () => {
    const address = await server.newDatabase();
    const errors: Error[] = [];
    const store = await storeThrough(address, errors);
    const heard = await listenTo(store);
    server.pause();
    const askedAt = performance.now();
    const failures = await Promise.allSettled([store.records.put('a', 'one'), store.records.get('a')]);
    const took = performance.now() - askedAt;
    server.resume();
    for (const failure of failures) {
      assert.match(
        failure.status === 'rejected' ? String(failure.reason) : 'it succeeded',
        /did not answer for 5000 ms/,
      );
    }
    assert.ok(took < 8_000, `${took} ms`);
    assert.ok(heard.subscription.behindMs > 4_000, 'it knows how late it may be');
    await store.records.put('b', 'two');
    await until('the change is reported', 6_000, () => heard.ids.has('b'));
    assert.ok(heard.subscription.behindMs < 2_000);
    await store.close();
  });

  restarting('cannot be opened while the database is away', async () => {
    const address = await server.newDatabase();
    const restarted = server.restart('shutdown', 1_000);
    await pause(300);
    const refused = await storeAt(address).then(
      () => 'it was opened',
      (error: unknown) => String(error),
    );
    assert.match(refused, /ECONNREFUSED|shutting down|CONNECTION/);
    await restarted;
    await (await storeAt(address)).close();
  });
}

restarting.run();
