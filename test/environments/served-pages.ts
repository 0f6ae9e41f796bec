import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answers with. */
export interface Served {
  readonly type: string;
  readonly body: string | Uint8Array;
  /** The Content-Security-Policy. */
  readonly policy?: string | undefined;
}

/** Serves files on loopback, by their paths. @returns the address, and what ends it. */
export async function servePages(files: Readonly<Record<string, Served>>): Promise<{ url: string; server: Server }> {
  const server = createServer(({ url = '/' }, response) => {
    const found = Object.hasOwn(files, url) ? files[url] : undefined;
    if (found === undefined) return void response.writeHead(404).end();
    const { type, body, policy } = found;
    response.writeHead(200, {
      'content-type': type,
      ...(policy !== undefined && { 'content-security-policy': policy }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server };
}
