// Serves a handler of the Fetch API with the servers that a runtime has.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { portOf } from './raw-http.ts';

/** Answers a request. */
export type Handler = (request: Request) => Promise<Response>;

/** A server that runs. */
export interface HttpServer {
  readonly origin: string;
  close(): void;
}

/** The part of the runtimes' own servers that the tests use. */
interface Runtimes {
  readonly Deno?: {
    readonly version: { readonly deno: string };
    serve(
      options: { readonly port: 0; readonly hostname: string; onListen(): void },
      handler: Handler,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
  };
  readonly Bun?: {
    serve(options: { readonly port: 0; readonly hostname: string; readonly fetch: Handler }): {
      readonly port: number;
      stop(isAtOnce: boolean): void;
    };
  };
}

// The cast: what each runtime documents of itself.
const { Deno, Bun } = globalThis as Runtimes;

/** The runtime that runs the tests. */
export const runtime: 'node' | 'deno' | 'bun' = Deno ? 'deno' : Bun ? 'bun' : 'node';

/** The servers of this runtime, each with a function that starts one. */
export const servers: Readonly<Record<string, (handler: Handler) => Promise<HttpServer>>> = {
  'node:http': serveWithNode,
  ...(Deno && {
    'Deno.serve': async (handler) => {
      const server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => undefined }, handler);
      return { origin: `http://127.0.0.1:${server.addr.port}`, close: () => void server.shutdown() };
    },
  }),
  ...(Bun && {
    'Bun.serve': async (handler) => {
      const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: handler });
      return { origin: `http://127.0.0.1:${server.port}`, close: () => server.stop(true) };
    },
  }),
};

async function serveWithNode(handler: Handler): Promise<HttpServer> {
  const server = createServer(async (incoming, outgoing) => {
    const aborted = new AbortController();
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) aborted.abort();
    });
    await send(await handler(requestOf(incoming, aborted.signal)), outgoing);
  });
  const port = await portOf(server);
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  const { method = 'GET', url = '/' } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // The casts: Node's streams of bytes, and `duplex`, which TypeScript's `RequestInit` leaves out.
  const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>) : null;
  const init = { method, headers, body, duplex: 'half', signal };
  return new Request(new URL(url, 'http://lb.test'), init as RequestInit);
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  if (response.body === null) return void outgoing.end();
  // Not `flushHeaders`, with which Node writes values as UTF-8.
  outgoing.write(new Uint8Array());
  await pipe(response.body.getReader(), outgoing);
}

/**
 * Not `pipeTo(Writable.toWeb(outgoing))`: Node 26.10 ends the process with an assertion of its own
 * if the body then fails.
 */
async function pipe(body: ReadableStreamDefaultReader<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  outgoing.on('close', () => body.cancel().catch(() => undefined));
  try {
    for (let { done, value } = await body.read(); !done; { done, value } = await body.read()) {
      if (outgoing.write(value)) continue;
      await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
    }
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}
