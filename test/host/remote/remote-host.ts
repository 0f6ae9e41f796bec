import { RemotePluginHost } from '../../../src/host/remote/remote-host.ts';
import type { RemoteOptions } from '../../../src/host/remote/settings.ts';
import type { DispatchOutcome } from '../../../src/protocol/dispatch.ts';
import { type SignResponse, wire } from '../../../src/protocol/messages/index.ts';
import { fixture } from '../../support/fixture.ts';
import { unhurried } from '../../support/layers.ts';
import { RemotesInMemory } from './in-memory.ts';

/** A plugin that numbers its signatures in a variable, so its state can be seen. */
export const numbering: Uint8Array = await fixture('rust/signer/signer.wasm');

/** A module that gives plugins a configuration. The plugin above needs it. */
export const hostModule = moduleOf("{ config: () => ({ header: 'x-key' }) }");

/** The URL of a host module that returns an expression. */
export function moduleOf(expression: string): string {
  return `data:text/javascript,${encodeURIComponent(`export const createHostOptions = () => (${expression});`)}`;
}

/** Options of hosts whose admissions have no deadline. */
export const patient = {
  ...unhurried,
  hooks: { probe: { wallMs: Number.POSITIVE_INFINITY } },
  hostModule,
} satisfies RemoteOptions;

export const key = { name: 'signer' };

/** Calls the plugin above. */
export function sign(
  host: RemotePluginHost,
  options: { readonly signal?: AbortSignal; readonly affinity?: number } = {},
): Promise<DispatchOutcome<SignResponse>> {
  const { shaped } = wire.v1.sign.dryRunRequest();
  return host.dispatch(key, wire.v1.sign, { shaped, signer_state: { key: 'k' } }, options);
}

/** The number of a signature; or the kind of the failure. */
export function numberOf(outcome: DispatchOutcome<SignResponse>): string | undefined {
  if (outcome.kind !== 'ok') return outcome.error.failure.kind;
  const header = outcome.response.headers?.find(({ name }) => name === 'x-signature-number');
  return header && atob(header.value_base64);
}

/** A host with remotes in memory that has the plugin above, and what makes its remotes. */
export async function numberingHost(options: RemoteOptions = {}, count = 1) {
  const remotes = new RemotesInMemory();
  const host = new RemotePluginHost(remotes, count, { ...patient, ...options });
  await host.register(key, numbering);
  return { host, remotes, number: async (more = {}) => numberOf(await sign(host, more)) };
}

/** Lets a time pass, in milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(1);
}
