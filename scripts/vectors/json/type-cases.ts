import { principal, shaped, upstream, wireRequest } from '../request-texts.ts';

/**
 * A field of a type: its name, a value, a value of another type, and what it is if it is missing.
 * Nothing: it may not be missing. `skipped`: it is not written then.
 */
export type FieldCase = readonly [name: string, good: string, bad?: string | undefined, missing?: string];

/** A type of PROTOCOL.md with its fields in declared order. */
export interface TypeCase {
  /** The anchor of its row. */
  readonly rule: string;
  readonly type: string;
  /** The kind of a tagged union, which the fields belong to. */
  readonly kind?: string;
  readonly fields: readonly FieldCase[];
}

const U16 = ['65535', '65536'] as const;
const U32 = ['4294967295', '4294967296'] as const;
const U64 = ['18446744073709551615', '18446744073709551616'] as const;
const I64 = ['-9223372036854775808', '9223372036854775808'] as const;

/** A value that no field takes but one of any value. */
const text = (name: string): FieldCase => [name, `"${name}"`, '1'];
const optionalText = (name: string): FieldCase => [name, `"${name}"`, '1', 'null'];
const u16 = (name: string): FieldCase => [name, ...U16];
const u32 = (name: string): FieldCase => [name, ...U32];
const u64 = (name: string): FieldCase => [name, ...U64];
const i64 = (name: string): FieldCase => [name, ...I64];
const optionalU64 = (name: string): FieldCase => [name, ...U64, 'null'];
/** An `any`, for which no value is wrong. */
const any = (name: string): FieldCase => [name, '{"a":[1.0]}'];
const listOf = (name: string, ...items: readonly string[]): FieldCase => [name, `[${items.join(',')}]`, '[1]'];

const header = '{"name":"n","value_base64":"v"}';
const identity = '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"n","plugin_version":"v"}';
const metadata =
  `{"identity":${identity},"negotiated_functions":{"sign":1},"negotiated_capabilities":["c"],` +
  '"handshake_completed_at":1,"self_check_passed":true,"self_check_completed_at":1,"expires_at":2}';
const error = '{"status":401,"body_base64":null,"category":"unauthorized"}';
const rateLimit = '{"kind":"k","window":"w","limit":null,"remaining":null,"reset":null}';
const quota =
  '{"window":"w","source":"s","data_state":"d","utilization":null,"status":null,"resets_at_unix_secs":null,' +
  '"surpassed_threshold":null,"representative_claim":null,"disabled_reason":null,"observed_at_unix_millis":null,' +
  '"age_secs":null}';
const candidate =
  '{"upstream_id":"u","name":"n","kind":"k","observed_rate_limits":[],"subscription_quotas":[],' +
  '"observed_at_unix_secs":0}';
const score =
  '{"predicted_cache_read_tokens":1,"predicted_cache_creation_tokens_5m":2,"predicted_cache_creation_tokens_1h":3,' +
  '"predicted_uncached_input_tokens":4,"confidence":0.5}';
const candidateWithScore = `${candidate.slice(0, -1)},"cache_score":${score}}`;
const breakpoint =
  '{"block_index":0,"source":"tools","path":"p","prefix_hash":"h","prefix_token_count":1,' +
  '"requested_ttl":"ephemeral5m","origin":"explicit"}';

const requestFields: readonly FieldCase[] = [
  text('request_id'),
  listOf('headers', header),
  text('method'),
  text('path'),
  optionalText('query'),
  text('body_base64'),
];

const shapeFields: readonly FieldCase[] = [
  ['request', wireRequest, 'null'],
  ['upstream', upstream, '"anthropic_direct"'],
  ['principal', principal, 'null'],
];

const shapedFields: readonly FieldCase[] = [
  text('url'),
  text('method'),
  listOf('headers', header),
  text('body_base64'),
];

const principalField: FieldCase = ['principal', principal, 'null'];

const candidateFields: readonly FieldCase[] = [
  text('upstream_id'),
  text('name'),
  text('kind'),
  listOf('observed_rate_limits', rateLimit),
  listOf('subscription_quotas', quota),
  u64('observed_at_unix_secs'),
];

