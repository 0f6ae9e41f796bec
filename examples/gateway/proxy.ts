import {
  askUpstream,
  HttpMessageError,
  type PluginHost,
  type ReceivedRequest,
  readUpstreamFailure,
  receiveRequest,
} from 'cc-lb-runtime-protocol/host';
import { answered } from './answering.ts';
import { errorAnswer } from './answers.ts';
import { type Client, type Clients, clientOf } from './clients.ts';
import { withEnd } from './ending.ts';
import { Exchange } from './exchange.ts';
import type { Metrics } from './metrics.ts';
import { RefusedByPlugin } from './refused.ts';
import { RequestPlugins } from './request-plugins.ts';
import { allowedUpstreams } from './routing.ts';
import { shaped } from './shaping.ts';
import { Signing } from './signing.ts';
import type { Upstream, Upstreams } from './upstreams.ts';

/** What a proxy works with. */
export interface ProxyParts {
  readonly plugins: PluginHost;
  readonly upstreams: Upstreams;
  readonly clients: Clients;
  readonly metrics: Metrics;
}

/**
 * Passes requests to upstreams: filter → shape → sign → upstream → normalize_error or
 * transform_..., with observe beside them.
 */
export class GatewayProxy {
  readonly #parts: ProxyParts;
  readonly #signing: Signing;

  constructor(parts: ProxyParts) {
    this.#parts = parts;
    this.#signing = new Signing(parts.plugins);
  }

  /** Answers a request of a client. */
  async serve(request: Request): Promise<Response> {
    const client = clientOf(request.headers, this.#parts.clients);
    if (client === undefined) return errorAnswer('authentication_error', 'send a key of this gateway as x-api-key');
    try {
      return await this.#exchange(client, await receiveRequest(request));
    } catch (error) {
      if (!(error instanceof HttpMessageError)) throw error;
      const isTooLarge = error.failure.kind === 'BodyTooLarge';
      return errorAnswer(isTooLarge ? 'request_too_large' : 'invalid_request_error', error.message);
    }
  }

  async #exchange(client: Client, received: ReceivedRequest): Promise<Response> {
    const { plugins, metrics } = this.#parts;
    const exchange = new Exchange(client, received, new RequestPlugins(plugins, client.id), metrics.telemetry);
    metrics.began();
    const agent = received.request.headers.get('user-agent');
    exchange.observation.tell([
      { kind: 'request_started', request_id: exchange.id, downstream_user_agent: agent },
      { kind: 'authn_complete', principal_id: client.id, principal_kind: client.kind },
    ]);
    const { response, done } = await this.#answer(exchange);
    response.headers.set('x-request-id', exchange.id);
    response.headers.set('x-gateway-plugins', exchange.plugins.describe());
    return withEnd(await withoutBodyFor(received.request, response), received.request.signal, () => {
      done();
      metrics.answered(response.status, performance.now() - exchange.startedAt);
      const ended = exchange.end(response.status).finally(() => metrics.ended());
      ended.catch((error: unknown) => console.error(error));
    });
  }

  /**
   * Answers in any case: with the answer of an upstream, or an error of the gateway's own.
   *
   * @returns a promise of the answer, and of what to call when it has ended.
   */
  async #answer(exchange: Exchange): Promise<{ readonly response: Response; readonly done: () => void }> {
    let done = (): void => undefined;
    try {
      const { upstreams } = this.#parts;
      const upstream = upstreams.leastBusy(await allowedUpstreams(exchange, upstreams.all));
      if (upstream === undefined)
        return { response: errorAnswer('overloaded_error', 'no upstream may serve this request'), done };
      done = upstreams.begin(upstream);
      exchange.observation.tell([{ kind: 'upstream_chosen', upstream: { kind: 'anthropic_direct' } }]);
      const response = await answered(await this.#ask(exchange, upstream), exchange, upstream);
      response.headers.set('x-gateway-upstream', upstream.name);
      return { response, done };
    } catch (error) {
      return { response: failureAnswer(error), done };
    }
  }

  /** Sends a request to an upstream; once more if it was refused and the signer wants that. */
  async #ask(exchange: Exchange, upstream: Upstream): Promise<Response> {
    const { signal } = exchange.received.request;
    const toSign = await shaped(exchange, upstream);
    const send = async () => await askUpstream(await this.#signing.signed(toSign, exchange, upstream), { signal });
    const response = await send();
    if (response.status !== 401) return response;
    const failure = await readUpstreamFailure(response);
    return (await this.#signing.retries(failure, exchange, upstream)) ? await send() : response;
  }
}

function failureAnswer(error: unknown): Response {
  if (error instanceof RefusedByPlugin || error instanceof HttpMessageError)
    return errorAnswer('api_error', error.message);
  console.error(error);
  return errorAnswer('api_error', 'the gateway failed: its log says why');
}

/** Servers read nothing of the body of an answer to HEAD, so it would never end. */
async function withoutBodyFor({ method }: Request, response: Response): Promise<Response> {
  if (method !== 'HEAD') return response;
  await response.body?.cancel();
  return new Response(null, response);
}
