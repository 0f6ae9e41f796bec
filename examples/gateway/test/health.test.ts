// How a gateway reports to a balancer how far it has followed its store.
import { MemoryBytes, MemoryRecords } from 'cc-lb-runtime-protocol/host';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGateway } from '../gateway.ts';
import type { PluginStore } from '../store/store.ts';

/** A store in memory that has not answered its subscription for a time. */
function storeBehind(behindMs: number, records = new MemoryRecords()): PluginStore {
  const subscribe = async () => ({ revision: 7, behindMs, close: async () => undefined });
  const shared = Object.assign(records, { subscribe });
  return { records: shared, modules: new MemoryBytes(), prepared: new MemoryBytes(), close: async () => undefined };
}

const upstreams = [] as const;

const health = suite('the health of a gateway');

health('is good while its store answers, and bad when it has not for ten seconds', async () => {
  for (const [behindMs, status] of [
    [200, 200],
    [9_999, 200],
    [10_001, 503],
  ] as const) {
    const gateway = await createGateway({ upstreams, clients: new Map(), token: 't', store: storeBehind(behindMs) });
    const response = await gateway.admin.request('/health');
    assert.is(response.status, status);
    assert.equal(await response.json(), { revision: 7, behindMs, failed: 0 });
    await gateway.close();
  }
});

health('is good without a store, and counts records that cannot be used', async () => {
  const alone = await createGateway({ upstreams, clients: new Map(), token: 't' });
  assert.equal(await (await alone.admin.request('/health')).json(), { revision: 0, behindMs: 0, failed: 0 });
  await alone.close();
  const records = new MemoryRecords();
  await records.put('["__global__","a"]', '{');
  const store = storeBehind(0, records);
  const gateway = await createGateway({ upstreams, clients: new Map(), token: 't', store, log: () => undefined });
  const response = await gateway.admin.request('/health');
  assert.is(response.status, 200);
  assert.is((await response.json()).failed, 1);
  await gateway.close();
});

health.run();
