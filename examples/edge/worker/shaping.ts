import { askUpstream, HttpMessageError, requestWire, unsignedRequest } from 'cc-lb-runtime-protocol/host';
import { dispatchWireCall, wire } from 'cc-lb-runtime-protocol/prepared';
import type { Upstream } from './environment.ts';
import type { OpenPlugins } from './plugins.ts';
import { PluginRefusal } from './refusal.ts';
import type { Exchange } from './routing.ts';

/**
 * Lets the dialect write the request for an upstream, and sends it. The dialect may choose the URL
 * only within the upstream, and sees no credential.
 *
 * @throws in the promise: PluginRefusal if the dialect fails, or its answer breaks a rule, or the
 * upstream does not answer.
 */
export async function sentToUpstream(
  { id, client, received }: Exchange,
  { dialect: { plugin, metadata } }: OpenPlugins,
  { baseUrl, apiKey }: Upstream,
): Promise<Response> {
  const outcome = dispatchWireCall(wire.v2.shape, plugin, metadata, {
    request: requestWire(received, id),
    upstream: { kind: 'anthropic_direct' },
    principal: client,
    upstream_base_url: baseUrl,
  });
  if (outcome.kind === 'fallback') {
    const { error } = outcome;
    throw new PluginRefusal(`the dialect failed at ${error.stage}: ${error.message}`, { cause: error });
  }
  try {
    const request = unsignedRequest(outcome.response, { baseUrl });
    request.headers.set('x-api-key', apiKey);
    return await askUpstream(request, { signal: received.request.signal });
  } catch (error) {
    if (!(error instanceof HttpMessageError)) throw error;
    throw new PluginRefusal(error.message, { cause: error });
  }
}
