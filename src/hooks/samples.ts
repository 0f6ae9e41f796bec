import type { Header, Principal, Upstream } from './messages/common.ts';
import type { FilterRequest } from './messages/filter.ts';
import type { ShapeRequest, TransformResponseRequest, TransformSseEventRequest } from './messages/shape.ts';

/*
 * The requests with which admission probes each active hook. They are cc-lb's, byte for byte. That
 * of `filter` has no candidates.
 */

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const REQUEST_ID = 'probe-req-1';
const METHOD = 'POST';
const PATH = '/v1/messages';
const MODEL = 'claude-3-haiku-20240307';

const requestBody = (): Uint8Array => utf8(`{"model":"${MODEL}","messages":[]}`);
const contentType = (value: string): readonly Header[] => [{ name: 'content-type', value: utf8(value) }];
const principal = (): Principal => ({ id: 'probe-principal', kind: 'api_key', claims: [] });
const upstream = (): Upstream => ({ kind: 'AnthropicDirect', base_url: 'https://example.test' });

/** Makes the probe of `filter`. */
export function filterSample(): FilterRequest {
  return {
    request_id: REQUEST_ID,
    thread_id: null,
    service_tier: 'priority',
    canonical_model_id: MODEL,
    cache_pricing: {
      status: 'unknown',
      input_micros_per_million: null,
      cache_creation_5m_micros_per_million: null,
      cache_creation_1h_micros_per_million: null,
      cache_read_micros_per_million: null,
    },
    method: METHOD,
    path: PATH,
    query: null,
    headers: contentType('application/json'),
    body: requestBody(),
    principal: principal(),
    candidates: [],
  };
}

/** Makes the probe of `shape`. */
export function shapeSample(): ShapeRequest {
  return {
    request_id: REQUEST_ID,
    method: METHOD,
    path: PATH,
    query: null,
    headers: contentType('application/json'),
    body: requestBody(),
    principal: principal(),
    upstream: upstream(),
  };
}

/** What the probes of both response hooks have. */
function answered(type: string): Omit<TransformResponseRequest, 'body'> {
  return {
    request_id: REQUEST_ID,
    principal: principal(),
    upstream: upstream(),
    request_method: METHOD,
    request_path: PATH,
    canonical_model_id: MODEL,
    response_status: 200,
    response_headers: contentType(type),
  };
}

/** Makes the probe of `transform_response`. */
export function transformResponseSample(): TransformResponseRequest {
  return { ...answered('application/json'), body: utf8('{"content":[]}') };
}

/** Makes the probe of `transform_sse_event`. */
export function transformSseEventSample(): TransformSseEventRequest {
  const event = 'content_block_start';
  return { ...answered('text/event-stream'), event: { event, data: utf8(`{"type":"${event}"}`) } };
}
