import {
  emptyWhenMissing,
  extend,
  f32,
  list,
  skippedWhenNone,
  string,
  stringEnum,
  struct,
  u32,
  u64,
} from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';
import { type ShapeResponse, shapeRequestFields, shapeResponse, shape as shapeV1 } from './v1/dialect.ts';
import { types as typesV1, v1 } from './v1/index.ts';
import { choiceFields, type RouteResponse, routeResponse, route as routeV1 } from './v1/route.ts';
import { candidateFields } from './v1/types.ts';
import type { WireFunction } from './wire-function.ts';

/** How long a cache entry lives: five minutes or one hour. */
export const ttlClassWire = stringEnum('TtlClassWire', ['ephemeral5m', 'ephemeral1h']);
/** The TypeScript type of {@link ttlClassWire}. */
export type TtlClassWire = Infer<typeof ttlClassWire>;

/** Who set a cache breakpoint. */
export const breakpointOriginWire = stringEnum('BreakpointOriginWire', ['explicit', 'auto_cache_inferred']);
/** The TypeScript type of {@link breakpointOriginWire}. */
export type BreakpointOriginWire = Infer<typeof breakpointOriginWire>;

/** The part of a request that contains a cache breakpoint. */
export const cacheBreakpointSourceWire = stringEnum('CacheBreakpointSourceWire', ['tools', 'system', 'message']);
/** The TypeScript type of {@link cacheBreakpointSourceWire}. */
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
/** The TypeScript type of {@link cacheBreakpointWire}. */
export type CacheBreakpointWire = Infer<typeof cacheBreakpointWire>;

/** A prefix that an upstream is known to hold. */
export const warmCacheEntryWire = struct('WarmCacheEntryWire', {
  prefix_hash: string,
  expires_at_unix_secs: u64,
  ttl_class: ttlClassWire,
  last_observed_at_unix_secs: u64,
});
/** The TypeScript type of {@link warmCacheEntryWire}. */
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
/** The TypeScript type of {@link cacheScoreWire}. */
export type CacheScoreWire = Infer<typeof cacheScoreWire>;

/** An upstream that a request could go to, with what its cache would save. */
export const candidateWire = struct(
  'CandidateWire',
  extend(candidateFields, {
    cache_score: skippedWhenNone(cacheScoreWire),
  }),
);
/** The TypeScript type of {@link candidateWire}. */
export type CandidateWire = Infer<typeof candidateWire>;

/** The request of `route`. */
export const routeRequest = struct(
  'RouteRequest',
  extend(choiceFields, {
    candidates: list(candidateWire),
    cache_breakpoints: emptyWhenMissing(list(cacheBreakpointWire)),
    canonical_model_id: emptyWhenMissing(string),
  }),
);
/** The TypeScript type of {@link routeRequest}. */
export type RouteRequest = Infer<typeof routeRequest>;

/** As in v1; the request also has the model and its cache breakpoints. */
export const route: WireFunction<RouteRequest, RouteResponse> = extend(routeV1, {
  dryRunRequest: () => ({
    ...routeV1.dryRunRequest(),
    candidates: [],
    cache_breakpoints: [],
    canonical_model_id: '',
  }),
  schemas: { request: routeRequest, response: routeResponse },
});

/** The request of `shape`. */
export const shapeRequest = struct(
  'ShapeRequest',
  extend(shapeRequestFields, {
    upstream_base_url: skippedWhenNone(string),
  }),
);
/** The TypeScript type of {@link shapeRequest}. */
export type ShapeRequest = Infer<typeof shapeRequest>;

/** As in v1; the request may also have the upstream's base URL. */
export const shape: WireFunction<ShapeRequest, ShapeResponse> = extend(shapeV1, {
  dryRunRequest: () => ({ ...shapeV1.dryRunRequest(), upstream_base_url: null }),
  schemas: { request: shapeRequest, response: shapeResponse },
});

/** The types that functions of v2 share: those of v1, and what v2 changes and adds. */
export const types = extend(typesV1, {
  CandidateWire: candidateWire,
  TtlClassWire: ttlClassWire,
  BreakpointOriginWire: breakpointOriginWire,
  CacheBreakpointSourceWire: cacheBreakpointSourceWire,
  CacheBreakpointWire: cacheBreakpointWire,
  WarmCacheEntryWire: warmCacheEntryWire,
  CacheScoreWire: cacheScoreWire,
});

/**
 * The wire functions of v2: those of v1, with `shape` and `route` changed. They are still offered
 * as version 1.
 */
export const v2 = extend(v1, { shape, route });
