// The dry-run samples of abi/PROTOCOL.md, Layer 5. Each call returns a new one, which the caller
// may change.
import { OpaqueJson } from '../../../json/opaque-json.ts';
import type {
  CandidateWire,
  DialectBinding,
  HeaderWire,
  ObserveEventWire,
  Principal,
  RateLimitObservationWire,
  RequestWire,
  ShapedRequestWire,
  SubscriptionQuotaCandidateSnapshotWire,
  UpstreamErrorWire,
  UpstreamWire,
} from './types.ts';

/** The nil id, which no upstream has. */
export const nilId = '00000000-0000-0000-0000-000000000000';

/** The sample of a header. */
const headerSample = (): HeaderWire => ({ name: 'x-cc-lb-dry-run', value_base64: '' });

/** The sample of a principal: an API key without claims. */
export const principalSample = (): Principal => ({
  id: 'dry-run-principal',
  kind: 'api_key',
  claims: OpaqueJson.from({}),
});

/** The sample of a client's request. */
export const requestSample = (): RequestWire => ({
  request_id: 'dry-run-request',
  headers: [],
  method: 'POST',
  path: '/v1/messages',
  query: null,
  body_base64: '',
});

/** The sample of a request for the upstream, and of the shape response. */
export const shapedRequestSample = (): ShapedRequestWire => ({
  url: 'https://api.anthropic.com/v1/messages',
  method: 'POST',
  headers: [],
  body_base64: '',
});

/** The sample of an upstream. */
export const upstreamSample = (): UpstreamWire => ({ kind: 'anthropic_direct' });

/** The sample of a dialect binding. */
export const dialectSample = (): DialectBinding => ({ kind: 'self' });

/** The sample of an upstream's error. */
export const upstreamErrorSample = (): UpstreamErrorWire => ({
  status: 401,
  body_base64: null,
  category: 'unauthorized',
});

/** The sample of an event. */
const observeEventSample = (): ObserveEventWire => ({
  kind: 'request_started',
  request_id: 'dry-run-request',
  downstream_user_agent: null,
});

/** The sample of a rate limit: all values unknown. */
const rateLimitSample = (): RateLimitObservationWire => ({
  kind: 'requests',
  window: 'dry-run',
  limit: null,
  remaining: null,
  reset: null,
});

/** The sample of a quota: all values unknown. */
const subscriptionQuotaSample = (): SubscriptionQuotaCandidateSnapshotWire => ({
  window: '5h',
  source: 'missing',
  data_state: 'missing',
  utilization: null,
  status: null,
  resets_at_unix_secs: null,
  surpassed_threshold: null,
  representative_claim: null,
  disabled_reason: null,
  observed_at_unix_millis: null,
  age_secs: null,
});

/** The sample of a candidate. */
const candidateSample = (): CandidateWire => ({
  upstream_id: nilId,
  name: 'dry-run-upstream',
  kind: 'anthropic_api_key',
  observed_rate_limits: [],
  subscription_quotas: [],
  observed_at_unix_secs: 0,
});

/** The opaque value in samples: null. */
export const stateSample = (): OpaqueJson => OpaqueJson.from(null);

/** The samples of the types that functions share, by the types' names in the reference. */
export const samples = {
  HeaderWire: headerSample,
  Principal: principalSample,
  RequestWire: requestSample,
  ShapedRequestWire: shapedRequestSample,
  UpstreamWire: upstreamSample,
  DialectBinding: dialectSample,
  UpstreamErrorWire: upstreamErrorSample,
  ObserveEventWire: observeEventSample,
  RateLimitObservationWire: rateLimitSample,
  SubscriptionQuotaCandidateSnapshotWire: subscriptionQuotaSample,
  CandidateWire: candidateSample,
} as const;
