import { encodeBase64 } from '../../../src/base64.ts';
import {
  askUpstream,
  HttpMessageError,
  type HttpMessageFailure,
  receiveRequest,
  requestWire,
  shapedRequestWire,
  signedRequest,
} from '../../../src/host/index.ts';
import type { RequestWire } from '../../../src/protocol/messages/index.ts';
import type { Handler, HttpServer } from './http-server.ts';
import { type RawAnswer, type RawServer, rawServer } from './raw-http.ts';

/** The most bytes of a body that the proxy takes. */
export const BODY_MAX_BYTES = 1000;

/** What a proxy has seen. */
export interface Proxy {
  readonly handler: Handler;
  /** What a plugin saw of each request. */
  readonly seen: readonly RequestWire[];
  /** Why messages were not passed on. */
  readonly failures: readonly HttpMessageFailure['kind'][];
}

/**
 * A proxy whose shape sends what it sees, and whose signer adds a credential.
 *
 * @param change changes what the client gets.
 */
export function proxyTo(origin: string, change: (response: Response) => Response = (same) => same): Proxy {
  const seen: RequestWire[] = [];
  const failures: HttpMessageFailure['kind'][] = [];
  const handler = async (request: Request): Promise<Response> => {
    try {
      const received = await receiveRequest(request, { bodyMaxBytes: BODY_MAX_BYTES });
      const wire = requestWire(received, 'request-1');
      seen.push(wire);
      const { method, headers, path, query, body_base64 } = wire;
      const url = `${origin}${path}${query === null ? '' : `?${query}`}`;
      const shaped = shapedRequestWire({ url, method, headers, body_base64 }, { baseUrl: origin });
      const key = { name: 'X-Api-Key', value_base64: encodeBase64(new TextEncoder().encode('sk-upstream')) };
      const signed = signedRequest({ ...shaped, headers: [...shaped.headers, key] }, { baseUrl: origin });
      return change(await askUpstream(signed, { signal: request.signal }));
    } catch (error) {
      if (!(error instanceof HttpMessageError)) throw error;
      failures.push(error.failure.kind);
      return new Response(error.message, {
        status: STATUS_OF_FAILURE[error.failure.kind] ?? 502,
        headers: { 'content-type': 'text/plain' },
      });
    }
  };
  return { handler, seen, failures };
}

/** A proxy before an upstream, both running. */
export interface RunningProxy extends Proxy {
  /** Where the proxy is. */
  readonly origin: string;
  readonly upstream: RawServer;
}

/**
 * Runs a test with a proxy before an upstream, and ends both.
 *
 * @param answer what the upstream does.
 * @param change see {@link proxyTo}.
 */
export async function withProxy(
  serve: (handler: Handler) => Promise<HttpServer>,
  answer: RawAnswer,
  run: (proxy: RunningProxy) => Promise<void>,
  change?: (response: Response) => Response,
): Promise<void> {
  const upstream = await rawServer(answer);
  const proxy = proxyTo(upstream.origin, change);
  const server = await serve(proxy.handler);
  try {
    await run({ ...proxy, origin: server.origin, upstream });
  } finally {
    server.close();
    upstream.close();
  }
}

/** The statuses of failures of the client. */
const STATUS_OF_FAILURE: Readonly<Partial<Record<HttpMessageFailure['kind'], number>>> = {
  BodyTooLarge: 413,
  Method: 405,
  BodyInterrupted: 400,
};
