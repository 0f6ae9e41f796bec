import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { machineCodeBytes } from '../../src/host/code-budget.ts';
import { MemoryBytes, MemoryRecords } from '../../src/host/index.ts';
import { fixture } from '../support/fixture.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { hostOf, passing, refusalOf, routerOf } from './host-under-test.ts';

const router = routerOf('1.0.0');
const one = machineCodeBytes(router);

const bounding = suite('the machine code of all plugins');

bounding('grows with the code of each, and counts all of them', async () => {
  const signer = await fixture('rust/signer/signer.wasm');
  assert.ok(machineCodeBytes(signer) > 2 * one);
  assert.is(machineCodeBytes(new Uint8Array()), 160 * 1024, 'without a code section');
});

bounding('has a maximum: one more is refused by name, and not even admitted', async () => {
  const telemetry = recordedTelemetry();
  const host = hostOf({ codeBytesMax: 2 * one, telemetry });
  for (const name of ['a', 'b']) await host.register({ name }, router);
  const refused = { kind: 'CodeBytes', used: 2 * one, needed: one, max: 2 * one };
  assert.equal(await refusalOf(host.register({ name: 'c' }, router)), refused);
  const admissions = telemetry.counters.filter(({ name }) => name === 'cc_lb_plugin_admissions_total');
  assert.is(admissions.length, 2);
  assert.equal(await refusalOf(host.register({ name: 'a' }, routerOf('2.0.0'))), refused, 'a swap needs room for both');
  await host.remove({ name: 'b' });
  assert.is((await host.register({ name: 'a' }, routerOf('2.0.0'))).kind, 'swapped');
  assert.is((await host.register({ name: 'c' }, router)).kind, 'registered');
});

bounding('has that of a removed plugin until its last call has ended', async () => {
  const host = hostOf({ codeBytesMax: one });
  await host.register({ name: 'a' }, router);
  const lease = host.lease({ name: 'a' });
  await host.remove({ name: 'a' });
  assert.is((await refusalOf(host.register({ name: 'b' }, router))).kind, 'CodeBytes');
  await lease.release();
  assert.is((await host.register({ name: 'b' }, router)).kind, 'registered');
});

bounding('has nothing of plugins that did not come to serve', async () => {
  const records = new MemoryRecords();
  let isFull = true;
  let isUnconfigured = true;
  const host = hostOf({
    codeBytesMax: one,
    records: {
      ...passing(records),
      put: async (id, text) => {
        if (isFull) throw new Error('the disk is full');
        await records.put(id, text);
      },
    },
    config: () => {
      if (isUnconfigured) throw new Error('there is no configuration');
      return {};
    },
  });
  const key = { name: 'a' };
  assert.is((await refusalOf(host.register(key, router))).kind, 'CannotStart');
  isUnconfigured = false;
  assert.is((await refusalOf(host.register(key, router))).kind, 'StoreFailed');
  isFull = false;
  assert.is((await host.register(key, await fixture('behaviour/self-check-failure.wasm'))).kind, 'rejected');
  assert.is((await host.register(key, router)).kind, 'registered');
});

bounding('is bounded at a start too, and the records stay', async () => {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  const before = hostOf(stores);
  for (const name of ['a', 'b', 'c']) await before.register({ name }, router);
  const host = hostOf({ ...stores, codeBytesMax: 2 * one });
  const kinds = (await host.restore()).map((each) => (each.kind === 'failed' ? each.error.failure.kind : each.kind));
  assert.equal(kinds.sort(), ['CodeBytes', 'restored', 'restored']);
  assert.is((await stores.records.entries()).length, 3);
});

bounding.run();
