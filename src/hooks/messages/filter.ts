import { bytes, f64, list, option, string, struct, u32, u64 } from '../archive/declare.ts';
import type { InferArchive } from '../archive/type.ts';
import { Header, Principal } from './common.ts';

/** What the model's tokens cost; null where it is not known. */
export const CachePricingSummary = struct('CachePricingSummary', {
  status: string,
  input_micros_per_million: option(u64),
  cache_creation_5m_micros_per_million: option(u64),
  cache_creation_1h_micros_per_million: option(u64),
  cache_read_micros_per_million: option(u64),
});
/** The TypeScript type of {@link CachePricingSummary}. */
export type CachePricingSummary = InferArchive<typeof CachePricingSummary>;

/** An upstream that could take the request. Its `upstream_id` must be a UUID. */
export const UpstreamCandidate = struct('UpstreamCandidate', {
  upstream_id: string,
  name: string,
  kind: string,
  observed_at_unix_secs: u64,
  predicted_cache_read_tokens: u32,
  predicted_cache_creation_tokens_5m: u32,
  predicted_cache_creation_tokens_1h: u32,
  predicted_uncached_input_tokens: u32,
  plan_capacity_ratio: f64,
  organization_type: string,
  rate_limit_tier: string,
  seat_tier: string,
});
/** The TypeScript type of {@link UpstreamCandidate}. */
export type UpstreamCandidate = InferArchive<typeof UpstreamCandidate>;

/** The request of the hook `filter`. */
export const FilterRequest = struct('FilterRequest', {
  request_id: string,
  thread_id: option(string),
  service_tier: option(string),
  canonical_model_id: string,
  cache_pricing: CachePricingSummary,
  method: string,
  path: string,
  query: option(string),
  headers: list(Header),
  body: bytes,
  principal: Principal,
  candidates: list(UpstreamCandidate),
});
/** The TypeScript type of {@link FilterRequest}. */
export type FilterRequest = InferArchive<typeof FilterRequest>;

/** What a filter says of one candidate. Only the decision `accept` keeps it. */
export const PerCandidateReason = struct('PerCandidateReason', {
  upstream_id: string,
  decision: string,
  reason: string,
});
/** The TypeScript type of {@link PerCandidateReason}. */
export type PerCandidateReason = InferArchive<typeof PerCandidateReason>;

/** The response of the hook `filter`. A candidate without a result is dropped. */
export const FilterResponse = struct('FilterResponse', { results: list(PerCandidateReason) });
/** The TypeScript type of {@link FilterResponse}. */
export type FilterResponse = InferArchive<typeof FilterResponse>;
