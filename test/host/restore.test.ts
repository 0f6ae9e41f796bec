import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryBytes, MemoryRecords, type RestoredPlugin } from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { fixture } from '../support/fixture.ts';
import { filterRequest, hostOf, passing, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');
const { filter } = wire.v3;

/** The stores of a host that has a plugin of each generation. */
async function filledStores() {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  const host = hostOf(stores);
  await host.register({ name: 'router' }, routerOf('1.0.0'));
  await host.register({ name: 'hooks', principal: 'acme' }, hooksFilter);
  await host.close();
  return stores;
}

const kinds = (restored: readonly RestoredPlugin[]): readonly string[] => restored.map(({ kind }) => kind);

/** What each record needed. */
const needs = (restored: readonly RestoredPlugin[]): readonly unknown[] =>
  restored.map((each) => ('need' in each ? each.need.kind : undefined));

/** Changes the text of all records. */
async function edited(records: MemoryRecords, edit: (text: string) => string): Promise<MemoryRecords> {
  const changed = new MemoryRecords();
  for (const [id, text] of await records.entries()) await changed.put(id, edit(text));
  return changed;
}

const restoring = suite('a host restores plugins');

restoring('from fresh records, without running them', async () => {
  const stores = await filledStores();
  // Without time for admissions, so that none can be needed.
  const host = hostOf({ ...stores, restoreMs: 0 });
  assert.equal(kinds(await host.restore()), ['restored', 'restored']);
  assert.equal(
    host
      .list()
      .map(({ name }) => name)
      .sort(),
    ['hooks', 'router'],
  );
  assert.is(host.dispatchSync({ name: 'router' }, filter, filterRequest).kind, 'ok');
  assert.equal(kinds(await host.restore()), ['unchanged', 'unchanged'], 'again changes nothing');
});

restoring('and admits them again if the record is not fresh', async () => {
  const stores = await filledStores();
  const week = 604_800_000;
  const expired = hostOf({ ...stores, clock: () => Date.now() + week });
  assert.equal(needs(await expired.restore()), ['Expired', undefined]);

  const other = hostOf({ ...(await filledStores()), hostCapabilities: ['quota'] });
  assert.equal(needs(await other.restore()), ['OfferChanged', undefined]);

  const { records, modules } = await filledStores();
  const older = await edited(records, (text) => text.replace(/"package_version":"[^"]*"/, '"package_version":"0.0.1"'));
  const upgraded = hostOf({ records: older, modules });
  assert.equal(needs(await upgraded.restore()), ['PackageChanged', 'PackageChanged']);
  assert.equal(kinds(await hostOf({ records: older, modules }).restore()), ['restored', 'restored']);
});

restoring('and admits them again if their self-check failed, or the messages of a hook have changed', async () => {
  const { records, modules } = await filledStores();
  const other = await edited(records, (text) =>
    text
      .replace('"self_check_passed":true', '"self_check_passed":false')
      .replace(/("fingerprints":\{"filter":)"[0-9a-f]*"/, '$1"00"'),
  );
  const host = hostOf({ records: other, modules });
  assert.equal(needs(await host.restore()), ['SelfCheckFailed', 'FingerprintChanged']);
});

restoring('and says so if there is no time for admissions', async () => {
  const stores = await filledStores();
  const host = hostOf({ ...stores, hostCapabilities: ['quota'], restoreMs: 0 });
  const [router] = await host.restore();
  assert.is(router?.kind === 'failed' && router.error.failure.kind, 'StartupBudget');
});

restoring('and reports each record that cannot be read, and keeps it', async () => {
  const { records, modules } = await filledStores();
  const [[, router = ''] = []] = await records.entries();
  const cut = await edited(records, (text) => text.slice(0, text.length / 2));
  const newer = await edited(records, (text) => text.replace('"form_version":1', '"form_version":2'));
  const foreign = new MemoryRecords();
  await foreign.put('["acme","another"]', router);
  for (const [broken, path] of [
    [cut, undefined],
    [newer, '$.form_version'],
    [foreign, '$.name'],
  ] as const) {
    const before = await broken.entries();
    const restored = await hostOf({ records: broken, modules }).restore();
    for (const each of restored) {
      const failure = each.kind === 'failed' ? each.error.failure : undefined;
      assert.is(failure?.kind, 'MalformedRecord');
      if (path !== undefined) assert.is(failure?.kind === 'MalformedRecord' && failure.path, path);
    }
    assert.equal(await broken.entries(), before);
  }
});

restoring('and refuses modules that are gone or were changed', async () => {
  const { records } = await filledStores();
  const modules = new MemoryBytes();
  const gone = await hostOf({ records, modules }).restore();
  assert.equal(kinds(gone), ['failed', 'failed']);
  for (const [, text] of await records.entries()) {
    const { module_sha256 } = JSON.parse(text);
    await modules.put(module_sha256, routerOf('6.6.6'));
  }
  const changed = await hostOf({ records, modules }).restore();
  for (const each of changed) assert.is(each.kind === 'failed' && each.error.failure.kind, 'StoreFailed');
});

restoring.run();

const failing = suite('a host whose store fails');

const full = (): Promise<never> => Promise.reject(new Error('the disk is full'));

failing('changes nothing, and names the store', async () => {
  const records = new MemoryRecords();
  const modules = new MemoryBytes();
  const host = hostOf({
    records: { ...passing(records), put: (...given) => put(...given), delete: () => full() },
    modules,
  });
  let put = (id: string, text: string): Promise<void> => records.put(id, text);
  await host.register({ name: 'a' }, routerOf('1.0.0'));
  const before = host.get({ name: 'a' });
  put = full;
  assert.equal(await refusalOf(host.register({ name: 'a' }, routerOf('2.0.0'))), {
    kind: 'StoreFailed',
    store: 'records',
    action: 'write a record',
    reason: 'the disk is full',
  });
  assert.is((await refusalOf(host.remove({ name: 'a' }))).kind, 'StoreFailed');
  assert.is(host.get({ name: 'a' }), before);
  assert.is(host.dispatchSync({ name: 'a' }, filter, filterRequest).kind, 'ok');
});

failing('says so when it restores', async () => {
  const host = hostOf({ records: { get: full, put: full, replace: full, delete: full, entries: full } });
  const failure = await refusalOf(host.restore());
  assert.is(failure.kind === 'StoreFailed' && failure.action, 'read the records');
});

failing('answers late, holds up nobody else', async () => {
  const records = new MemoryRecords();
  let answer = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const put = async (id: string, text: string): Promise<void> => {
    if (id.includes('slow')) await late;
    await records.put(id, text);
  };
  const host = hostOf({
    records: { ...passing(records), put },
    admissionsMax: 1,
  });
  const slow = host.register({ name: 'slow' }, routerOf('1.0.0'));
  assert.is((await host.register({ name: 'quick' }, routerOf('1.0.0'))).kind, 'registered');
  assert.is(host.get({ name: 'slow' }), undefined);
  answer();
  assert.is((await slow).kind, 'registered');
});

failing.run();
