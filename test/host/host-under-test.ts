import { PluginHost, PluginHostError, type PluginHostOptions, type RecordStore } from '../../src/host/index.ts';

import { wire } from '../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';

const router = await fixture('router/router.wasm');

/** The request that all tests send to routers. */
export const filterRequest = wire.v3.filter.dryRunRequest();

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
