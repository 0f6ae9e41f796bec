import { option, string, taggedUnion, u16, u64, usize } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import { upstreamWire } from './upstream.ts';

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
/** What {@link observeEventWire} decodes to. */
export type ObserveEventWire = Infer<typeof observeEventWire>;
