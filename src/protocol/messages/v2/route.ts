import { emptyWhenMissing, list, string, struct } from '../../../json/declare.ts';
import { extend } from '../../../json/extend.ts';
import type { Infer } from '../../../json/type.ts';
import { choiceFields, type RouteResponse, routeResponse, route as routeV1 } from '../v1/route.ts';
import type { WireFunction } from '../wire-function.ts';
import { cacheBreakpointWire } from './cache.ts';
import { candidateWire } from './candidate.ts';

/** What `route` is called with. */
export const routeRequest = struct(
  'RouteRequest',
  extend(choiceFields, {
    candidates: list(candidateWire),
    cache_breakpoints: emptyWhenMissing(list(cacheBreakpointWire)),
    canonical_model_id: emptyWhenMissing(string),
  }),
);
/** What {@link routeRequest} decodes to. */
export type RouteRequest = Infer<typeof routeRequest>;

/** As in v1, and the request tells the model and where it may be cached. */
export const route: WireFunction<RouteRequest, RouteResponse> = extend(routeV1, {
  dryRunRequest: () => ({
    ...routeV1.dryRunRequest(),
    candidates: [],
    cache_breakpoints: [],
    canonical_model_id: '',
  }),
  schemas: { request: routeRequest, response: routeResponse },
});
