import { readFileSync } from 'node:fs';
import { PluginHost, type PluginHostOptions } from 'cc-lb-runtime-protocol/host';
import { writeIdentity } from '../../../../src/protocol/write-identity.ts';

const router = new Uint8Array(readFileSync(new URL('../../../../fixtures/router/router.wasm', import.meta.url)));

/** A router whose bytes differ from version to version. */
export function routerOf(version: number): Uint8Array<ArrayBuffer> {
  return writeIdentity(router, { plugin_name: 'router', plugin_version: `${version}.0.0` });
}

/** Makes a host whose admissions have no deadline, since the machine may be busy. */
export function hostOf(options: PluginHostOptions) {
  const unlimited = { wallMs: Number.POSITIVE_INFINITY };
  return PluginHost.direct({ handshake: unlimited, selfCheck: unlimited, ...options });
}

/** Which version of the router serves a name; `undefined` if there is none. */
export function versionAt(host: Pick<PluginHost<never>, 'get'>, name: string): number | undefined {
  const plugin = host.get({ name });
  if (plugin?.kind !== 'protocol') return undefined;
  return Number.parseInt(plugin.record.augmented_metadata.identity.plugin_version, 10);
}

/** The id of the record of a name. */
export const idOf = (name: string): string => JSON.stringify(['__global__', name]);
