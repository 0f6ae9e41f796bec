import { extend } from '../../../json/extend.ts';
import { types as typesV1, v1 } from '../v1/index.ts';
import {
  breakpointOriginWire,
  cacheBreakpointSourceWire,
  cacheBreakpointWire,
  cacheScoreWire,
  ttlClassWire,
  warmCacheEntryWire,
} from './cache.ts';
import { candidateWire } from './candidate.ts';
import { route } from './route.ts';
import { shape } from './shape.ts';

/** The types of v2 that functions share: those of v1, and what v2 changes and adds. */
export const types = extend(typesV1, {
  CandidateWire: candidateWire,
  TtlClassWire: ttlClassWire,
  BreakpointOriginWire: breakpointOriginWire,
  CacheBreakpointSourceWire: cacheBreakpointSourceWire,
  CacheBreakpointWire: cacheBreakpointWire,
  WarmCacheEntryWire: warmCacheEntryWire,
  CacheScoreWire: cacheScoreWire,
});

/** The wire functions of v2: those of v1, and what v2 changes. A function of v2 is still offered as version 1. */
export const v2 = extend(v1, { shape, route });
