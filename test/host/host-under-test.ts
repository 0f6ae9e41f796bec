import { PluginHost, PluginHostError, type PluginHostOptions, type RecordStore } from '../../src/host/index.ts';

import { type ObserveRequest, type WireInput, wire } from '../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';

const router = await fixture('router/router.wasm');

/** The request that all tests send to routers. */
export const filterRequest = wire.v3.filter.dryRunRequest();

/** Events on which the observer `rust/metrics` counts, stores and logs. */
export const chunkAndEnd = {
  events: [
    { kind: 'chunk', batch_index: 0, event_count: 3, total_bytes: 40 },
    { kind: 'request_started', request_id: 'r', downstream_user_agent: null },
    {
      kind: 'request_finished',
      status: 200,
      input_tokens: null,
      output_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      duration_ms: 1,
    },
  ],
} as const satisfies WireInput<ObserveRequest>;

/** A router of generation 1, whose bytes differ from version to version. */
export function routerOf(version: string): Uint8Array<ArrayBuffer> {
  return writeIdentity(router, { plugin_name: 'router', plugin_version: version });
}

/** Makes a host whose admissions have no deadline. */
export function hostOf(options: PluginHostOptions = {}) {
  const hooks = { probe: { wallMs: Number.POSITIVE_INFINITY } };
  return PluginHost.direct({ ...unhurried, hooks, ...options });
}

/** Returns the failure with which a promise rejects. Throws whatever else happens. */
export async function refusalOf(promise: Promise<unknown>): Promise<PluginHostError['failure']> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof PluginHostError) return error.failure;
    throw error;
  }
  throw new Error('it was not refused');
}

/** The functions of a store, to replace some of them. */
export const passing = (records: RecordStore): RecordStore => ({
  get: (id) => records.get(id),
  put: (id, text) => records.put(id, text),
  replace: (id, before, text) => records.replace(id, before, text),
  delete: (id) => records.delete(id),
  entries: () => records.entries(),
});
