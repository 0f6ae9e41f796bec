import { clientRequest, requestAfterShape, shapeHook, visibleRequest } from 'cc-lb-runtime-protocol/hooks';
import { requestWire, shapedRequestWire } from 'cc-lb-runtime-protocol/host';
import { type ShapedRequestWire, wire } from 'cc-lb-runtime-protocol/wire';
import { hookPrincipal } from './clients.ts';
import type { Exchange } from './exchange.ts';
import { RefusedByPlugin } from './refused.ts';
import type { Upstream } from './upstreams.ts';

/** A request for an upstream, as a plugin of either generation shaped it. */
export type Shaped = Request | ShapedRequestWire;

/**
 * Makes the request for an upstream from that of the client. Without a plugin, and if a hook plugin
 * fails, it is the client's own request.
 *
 * @throws RefusedByPlugin if a plugin of generation 1 fails: its fallback is `fail_request`.
 * HttpMessageError if its answer breaks a rule.
 */
export async function shaped(exchange: Exchange, upstream: Upstream): Promise<Shaped> {
  const { shape } = exchange.plugins;
  const { request, body } = exchange.received;
  const client = { request, body, upstream: hookUpstream(upstream) };
  if (shape === undefined) return clientRequest(client);
  if (shape.admitted.kind === 'protocol') {
    const outcome = await shape.dispatch(wire.v2.shape, {
      request: requestWire(exchange.received, exchange.id),
      upstream: { kind: 'anthropic_direct' },
      principal: exchange.client,
      upstream_base_url: upstream.baseUrl,
    });
    if (outcome.kind === 'fallback') throw new RefusedByPlugin(outcome.error);
    return shapedRequestWire(outcome.response, { baseUrl: upstream.baseUrl });
  }
  const outcome = await shape.dispatch(shapeHook, {
    ...visibleRequest(request),
    body,
    request_id: exchange.id,
    principal: hookPrincipal(exchange.client),
    upstream: client.upstream,
  });
  return requestAfterShape(outcome, client, { telemetry: exchange.telemetry }).request;
}

/** Writes an upstream as hook plugins see it. */
export function hookUpstream({ baseUrl }: Upstream) {
  return { kind: 'AnthropicDirect', base_url: baseUrl } as const;
}
