import { filteredCandidates, HookPolicyError } from 'cc-lb-runtime-protocol/hooks';
import { type ReceivedRequest, requestWire } from 'cc-lb-runtime-protocol/host';
import { dispatchWireCall, wire } from 'cc-lb-runtime-protocol/prepared';
import type { Client, Upstream } from './environment.ts';
import type { OpenPlugins } from './plugins.ts';

/** A request whose body was read, and who sent it. */
export interface Exchange {
  readonly id: string;
  readonly client: Client;
  readonly received: ReceivedRequest;
}

/**
 * Asks the router for the upstream of a request. If the router fails, it has no say, as its
 * fallback wants: the request goes to the first upstream.
 *
 * @returns undefined if the router accepts none.
 */
export function chosenUpstream(
  { id, client, received }: Exchange,
  { router: { plugin, metadata } }: OpenPlugins,
  upstreams: readonly Upstream[],
): Upstream | undefined {
  const candidates = upstreams.map((upstream) => ({
    upstream_id: upstream.id,
    name: upstream.name,
    kind: upstream.kind,
    observed_rate_limits: [],
    subscription_quotas: [],
    observed_at_unix_secs: Math.floor(Date.now() / 1000),
  }));
  const request = { ...requestWire(received, id), principal: client, candidates };
  const outcome = dispatchWireCall(wire.v3.filter, plugin, metadata, request);
  if (outcome.kind === 'fallback') {
    console.warn(`the router failed: ${outcome.error.message}`);
    return upstreams[0];
  }
  try {
    const [first] = filteredCandidates(outcome.response, candidates).candidates;
    return upstreams.find((upstream) => upstream.id === first?.upstream_id);
  } catch (error) {
    if (!(error instanceof HookPolicyError)) throw error;
    console.warn(`the router's answer is not used: ${error.message}`);
    return upstreams[0];
  }
}
