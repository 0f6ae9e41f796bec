import { f32, skippedWhenNone, string, stringEnum, struct, u32, u64 } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';

/** How long a cache entry lives: five minutes or one hour. */
export const ttlClassWire = stringEnum('TtlClassWire', ['ephemeral5m', 'ephemeral1h']);
/** What {@link ttlClassWire} decodes to. */
export type TtlClassWire = Infer<typeof ttlClassWire>;

/** Who set a cache breakpoint. */
export const breakpointOriginWire = stringEnum('BreakpointOriginWire', ['explicit', 'auto_cache_inferred']);
/** What {@link breakpointOriginWire} decodes to. */
export type BreakpointOriginWire = Infer<typeof breakpointOriginWire>;

/** The part of a request that a cache breakpoint stands in. */
export const cacheBreakpointSourceWire = stringEnum('CacheBreakpointSourceWire', ['tools', 'system', 'message']);
/** What {@link cacheBreakpointSourceWire} decodes to. */
export type CacheBreakpointSourceWire = Infer<typeof cacheBreakpointSourceWire>;

/** A place in a request up to which an upstream may cache. */
export const cacheBreakpointWire = struct('CacheBreakpointWire', {
  block_index: u32,
  source: cacheBreakpointSourceWire,
  path: string,
  message_index: skippedWhenNone(u32),
  prefix_hash: string,
  prefix_token_count: u64,
  requested_ttl: ttlClassWire,
  origin: breakpointOriginWire,
});
/** What {@link cacheBreakpointWire} decodes to. */
export type CacheBreakpointWire = Infer<typeof cacheBreakpointWire>;

/** A prefix that an upstream is known to hold. */
export const warmCacheEntryWire = struct('WarmCacheEntryWire', {
  prefix_hash: string,
  expires_at_unix_secs: u64,
  ttl_class: ttlClassWire,
  last_observed_at_unix_secs: u64,
});
/** What {@link warmCacheEntryWire} decodes to. */
export type WarmCacheEntryWire = Infer<typeof warmCacheEntryWire>;

/** What a candidate's cache is expected to save. */
export const cacheScoreWire = struct('CacheScoreWire', {
  predicted_cache_read_tokens: u32,
  predicted_cache_creation_tokens_5m: u32,
  predicted_cache_creation_tokens_1h: u32,
  predicted_uncached_input_tokens: u32,
  predicted_expires_at_unix_secs: skippedWhenNone(u64),
  matched_breakpoint_index: skippedWhenNone(u32),
  confidence: f32,
  ambiguity_reason: skippedWhenNone(string),
});
/** What {@link cacheScoreWire} decodes to. */
export type CacheScoreWire = Infer<typeof cacheScoreWire>;