/** All structs. */
export const structTypes: readonly TypeCase[] = [
  {
    rule: 'J-18',
    type: 'PluginIdentity',
    fields: [
      ['magic', '[204,27,112,16,0,1,0,0]', '[204,27,112,16,0,1,0,256]'],
      u32('abi_envelope'),
      text('plugin_name'),
      text('plugin_version'),
    ],
  },
  {
    rule: 'J-18',
    type: 'HandshakeOffer',
    fields: [
      u32('handshake_schema_version'),
      u32('envelope_version'),
      ['function_versions', '{"sign":[1,2]}', '{"sign":1}'],
      listOf('host_capabilities', '"a"', '"b"'),
    ],
  },
  {
    rule: 'J-18',
    type: 'HandshakeAccept',
    fields: [
      u32('handshake_schema_version'),
      u32('envelope_version'),
      ['chosen_versions', '{"sign":1}', '{"sign":[1]}'],
      ['plugin_supported', '{"sign":[1,2]}', '{"sign":1}'],
      listOf('implemented_functions', '"sign"'),
      listOf('required_capabilities', '"a"'),
    ],
  },
  { rule: 'J-18', type: 'FunctionVersionOfferRaw', fields: [text('function'), ['versions', '[2,1]', '1']] },
  {
    rule: 'J-18',
    type: 'HandshakeOfferRaw',
    fields: [
      u32('handshake_schema_version'),
      u32('envelope_version'),
      ['function_versions', '[{"function":"f","versions":[1]}]', '{}'],
      listOf('host_capabilities', '"b"', '"a"', '"b"'),
    ],
  },
  {
    rule: 'J-18',
    type: 'CanonicalOffer',
    fields: [
      u32('handshake_schema_version'),
      u32('envelope_version'),
      ['function_versions', '{"sign":[1]}', '[]'],
      listOf('host_capabilities', '"a"'),
    ],
  },
  {
    rule: 'J-18',
    type: 'SelfCheckRequest',
    fields: [['functions_to_test', '["b","a","b"]', '[1]'], i64('initiated_at')],
  },
  {
    rule: 'J-18',
    type: 'SelfCheckFailure',
    fields: [['stage', '"wire_function_test"', '"wire"'], text('message')],
  },
  {
    rule: 'J-18',
    type: 'SelfCheckResponse',
    fields: [
      ['status', '"failure"', '"failed"'],
      listOf('failures', '{"stage":"request_preparation","message":"m"}'),
      i64('completed_at'),
    ],
  },
  {
    rule: 'J-18',
    type: 'AugmentedMetadata',
    fields: [
      ['identity', identity, 'null'],
      ['negotiated_functions', '{"sign":1}', '{"sign":[1]}'],
      listOf('negotiated_capabilities', '"a"'),
      i64('handshake_completed_at'),
      ['self_check_passed', 'false', '0'],
      i64('self_check_completed_at'),
      i64('expires_at'),
    ],
  },
  {
    rule: 'J-18',
    type: 'PluginRegistryRecord',
    fields: [text('plugin_id'), ['augmented_metadata', metadata, 'null'], i64('registered_at')],
  },
  { rule: 'T-1', type: 'v1.ShapeRequest', fields: shapeFields },
  {
    rule: 'T-13',
    type: 'v2.ShapeRequest',
    fields: [...shapeFields, ['upstream_base_url', '"https://a"', '1', 'skipped']],
  },
  { rule: 'T-2', type: 'v1.ShapeResponse', fields: shapedFields },
  { rule: 'T-3', type: 'v1.NormalizeErrorRequest', fields: [u16('status'), text('body_base64')] },
  { rule: 'T-4', type: 'v1.NormalizeErrorResponse', fields: [optionalText('body_base64')] },
  {
    rule: 'T-5',
    type: 'v1.BuildSignerRequest',
    fields: [['upstream', upstream, '"anthropic_direct"'], any('factory_state')],
  },
  { rule: 'T-6', type: 'v1.BuildSignerResponse', fields: [any('signer_state')] },
  { rule: 'T-7', type: 'v1.SignRequest', fields: [['shaped', shaped, 'null'], any('signer_state')] },
  {
    rule: 'T-8',
    type: 'v1.SignResponse',
    fields: [
      optionalText('url'),
      optionalText('method'),
      ['headers', `[${header}]`, '[1]', 'null'],
      optionalText('body_base64'),
    ],
  },
  { rule: 'T-9', type: 'v1.OnUnauthorizedRequest', fields: [['error', error, 'null'], any('signer_state')] },
  { rule: 'T-10', type: 'v1.OnUnauthorizedResponse', fields: [text('decision'), any('signer_state')] },
  {
    rule: 'T-11',
    type: 'v1.ObserveRequest',
    fields: [listOf('events', '{"kind":"authn_complete","principal_id":"p","principal_kind":"k"}')],
  },
  { rule: 'T-12', type: 'v1.ObserveResponse', fields: [] },
  {
    rule: 'T-14',
    type: 'v3.FilterRequest',
    fields: [...requestFields, principalField, listOf('candidates', candidateWithScore)],
  },
  {
    rule: 'T-15',
    type: 'v3.FilterResponse',
    fields: [listOf('results', '{"upstream_id":"u","decision":"accept","reason":""}')],
  },
  {
    rule: 'T-16',
    type: 'v3.PerCandidateReasonWire',
    fields: [text('upstream_id'), text('decision'), text('reason')],
  },
  {
    rule: 'T-17',
    type: 'v1.RouteRequest',
    fields: [...requestFields, principalField, ['candidates', `[${candidate}]`, `[${candidateWithScore}]`]],
  },
  {
    rule: 'T-18',
    type: 'v2.RouteRequest',
    fields: [
      ...requestFields,
      principalField,
      listOf('candidates', candidateWithScore),
      ['cache_breakpoints', `[${breakpoint}]`, 'null', '[]'],
      ['canonical_model_id', '"m"', 'null', '""'],
    ],
  },
  {
    rule: 'T-19',
    type: 'v1.RouteResponse',
    fields: [
      optionalText('upstream_id'),
      ['dialect', '{"kind":"self"}', upstream],
      ['upstream', upstream, '{"kind":"self"}'],
    ],
  },
  { rule: 'T-20', type: 'v1.HeaderWire', fields: [text('name'), text('value_base64')] },
  { rule: 'T-21', type: 'v1.Principal', fields: [text('id'), text('kind'), ['claims', '{"a":[1.0]}', '[]']] },
  { rule: 'T-22', type: 'v1.RequestWire', fields: requestFields },
  { rule: 'T-23', type: 'v1.ShapedRequestWire', fields: shapedFields },
  {
    rule: 'T-26',
    type: 'v1.UpstreamErrorWire',
    fields: [u16('status'), optionalText('body_base64'), ['category', '"retryable"', '"retry"']],
  },
  { rule: 'T-27', type: 'v1.CandidateWire', fields: candidateFields },
  {
    rule: 'T-28',
    type: 'v1.RateLimitObservationWire',
    fields: [text('kind'), text('window'), optionalU64('limit'), optionalU64('remaining'), optionalText('reset')],
  },
  {
    rule: 'T-29',
    type: 'v1.SubscriptionQuotaCandidateSnapshotWire',
    fields: [
      text('window'),
      text('source'),
      text('data_state'),
      ['utilization', '0.5', '"0.5"', 'null'],
      optionalText('status'),
      optionalU64('resets_at_unix_secs'),
      ['surpassed_threshold', 'true', '1', 'null'],
      optionalText('representative_claim'),
      optionalText('disabled_reason'),
      optionalU64('observed_at_unix_millis'),
      optionalU64('age_secs'),
    ],
  },
  {
    rule: 'T-39',
    type: 'v2.CandidateWire',
    fields: [...candidateFields, ['cache_score', score, '1', 'skipped']],
  },
  {
    rule: 'T-40',
    type: 'v2.CacheScoreWire',
    fields: [
      u32('predicted_cache_read_tokens'),
      u32('predicted_cache_creation_tokens_5m'),
      u32('predicted_cache_creation_tokens_1h'),
      u32('predicted_uncached_input_tokens'),
      ['predicted_expires_at_unix_secs', ...U64, 'skipped'],
      ['matched_breakpoint_index', ...U32, 'skipped'],
      ['confidence', '0.85', 'null'],
      ['ambiguity_reason', '"r"', '1', 'skipped'],
    ],
  },
  {
    rule: 'T-41',
    type: 'v2.CacheBreakpointWire',
    fields: [
      u32('block_index'),
      ['source', '"system"', '"systems"'],
      text('path'),
      ['message_index', ...U32, 'skipped'],
      text('prefix_hash'),
      u64('prefix_token_count'),
      ['requested_ttl', '"ephemeral1h"', '"ephemeral_1h"'],
      ['origin', '"auto_cache_inferred"', '"inferred"'],
    ],
  },
  {
    rule: 'T-43',
    type: 'v2.WarmCacheEntryWire',
    fields: [
      text('prefix_hash'),
      u64('expires_at_unix_secs'),
      ['ttl_class', '"ephemeral5m"', '"ephemeral10m"'],
      u64('last_observed_at_unix_secs'),
    ],
  },
];

const event = (rule: string, kind: string, fields: readonly FieldCase[]): TypeCase => ({
  rule,
  type: 'v1.ObserveEventWire',
  kind,
  fields,
});

/** The kinds of events. */
export const unionKinds: readonly TypeCase[] = [
  event('T-32', 'request_started', [text('request_id'), optionalText('downstream_user_agent')]),
  event('T-33', 'authn_complete', [text('principal_id'), text('principal_kind')]),
  event('T-34', 'upstream_chosen', [['upstream', upstream, '"anthropic_direct"']]),
  event('T-35', 'chunk', [u64('batch_index'), u64('event_count'), u64('total_bytes')]),
  event('T-36', 'request_finished', [
    u16('status'),
    optionalU64('input_tokens'),
    optionalU64('output_tokens'),
    optionalU64('cache_creation_input_tokens'),
    optionalU64('cache_read_input_tokens'),
    u64('duration_ms'),
  ]),
  event('T-37', 'error', [text('code'), text('message'), text('source')]),
];
