/*
 * Texts of requests. Each is there as a host reads it, with fields in declared order, and as it
 * sends it, with sorted keys.
 */

/** A Principal. */
export const principal = '{"id":"i","kind":"k","claims":{}}';
/** A Principal as it is sent. */
export const sentPrincipal = '{"claims":{},"id":"i","kind":"k"}';

/** A ShapedRequestWire. */
export const shaped = '{"url":"u","method":"m","headers":[],"body_base64":""}';
/** A ShapedRequestWire as it is sent. */
export const sentShaped = '{"body_base64":"","headers":[],"method":"m","url":"u"}';

/** A RequestWire. */
export const wireRequest = '{"request_id":"r","headers":[],"method":"m","path":"p","query":null,"body_base64":""}';
/** A RequestWire as it is sent. */
export const sentWireRequest = '{"body_base64":"","headers":[],"method":"m","path":"p","query":null,"request_id":"r"}';

/** An UpstreamWire. */
export const upstream = '{"kind":"anthropic_direct"}';

/**
 * A ShapeRequest.
 *
 * @param end further fields, each after a comma.
 */
export const shape = (end = ''): string =>
  `{"request":${wireRequest},"upstream":${upstream},"principal":${principal}${end}}`;

/** {@link shape} as it is sent. */
export const sentShape = (end = ''): string =>
  `{"_v":1,"principal":${sentPrincipal},"request":${sentWireRequest},"upstream":${upstream}${end}}`;

/**
 * A FilterRequest or RouteRequest.
 *
 * @param end further fields, each after a comma.
 */
export const choice = (candidates = '', end = ''): string =>
  '{"request_id":"r","headers":[],"method":"m","path":"p","query":null,"body_base64":"",' +
  `"principal":${principal},"candidates":[${candidates}]${end}}`;

/** {@link choice} as it is sent. */
export const sentChoice = (candidates = ''): string =>
  `{"_v":1,"body_base64":"","candidates":[${candidates}],"headers":[],"method":"m","path":"p",` +
  `"principal":${sentPrincipal},"query":null,"request_id":"r"}`;

/** {@link choice} with the fields that `route` has in v2, as it is sent. */
export const sentRouteV2 = (candidates: string, breakpoints: string, model: string): string =>
  `{"_v":1,"body_base64":"","cache_breakpoints":[${breakpoints}],"candidates":[${candidates}],` +
  `"canonical_model_id":"${model}","headers":[],"method":"m","path":"p","principal":${sentPrincipal},"query":null,` +
  '"request_id":"r"}';

/**
 * A CandidateWire.
 *
 * @param end further fields, each after a comma.
 */
export const candidate = (end = ''): string =>
  '{"upstream_id":"u","name":"n","kind":"k","observed_rate_limits":[],"subscription_quotas":[],' +
  `"observed_at_unix_secs":18446744073709551615${end}}`;

/**
 * {@link candidate} as it is sent.
 *
 * @param begin further fields, each before a comma.
 */
export const sentCandidate = (begin = ''): string =>
  `{${begin}"kind":"k","name":"n","observed_at_unix_secs":18446744073709551615,"observed_rate_limits":[],` +
  '"subscription_quotas":[],"upstream_id":"u"}';

/**
 * A CacheScoreWire.
 *
 * @param end further fields, each after a comma.
 */
export const score = (confidence: string, end = ''): string =>
  '{"predicted_cache_read_tokens":1,"predicted_cache_creation_tokens_5m":2,"predicted_cache_creation_tokens_1h":3,' +
  `"predicted_uncached_input_tokens":4,"confidence":${confidence}${end}}`;

/**
 * The field of {@link score} as it is sent.
 *
 * @param begin a field before `confidence`, and a comma.
 * @param middle a field after it, and a comma.
 * @param end a field before the last, and a comma.
 */
export const sentScore = (confidence: string, begin = '', middle = '', end = ''): string =>
  `"cache_score":{${begin}"confidence":${confidence},${middle}"predicted_cache_creation_tokens_1h":3,` +
  `"predicted_cache_creation_tokens_5m":2,"predicted_cache_read_tokens":1,${end}"predicted_uncached_input_tokens":4},`;

/** A SubscriptionQuotaCandidateSnapshotWire. */
export const quota = (utilization: string): string =>
  `{"window":"w","source":"s","data_state":"d","utilization":${utilization},"surpassed_threshold":true}`;

/** {@link quota} as it is sent. */
export const sentQuota = (utilization: string): string =>
  '{"age_secs":null,"data_state":"d","disabled_reason":null,"observed_at_unix_millis":null,' +
  '"representative_claim":null,"resets_at_unix_secs":null,"source":"s","status":null,"surpassed_threshold":true,' +
  `"utilization":${utilization},"window":"w"}`;

/** A SignRequest. */
export const sign = (state: string): string => `{"shaped":${shaped},"signer_state":${state}}`;

/** {@link sign} as it is sent. */
export const sentSign = (state: string, version = 1): string =>
  `{"_v":${version},"shaped":${sentShaped},"signer_state":${state}}`;
