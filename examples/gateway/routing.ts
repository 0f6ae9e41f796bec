import {
  candidatesAfterFilter,
  filteredCandidates,
  filterHook,
  HookPolicyError,
  visibleRequest,
} from 'cc-lb-runtime-protocol/hooks';
import type { PluginLease } from 'cc-lb-runtime-protocol/host';
import { requestWire } from 'cc-lb-runtime-protocol/host';
import { wire } from 'cc-lb-runtime-protocol/wire';
import { hookPrincipal } from './clients.ts';
import type { Exchange } from './exchange.ts';
import type { Upstream } from './upstreams.ts';

/**
 * Asks the filter which upstreams may serve a request.
 *
 * @returns those that are left: all, if there is no filter or it fails.
 */
export async function allowedUpstreams(exchange: Exchange, all: readonly Upstream[]): Promise<readonly Upstream[]> {
  const { filter } = exchange.plugins;
  if (filter === undefined) return all;
  const ask = filter.admitted.kind === 'protocol' ? askWireFilter : askHookFilter;
  const left = await ask(filter, exchange, all);
  return all.filter(({ id }) => left.some(({ upstream_id }) => upstream_id === id));
}

interface Candidate {
  readonly upstream_id: string;
}

async function askWireFilter(
  filter: PluginLease,
  { id, client, received }: Exchange,
  all: readonly Upstream[],
): Promise<readonly Candidate[]> {
  const candidates = all.map((upstream) => ({
    ...common(upstream),
    observed_rate_limits: [],
    subscription_quotas: [],
    observed_at_unix_secs: unixSeconds(),
  }));
  const request = { ...requestWire(received, id), principal: client, candidates };
  const outcome = await filter.dispatch(wire.v3.filter, request);
  if (outcome.kind === 'fallback') return candidates;
  try {
    return filteredCandidates(outcome.response, candidates).candidates;
  } catch (error) {
    if (error instanceof HookPolicyError) return candidates;
    throw error;
  }
}

async function askHookFilter(
  filter: PluginLease,
  { id, client, received: { request, body }, model, telemetry }: Exchange,
  all: readonly Upstream[],
): Promise<readonly Candidate[]> {
  const candidates = all.map((upstream) => ({ ...common(upstream), ...unknownOfCandidate() }));
  const outcome = await filter.dispatch(filterHook, {
    ...visibleRequest(request),
    body,
    request_id: id,
    principal: hookPrincipal(client),
    canonical_model_id: model,
    ...unknownOfRequest,
    candidates,
  });
  return candidatesAfterFilter(outcome, candidates, { telemetry }).candidates;
}

const common = ({ id, name, kind }: Upstream) => ({ upstream_id: id, name, kind });

const unixSeconds = (): number => Math.floor(Date.now() / 1000);

/** What a server that knows caches and plans would say: see abi/HOOKS.md for the values. */
const unknownOfCandidate = () => ({
  observed_at_unix_secs: unixSeconds(),
  predicted_cache_read_tokens: 0,
  predicted_cache_creation_tokens_5m: 0,
  predicted_cache_creation_tokens_1h: 0,
  predicted_uncached_input_tokens: 0,
  plan_capacity_ratio: 1,
  organization_type: '',
  rate_limit_tier: '',
  seat_tier: '',
});

const unknownOfRequest = {
  thread_id: null,
  service_tier: null,
  cache_pricing: {
    status: 'unknown',
    input_micros_per_million: null,
    cache_creation_5m_micros_per_million: null,
    cache_creation_1h_micros_per_million: null,
    cache_read_micros_per_million: null,
  },
};
