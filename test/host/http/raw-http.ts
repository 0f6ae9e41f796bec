// HTTP/1.1 as bytes, so that nothing between a test and the wire tidies it up.
import { createServer, type Server, type Socket, connect as tcp } from 'node:net';

/** A message as it crossed the wire: each character is one byte. */
export interface RawMessage {
  /** The first line. */
  readonly start: string;
  /** Names as they were written, values without white space around them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body, without the framing of chunks. */
  readonly body: string;
  /** Whether the body came to its end. */
  readonly isWhole: boolean;
}

/** The values of a header, in their order. */
export function valuesOf({ headers }: RawMessage, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

/**
 * Reads a message.
 *
 * @param isClosed whether no more bytes come.
 * @returns `undefined` if its headers are not complete.
 */
export function parseMessage(bytes: string, isClosed: boolean): RawMessage | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [start = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
  });
  const head = { start, headers, body: '', isWhole: true };
  const rest = bytes.slice(end + 4);
  if (valuesOf(head, 'transfer-encoding').includes('chunked')) return { ...head, ...chunked(rest) };
  const [length] = valuesOf(head, 'content-length');
  if (length !== undefined)
    return { ...head, body: rest.slice(0, Number(length)), isWhole: rest.length >= Number(length) };
  const hasBody = start.startsWith('HTTP/');
  return { ...head, body: hasBody ? rest : '', isWhole: isClosed || !hasBody };
}

function chunked(bytes: string): Pick<RawMessage, 'body' | 'isWhole'> {
  let body = '';
  for (let at = 0; ; ) {
    const line = /^([\da-f]+)[^\r]*\r\n/i.exec(bytes.slice(at));
    if (line === null) return { body, isWhole: false };
    const [{ length }, size = ''] = [line[0], line[1]];
    if (Number.parseInt(size, 16) === 0) return { body, isWhole: bytes.slice(at + length).includes('\r\n') };
    const from = at + length;
    at = from + Number.parseInt(size, 16) + 2;
    body += bytes.slice(from, at - 2);
  }
}

/** A server that answers each request with bytes. */
export interface RawServer {
  readonly origin: string;
  /** The requests that came, in their order. */
  readonly requests: readonly RawMessage[];
  close(): void;
}

/** What a server does with a request that came whole. */
export type RawAnswer = (socket: Socket, request: RawMessage) => void;

/** Starts a server on a free port of the loopback interface. */
export async function rawServer(answer: RawAnswer): Promise<RawServer> {
  const requests: RawMessage[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let bytes = '';
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      const request = parseMessage(bytes, false);
      if (!request?.isWhole) return;
      bytes = '';
      requests.push(request);
      answer(socket, request);
    });
  });
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { origin: `http://127.0.0.1:${await portOf(server)}`, requests, close };
}

/** Starts to listen. @returns the port. */
export async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

/** A connection of a client. */
export interface RawClient {
  /** Sends bytes: each character is one. */
  send(bytes: string): void;
  /** What came up to now. */
  received(): string;
  /** Waits until what came satisfies a condition, or the connection is closed. */
  until(holds: (bytes: string) => boolean): Promise<string>;
  /** Reads no more. */
  pause(): void;
  /** Breaks the connection off. */
  abort(): void;
}

/** Opens a connection to a server. */
export function rawClient(origin: string): RawClient {
  const socket = tcp(Number(new URL(origin).port), '127.0.0.1');
  let [bytes, isClosed] = ['', false];
  let wake = (): void => undefined;
  socket.on('data', (chunk) => {
    bytes += chunk.toString('latin1');
    wake();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  return {
    send: (text) => socket.write(text, 'latin1'),
    received: () => bytes,
    until: async (holds) => {
      while (!isClosed && !holds(bytes))
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return bytes;
    },
    pause: () => socket.pause(),
    abort: () => socket.destroy(),
  };
}

/** Sends a request, and reads the answer to its end. */
export async function ask(origin: string, request: string): Promise<RawMessage> {
  const client = rawClient(origin);
  client.send(request);
  const bytes = await client.until((each) => parseMessage(each, false)?.isWhole === true);
  client.abort();
  const answer = parseMessage(bytes, true);
  if (answer === undefined) throw new Error(`there is no answer, but ${JSON.stringify(bytes)}`);
  return answer;
}
