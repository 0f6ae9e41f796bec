import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes requests to gateways in turn. */
export interface Balancer {
  readonly url: string;
  /** The gateways, which may change. */
  targets: readonly string[];
  /** How many requests went to another gateway because theirs accepted no connection. */
  readonly moved: () => number;
  close(): void;
}

/**
 * Starts a balancer. Like most, it asks another gateway if one accepts no connection, and answers
 * 502 if one breaks off: nobody knows then what became of the request.
 */
export async function startBalancer(targets: readonly string[]): Promise<Balancer> {
  // A connection for each request: on one that was kept nobody can tell whether a request was read.
  const agent = new Agent({ keepAlive: false });
  let turn = 0;
  let moved = 0;
  /** @param index of the gateway; each of the others is asked once if it cannot be reached. */
  const pass = (body: Buffer, from: IncomingMessage, to: ServerResponse, index: number, tries: number): void => {
    const target = balancer.targets[index % balancer.targets.length];
    const { method, url: path = '', headers } = from;
    const asked = httpRequest(new URL(path, target), { method, headers, agent }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-gateway': target });
      answer.on('error', () => to.destroy());
      answer.pipe(to);
    });
    asked.on('error', (error) => {
      const isUnreached = 'code' in error && error.code === 'ECONNREFUSED';
      if (isUnreached && tries > 0) {
        moved++;
        pass(body, from, to, index + 1, tries - 1);
      } else if (to.headersSent) to.destroy();
      else to.writeHead(502).end();
    });
    asked.end(body);
  };
  const server = createServer((from, to) => {
    const chunks: Buffer[] = [];
    from.on('data', (chunk) => chunks.push(chunk));
    from.on('end', () => pass(Buffer.concat(chunks), from, to, turn++, balancer.targets.length - 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast: the server listens at a port.
  const { port } = server.address() as AddressInfo;
  const balancer: Balancer = {
    url: `http://127.0.0.1:${port}`,
    targets,
    moved: () => moved,
    close: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
  return balancer;
}
