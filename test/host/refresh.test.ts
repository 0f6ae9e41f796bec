import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryBytes, MemoryRecords, type PluginHost, type RecordStore } from '../../src/host/index.ts';
import { sha256Hex } from '../../src/sha256.ts';
import { fixture } from '../support/fixture.ts';
import { hostOf, passing, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');

const a = { name: 'a' };
/** The id of the record of `a`. */
const id = '["__global__","a"]';

/** Two hosts on the same stores, as in two processes. */
function pair(recordsOfTwo: (records: MemoryRecords) => RecordStore = (records) => records) {
  const records = new MemoryRecords();
  const modules = new MemoryBytes();
  const one = hostOf({ records, modules });
  const two = hostOf({ records: recordsOfTwo(records), modules });
  return { records, modules, one, two };
}

const versionAt = (host: Pick<PluginHost<never>, 'get'>): string | undefined => {
  const plugin = host.get(a);
  return plugin?.kind === 'protocol' ? plugin.record.augmented_metadata.identity.plugin_version : plugin?.kind;
};

const edit = async (records: MemoryRecords, change: (text: string) => string): Promise<void> =>
  records.put(id, change((await records.get(id)) ?? ''));

const outdated = (text: string): string => text.replace(/"package_version":"[^"]*"/, '"package_version":"0.0.1"');

const refreshing = suite('a host takes over what another one wrote');

refreshing('a registration, a swap and a removal', async () => {
  const { one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  assert.is(two.get(a), undefined);
  assert.is((await two.refresh(id)).kind, 'restored');
  assert.is(versionAt(two), '1.0.0');
  await one.register(a, hooksFilter);
  assert.is((await two.refresh(id)).kind, 'restored');
  assert.is(versionAt(two), 'hooks');
  assert.is((await two.refresh(id)).kind, 'unchanged');
  await one.remove(a);
  assert.is((await two.refresh(id)).kind, 'removed');
  assert.is(two.get(a), undefined);
  assert.is((await two.refresh(id)).kind, 'removed', 'again changes nothing');
});

refreshing('and does not go back if it hears of a change late', async () => {
  let isHeld = false;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { one, two } = pair((records) => ({
    ...passing(records),
    put: async (key, text) => {
      isHeld = true;
      await held;
      await records.put(key, text);
    },
  }));
  await one.register(a, routerOf('1.0.0'));
  const registration = two.register(a, routerOf('2.0.0'));
  while (!isHeld) await new Promise((resolve) => setTimeout(resolve));
  const late = two.refresh(id);
  release();
  assert.is((await registration).kind, 'registered');
  assert.is((await late).kind, 'unchanged');
  assert.is(versionAt(two), '2.0.0');
  assert.is((await one.refresh(id)).kind, 'restored');
  assert.is(versionAt(one), '2.0.0');
});

refreshing('and two that register the same key agree on the last one', async () => {
  const { one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  await two.register(a, routerOf('2.0.0'));
  assert.is((await one.register(a, routerOf('1.0.0'))).kind, 'swapped', 'the store has another module');
  await Promise.all([one.refresh(id), two.refresh(id)]);
  assert.is(versionAt(one), '1.0.0');
  assert.is(versionAt(two), '1.0.0');
  assert.is((await two.register(a, routerOf('1.0.0'))).kind, 'unchanged');
});

refreshing('and removes what it has not heard of yet', async () => {
  const { records, one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  assert.is(await two.remove(a), true);
  assert.is(await records.get(id), undefined);
  assert.is(await two.remove(a), false);
});

refreshing('and registers again what another one removed', async () => {
  const { records, one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  await two.remove(a);
  assert.is((await one.register(a, routerOf('1.0.0'))).kind, 'swapped');
  assert.ok(await records.get(id));
});

refreshing('and admits it if its record is not fresh, and renews the record', async () => {
  const { records, one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  const before = await records.get(id);
  await edit(records, outdated);
  const refreshed = await two.refresh(id);
  assert.is(refreshed.kind === 'admitted' && refreshed.need.kind, 'PackageChanged');
  assert.is((await records.get(id))?.length, before?.length);
  assert.is((await one.refresh(id)).kind, 'unchanged', 'it has the module');
  await edit(records, outdated);
  assert.is((await two.refresh(id)).kind, 'unchanged');
});

refreshing('and writes no renewed record over one that came in between', async () => {
  for (const way of ['refresh', 'restore'] as const) {
    const between: (() => Promise<unknown>)[] = [];
    const { records, one, two } = pair((shared) => ({
      ...passing(shared),
      replace: async (...given) => {
        await between.pop()?.();
        return await shared.replace(...given);
      },
    }));
    await one.register(a, routerOf('1.0.0'));
    const first = one.get(a)?.module_sha256;
    await edit(records, outdated);
    between.push(() => one.register(a, routerOf('2.0.0')));
    const [became] = way === 'refresh' ? [await two.refresh(id)] : await two.restore();
    assert.is(became?.kind, 'restored', way);
    assert.is(versionAt(two), '2.0.0');
    await edit(records, (text) => outdated(text).replace(/"module_sha256":"[^"]*"/, `"module_sha256":"${first}"`));
    between.push(() => one.remove(a));
    assert.is((await two.refresh(id)).kind, 'removed', way);
    assert.is(two.get(a), undefined);
  }
});

refreshing('and starts none that was removed while it read the list', async () => {
  const { one, two } = pair((records) => ({
    ...passing(records),
    entries: async () => {
      const entries = await records.entries();
      await one.remove(a);
      return entries;
    },
  }));
  await one.register(a, routerOf('1.0.0'));
  assert.equal(await two.restore(), [{ kind: 'removed', id }]);
  assert.is(two.get(a), undefined);
});

refreshing('and keeps what served if the new one cannot', async () => {
  const { records, modules, one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  await two.refresh(id);
  const first = (await records.get(id)) ?? '';
  await one.register(a, routerOf('2.0.0'));
  const second = (await records.get(id)) ?? '';
  const shaOf = (text: string): string => /"module_sha256":"([0-9a-f]*)"/.exec(text)?.[1] ?? '';
  const other = '0'.repeat(64);

  await edit(records, (text) => text.slice(0, 100));
  assert.is((await two.refresh(id)).kind, 'failed');
  await records.put(id, second.replace('"form_version":1', '"form_version":2'));
  assert.is((await two.refresh(id)).kind, 'failed');
  await records.put(id, second.replace(shaOf(second), other));
  await modules.put(other, routerOf('3.0.0'));
  assert.is((await two.refresh(id)).kind, 'failed', 'other bytes than the record names');
  assert.is(versionAt(two), '1.0.0');
  await records.put(id, first);
  assert.is((await two.refresh(id)).kind, 'unchanged');
});

refreshing('and keeps what served if the new one is rejected', async () => {
  const { records, modules, one, two } = pair();
  await one.register(a, routerOf('1.0.0'));
  await two.refresh(id);
  const failing = await fixture('behaviour/self-check-failure.wasm');
  const sha256 = await sha256Hex(new Uint8Array(failing));
  await modules.put(sha256, failing);
  await edit(records, (text) => outdated(text).replace(/"module_sha256":"[^"]*"/, `"module_sha256":"${sha256}"`));
  assert.is((await two.refresh(id)).kind, 'rejected');
  assert.is(versionAt(two), '1.0.0');
});

refreshing('and says so if the store fails', async () => {
  const { two } = pair((records) => ({
    ...passing(records),
    get: () => Promise.reject(new Error('the database restarts')),
  }));
  const refreshed = await two.refresh(id);
  assert.equal(refreshed.kind === 'failed' && refreshed.error.failure, {
    kind: 'StoreFailed',
    store: 'records',
    action: 'read a record',
    reason: 'the database restarts',
  });
});

refreshing('and not after it was closed', async () => {
  const { two } = pair();
  await two.close();
  assert.is((await refusalOf(two.refresh(id))).kind, 'Closed');
});

refreshing.run();
