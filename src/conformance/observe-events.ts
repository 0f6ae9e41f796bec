import { type ObserveEventWire, wireSamples } from '../protocol/messages/index.ts';

type EventKind = ObserveEventWire['kind'];

/** The largest `usize` of a plugin, which is wasm32. */
const USIZE_MAX = 4294967295;

/** The largest u64. */
const U64_MAX = 18446744073709551615n;

/** Events of each kind: some with null in every option, some with the largest numbers. */
export const observeEvents: { readonly [K in EventKind]: readonly Extract<ObserveEventWire, { kind: K }>[] } = {
  request_started: [
    { kind: 'request_started', request_id: 'dry-run-request', downstream_user_agent: null },
    { kind: 'request_started', request_id: 'r', downstream_user_agent: 'agent/1.0 \u{1f600} "quoted"' },
  ],
  authn_complete: [{ kind: 'authn_complete', principal_id: 'dry-run-principal', principal_kind: 'api_key' }],
  upstream_chosen: [{ kind: 'upstream_chosen', upstream: wireSamples.UpstreamWire() }],
  chunk: [
    { kind: 'chunk', batch_index: 0, event_count: 0, total_bytes: 0 },
    { kind: 'chunk', batch_index: U64_MAX, event_count: USIZE_MAX, total_bytes: USIZE_MAX },
  ],
  request_finished: [
    {
      kind: 'request_finished',
      status: 200,
      input_tokens: null,
      output_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      duration_ms: 0,
    },
    {
      kind: 'request_finished',
      status: 65535,
      input_tokens: U64_MAX,
      output_tokens: 1,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 4294967296,
      duration_ms: U64_MAX,
    },
  ],
  error: [{ kind: 'error', code: 'upstream_timeout', message: 'no answer\nin time', source: 'upstream' }],
};
