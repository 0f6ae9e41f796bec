import type { AddressInfo } from 'node:net';
import { serve as serveOnNode } from '@hono/node-server';

/** What answers requests: the function `fetch` of a Hono app. */
export type Fetch = (request: Request) => Response | Promise<Response>;

/** A server that listens. */
export interface Listening {
  /** Its address, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends the server, and its connections at once. */
  close(): Promise<void>;
}

/** Where a server listens. */
export interface Place {
  /** The name or address of an interface: 127.0.0.1 is reached from this machine only. */
  readonly hostname: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** The parts of Deno's and Bun's own servers that are used here. */
interface DenoServer {
  readonly addr: { readonly port: number };
  shutdown(): Promise<void>;
}
interface BunServer {
  readonly port: number;
  stop(closeActiveConnections: boolean): Promise<void>;
}
interface Runtimes {
  readonly Deno?: {
    serve(options: Place & { onListen: () => void; signal: AbortSignal }, fetch: Fetch): DenoServer;
  };
  readonly Bun?: { serve(options: Place & { idleTimeout: number; fetch: Fetch }): BunServer };
}

/**
 * Serves with the server of the runtime: Node's by the adapter of Hono, Deno's or Bun's.
 *
 * @returns a promise of the server. It rejects if the port is taken.
 */
export async function serve(fetch: Fetch, place: Place): Promise<Listening> {
  // The cast: what each runtime documents of its global object.
  const { Deno, Bun } = globalThis as Runtimes;
  if (Deno !== undefined) {
    const ending = new AbortController();
    const server = Deno.serve({ ...place, onListen: () => undefined, signal: ending.signal }, fetch);
    return { url: urlOf(place, server.addr.port), close: async () => ending.abort() };
  }
  if (Bun !== undefined) {
    // Without a limit, or a stream whose upstream thinks for ten seconds is cut.
    const server = Bun.serve({ ...place, idleTimeout: 0, fetch });
    return { url: urlOf(place, server.port), close: () => server.stop(true) };
  }
  return await new Promise((resolve, reject) => {
    const listening = ({ port }: AddressInfo): void => resolve({ url: urlOf(place, port), close });
    const server = serveOnNode({ ...place, fetch, overrideGlobalObjects: false }, listening);
    const close = (): Promise<void> =>
      new Promise((closed) => {
        server.close(() => closed());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    server.on('error', reject);
  });
}

function urlOf({ hostname }: Place, port: number): string {
  return `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}
