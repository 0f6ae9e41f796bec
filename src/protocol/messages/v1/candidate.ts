import { bool, f64, list, option, string, struct, u64 } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';

/** A rate limit as an upstream last reported it. */
export const rateLimitObservationWire = struct('RateLimitObservationWire', {
  kind: string,
  window: string,
  limit: option(u64),
  remaining: option(u64),
  reset: option(string),
});
/** What {@link rateLimitObservationWire} decodes to. */
export type RateLimitObservationWire = Infer<typeof rateLimitObservationWire>;

/** How much of a subscription's quota was used when it was last looked at. */
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
/** What {@link subscriptionQuotaCandidateSnapshotWire} decodes to. */
export type SubscriptionQuotaCandidateSnapshotWire = Infer<typeof subscriptionQuotaCandidateSnapshotWire>;

/** The fields of a candidate in every version; a later version adds to them. */
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
/** What {@link candidateWire} decodes to. */
export type CandidateWire = Infer<typeof candidateWire>;
