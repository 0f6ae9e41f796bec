import {
  eventsAfterTransform,
  type HookName,
  isEventStream,
  responseAfterTransform,
  type TransformEvent,
  type TransformResponse,
  transformResponseHook,
  transformSseEventHook,
} from 'cc-lb-runtime-protocol/hooks';
import {
  type NormalizeError,
  type PluginLease,
  readUpstreamFailure,
  responseAfterNormalize,
} from 'cc-lb-runtime-protocol/host';
import { wire } from 'cc-lb-runtime-protocol/wire';
import { hookPrincipal } from './clients.ts';
import type { Exchange } from './exchange.ts';
import { hasFunction } from './request-plugins.ts';
import { hookUpstream } from './shaping.ts';
import type { Upstream } from './upstreams.ts';

/**
 * Lets the plugin that shaped the request change the answer. If it fails, the answer of
 * the upstream passes on.
 */
export async function answered(response: Response, exchange: Exchange, upstream: Upstream): Promise<Response> {
  const watched = exchange.observation.watch(response);
  const { shape } = exchange.plugins;
  if (shape === undefined) return watched;
  if (shape.admitted.kind === 'hooks') return await transformed(watched, shape, exchange, upstream);
  return await normalized(watched, shape, exchange);
}

/** Generation 1: a plugin may replace the body of an error. */
async function normalized(response: Response, shape: PluginLease, { telemetry }: Exchange): Promise<Response> {
  if (response.status < 400 || !hasFunction(shape.admitted, 'normalize_error')) return response;
  const failure = await readUpstreamFailure(response);
  const normalize: NormalizeError = (request) => shape.dispatch(wire.v1.normalizeError, request);
  return (await responseAfterNormalize(failure, normalize, { telemetry })).response;
}

/** Hook plugins: a plugin may replace any answer, and each event of a stream. */
async function transformed(
  response: Response,
  shape: PluginLease,
  { id, client, received: { request }, model, telemetry }: Exchange,
  upstream: Upstream,
): Promise<Response> {
  const about = {
    request_id: id,
    principal: hookPrincipal(client),
    upstream: hookUpstream(upstream),
    request_method: request.method,
    request_path: new URL(request.url).pathname,
    canonical_model_id: model,
  };
  if (isEventStream(response)) {
    if (!isActive(shape, 'transform_sse_event')) return response;
    const transform: TransformEvent = (seen) => shape.dispatch(transformSseEventHook, { ...seen, ...about });
    return eventsAfterTransform(response, transform, { telemetry });
  }
  if (!isActive(shape, 'transform_response')) return response;
  const transform: TransformResponse = (seen) => shape.dispatch(transformResponseHook, { ...seen, ...about });
  return (await responseAfterTransform(response, transform, { telemetry })).response;
}

function isActive({ admitted }: PluginLease, hook: HookName): boolean {
  return admitted.kind === 'hooks' && admitted.metadata.hooks[hook]?.mode === 'active';
}
