import { normalizeError, shape } from './dialect.ts';
import { observe } from './observe.ts';
import { route } from './route.ts';
import { buildSigner, onUnauthorized, sign } from './signer.ts';
import {
  candidateWire,
  dialectBinding,
  headerWire,
  observeEventWire,
  principal,
  rateLimitObservationWire,
  requestWire,
  shapedRequestWire,
  subscriptionQuotaCandidateSnapshotWire,
  upstreamErrorCategory,
  upstreamErrorWire,
  upstreamWire,
} from './types.ts';

/** The types that functions of v1 share, by their names in the reference. */
export const types = {
  HeaderWire: headerWire,
  Principal: principal,
  RequestWire: requestWire,
  RateLimitObservationWire: rateLimitObservationWire,
  SubscriptionQuotaCandidateSnapshotWire: subscriptionQuotaCandidateSnapshotWire,
  CandidateWire: candidateWire,
  UpstreamWire: upstreamWire,
  DialectBinding: dialectBinding,
  ShapedRequestWire: shapedRequestWire,
  UpstreamErrorCategory: upstreamErrorCategory,
  UpstreamErrorWire: upstreamErrorWire,
  ObserveEventWire: observeEventWire,
} as const;

/** The wire functions of v1. */
export const v1 = {
  shape,
  normalizeError,
  buildSigner,
  sign,
  onUnauthorized,
  observe,
  route,
} as const;
