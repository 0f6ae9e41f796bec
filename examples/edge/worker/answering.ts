import { readUpstreamFailure, responseAfterNormalize } from 'cc-lb-runtime-protocol/host';
import { dispatchWireCall, wire } from 'cc-lb-runtime-protocol/prepared';
import type { OpenPlugins } from './plugins.ts';

/** Lets the dialect write the error of an upstream anew. Any other answer passes on as a stream. */
export async function answered(response: Response, { dialect }: OpenPlugins): Promise<Response> {
  if (response.status < 400) return response;
  const failure = await readUpstreamFailure(response);
  const { plugin, metadata } = dialect;
  const decision = await responseAfterNormalize(failure, (request) =>
    dispatchWireCall(wire.v1.normalizeError, plugin, metadata, request),
  );
  return decision.response;
}
