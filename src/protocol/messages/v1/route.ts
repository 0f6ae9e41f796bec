import { extend, list, option, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';
import type { WireFunction } from '../wire-function.ts';
import { dialectSample, principalSample, requestSample, upstreamSample } from './samples.ts';
import { candidateWire, dialectBinding, headerWire, principal, upstreamWire } from './types.ts';

/** The fields, up to the candidates, of a request in which a plugin chooses among candidates. */
export const choiceFields = {
  request_id: string,
  headers: list(headerWire),
  method: string,
  path: string,
  query: option(string),
  body_base64: string,
  principal,
} as const;

/** The request of `route`. */
export const routeRequest = struct('RouteRequest', extend(choiceFields, { candidates: list(candidateWire) }));
/** The TypeScript type of {@link routeRequest}. */
export type RouteRequest = Infer<typeof routeRequest>;

/** The response of `route`. */
export const routeResponse = struct('RouteResponse', {
  upstream_id: option(string),
  dialect: dialectBinding,
  upstream: upstreamWire,
});
/** The TypeScript type of {@link routeResponse}. */
export type RouteResponse = Infer<typeof routeResponse>;

/** Makes a route response that chooses no upstream. */
const routeResponseSample = (): RouteResponse => ({
  upstream_id: null,
  dialect: dialectSample(),
  upstream: upstreamSample(),
});

/** Chooses the upstream. Older than the published protocol, and never offered. */
export const route: WireFunction<RouteRequest, RouteResponse> = {
  name: 'route',
  fallback: 'use_default',
  supportedVersions: [1],
  dryRunRequest: () => ({ ...requestSample(), principal: principalSample(), candidates: [] }),
  dryRunResponse: routeResponseSample,
  schemas: { request: routeRequest, response: routeResponse },
};
