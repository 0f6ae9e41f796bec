import {
  bool,
  f64,
  list,
  opaqueObject,
  option,
  string,
  stringEnum,
  struct,
  taggedUnion,
  u16,
  u64,
  usize,
} from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';

/** One header. Its value is base64 of arbitrary bytes. */
export const headerWire = struct('HeaderWire', { name: string, value_base64: string });
/** The TypeScript type of {@link headerWire}. */
export type HeaderWire = Infer<typeof headerWire>;

/** A client's request as received. */
export const requestWire = struct('RequestWire', {
  request_id: string,
  headers: list(headerWire),
  method: string,
  path: string,
  query: option(string),
  body_base64: string,
});
/** The TypeScript type of {@link requestWire}. */
export type RequestWire = Infer<typeof requestWire>;

/** The request for the upstream, as a dialect shaped it. */
export const shapedRequestWire = struct('ShapedRequestWire', {
  url: string,
  method: string,
  headers: list(headerWire),
  body_base64: string,
});
/** The TypeScript type of {@link shapedRequestWire}. */
export type ShapedRequestWire = Infer<typeof shapedRequestWire>;

/** How an upstream failed. */
export const upstreamErrorCategory = stringEnum('UpstreamErrorCategory', ['unauthorized', 'retryable', 'failed']);
/** The TypeScript type of {@link upstreamErrorCategory}. */
export type UpstreamErrorCategory = Infer<typeof upstreamErrorCategory>;

/** An upstream's error answer. */
export const upstreamErrorWire = struct('UpstreamErrorWire', {
  status: u16,
  body_base64: option(string),
  category: upstreamErrorCategory,
});
/** The TypeScript type of {@link upstreamErrorWire}. */
export type UpstreamErrorWire = Infer<typeof upstreamErrorWire>;

/** Who makes the request. */
export const principal = struct('Principal', { id: string, kind: string, claims: opaqueObject });
/** The TypeScript type of {@link principal}. */
export type Principal = Infer<typeof principal>;

/** Where a request goes. */
export const upstreamWire = taggedUnion('UpstreamWire', { anthropic_direct: null });
/** The TypeScript type of {@link upstreamWire}. */
export type UpstreamWire = Infer<typeof upstreamWire>;

/** Whose dialect shapes a request. */
export const dialectBinding = taggedUnion('DialectBinding', { self: null });
/** The TypeScript type of {@link dialectBinding}. */
export type DialectBinding = Infer<typeof dialectBinding>;

/** A rate limit as an upstream last reported it. */
export const rateLimitObservationWire = struct('RateLimitObservationWire', {
  kind: string,
  window: string,
  limit: option(u64),
  remaining: option(u64),
  reset: option(string),
});
/** The TypeScript type of {@link rateLimitObservationWire}. */
export type RateLimitObservationWire = Infer<typeof rateLimitObservationWire>;

/** How much of a subscription's quota was used when it was last read. */
export const subscriptionQuotaCandidateSnapshotWire = struct('SubscriptionQuotaCandidateSnapshotWire', {
  window: string,
  source: string,
  data_state: string,
  utilization: option(f64),
  status: option(string),
  resets_at_unix_secs: option(u64),
  surpassed_threshold: option(bool),
  representative_claim: option(string),
  disabled_reason: option(string),
  observed_at_unix_millis: option(u64),
  age_secs: option(u64),
});
/** The TypeScript type of {@link subscriptionQuotaCandidateSnapshotWire}. */
export type SubscriptionQuotaCandidateSnapshotWire = Infer<typeof subscriptionQuotaCandidateSnapshotWire>;

/** The fields of a candidate in every version. Later versions add to them. */
export const candidateFields = {
  upstream_id: string,
  name: string,
  kind: string,
  observed_rate_limits: list(rateLimitObservationWire),
  subscription_quotas: list(subscriptionQuotaCandidateSnapshotWire),
  observed_at_unix_secs: u64,
} as const;

/** An upstream that a request could go to. */
export const candidateWire = struct('CandidateWire', candidateFields);
/** The TypeScript type of {@link candidateWire}. */
export type CandidateWire = Infer<typeof candidateWire>;

/** Something that happened to a request. */
export const observeEventWire = taggedUnion('ObserveEventWire', {
  request_started: { request_id: string, downstream_user_agent: option(string) },
  authn_complete: { principal_id: string, principal_kind: string },
  upstream_chosen: { upstream: upstreamWire },
  chunk: { batch_index: u64, event_count: usize, total_bytes: usize },
  request_finished: {
    status: u16,
    input_tokens: option(u64),
    output_tokens: option(u64),
    cache_creation_input_tokens: option(u64),
    cache_read_input_tokens: option(u64),
    duration_ms: u64,
  },
  error: { code: string, message: string, source: string },
});
/** The TypeScript type of {@link observeEventWire}. */
export type ObserveEventWire = Infer<typeof observeEventWire>;
