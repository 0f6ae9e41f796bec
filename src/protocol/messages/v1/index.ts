import { buildSigner } from './build-signer.ts';
import { candidateWire, rateLimitObservationWire, subscriptionQuotaCandidateSnapshotWire } from './candidate.ts';
import { headerWire, requestWire, shapedRequestWire, upstreamErrorCategory, upstreamErrorWire } from './http.ts';
import { normalizeError } from './normalize-error.ts';
import { observe } from './observe.ts';
import { observeEventWire } from './observe-event.ts';
import { onUnauthorized } from './on-unauthorized.ts';
import { principal } from './principal.ts';
import { route } from './route.ts';
import { shape } from './shape.ts';
import { sign } from './sign.ts';
import { dialectBinding, upstreamWire } from './upstream.ts';

/** The types of v1 that functions share, by their names in the reference. */
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
