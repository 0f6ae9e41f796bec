import type {
  FilterRequest,
  Header,
  Principal,
  ShapeRequest,
  TransformResponseRequest,
  TransformSseEventRequest,
  UpstreamCandidate,
} from '../../../src/hooks/index.ts';
import { base64, headers as encodedHeaders } from '../samples.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Headers as a client sends them. */
const headers: readonly Header[] = encodedHeaders.map(({ name, value_base64: value }) => {
  return { name, value: utf8(value) };
});

const principal: Principal = {
  id: '00000000-0000-0000-0000-000000000001',
  kind: 'api_key',
  claims: [{ key: 'team', value: utf8('"search"') }],
};

/** What the requests of all hooks but `filter` have. */
const shared = {
  request_id: 'req-0123456789',
  principal,
  upstream: { kind: 'AnthropicDirect', base_url: 'https://api.example.test' },
} as const;

const METHOD = 'POST';
const PATH = '/v1/messages';
const MODEL = 'claude-sonnet-4-5-20250929';

function candidate(_: unknown, index: number): UpstreamCandidate {
  return {
    upstream_id: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
    name: `upstream ${index}`,
    kind: 'anthropic_oauth',
    observed_at_unix_secs: 1_750_000_000n,
    predicted_cache_read_tokens: 1_000 + index,
    predicted_cache_creation_tokens_5m: 200,
    predicted_cache_creation_tokens_1h: 0,
    predicted_uncached_input_tokens: 300,
    plan_capacity_ratio: 0.75,
    organization_type: 'claude_max',
    rate_limit_tier: 'default_claude_max_20x',
    seat_tier: 'standard',
  };
}

/** A request of `filter` with a body of `bodyBytes` bytes. */
export function filterRequest(candidates: number, bodyBytes: number): FilterRequest {
  return {
    request_id: shared.request_id,
    thread_id: 'thread-7',
    service_tier: 'priority',
    canonical_model_id: MODEL,
    cache_pricing: {
      status: 'known',
      input_micros_per_million: 3_000_000n,
      cache_creation_5m_micros_per_million: 3_750_000n,
      cache_creation_1h_micros_per_million: 6_000_000n,
      cache_read_micros_per_million: 300_000n,
    },
    method: METHOD,
    path: PATH,
    query: 'beta=true',
    headers,
    body: utf8(base64(bodyBytes)),
    principal,
    candidates: Array.from({ length: candidates }, candidate),
  };
}

/** A request of `shape` with a body of `bodyBytes` bytes. */
export function shapeRequest(bodyBytes: number): ShapeRequest {
  return { ...shared, method: METHOD, path: PATH, query: 'beta=true', headers, body: utf8(base64(bodyBytes)) };
}

const answered = {
  ...shared,
  request_method: METHOD,
  request_path: PATH,
  canonical_model_id: MODEL,
  response_headers: headers,
};

/** A request of `transform_response` for a refusal by rate with a body of `bodyBytes` bytes. */
export function transformResponseRequest(bodyBytes: number): TransformResponseRequest {
  return { ...answered, response_status: 429, body: utf8(base64(bodyBytes)) };
}

/** A request of `transform_sse_event` for an event without a name, with `dataBytes` bytes. */
export function transformSseEventRequest(dataBytes: number): TransformSseEventRequest {
  return {
    ...answered,
    response_status: 200,
    event: { event: '', data: utf8(base64(dataBytes)) },
  };
}
