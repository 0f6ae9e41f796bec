// What the runtimes' fetch does with encodings and methods. The adapters are built on this: a row
// that no longer holds says that a runtime has changed, and perhaps what can be simpler.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runtime } from './http-server.ts';
import { type RawServer, rawServer } from './raw-http.ts';

/** `hello`, compressed with each encoding. */
const BODIES: Readonly<Record<string, string>> = {
  gzip: 'H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==',
  GZIP: 'H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==',
  br: 'CwKAaGVsbG8D',
  'x-gzip': 'H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==',
  deflate: 'eJzLSM3JyQcABiwCFQ==',
  'gzip, identity': 'H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==',
};

/** Whose `fetch` decodes each encoding. The encodings that are asked for are those of all. */
const DECODED: Readonly<Record<string, readonly (typeof runtime)[]>> = {
  gzip: ['node', 'deno', 'bun'],
  GZIP: ['node', 'deno', 'bun'],
  br: ['node', 'deno', 'bun'],
  'x-gzip': ['node', 'bun'],
  deflate: ['node', 'bun'],
  'gzip, identity': ['bun'],
};

/** What arrives instead of methods that a shape cannot choose, if not the method itself. */
const METHODS: Readonly<Record<string, Partial<Record<typeof runtime, string>>>> = {
  purge: { bun: 'PURGE' },
  patch: { bun: 'PATCH' },
  Patch: { bun: 'GET' },
  FOO: { bun: 'GET' },
  PROPFIND: {},
  DELETE: {},
  PATCH: {},
};

const facts = suite(`the fetch of ${runtime}`);

async function withServer(
  body: (encoding: string) => string,
  run: (server: RawServer) => Promise<void>,
): Promise<void> {
  const server = await rawServer((socket, { start }) => {
    const encoding = decodeURIComponent(start.split(' ')[1]?.slice(1) ?? '');
    const bytes = atob(body(encoding));
    const header = encoding === '' ? '' : `content-encoding: ${encoding}\r\n`;
    // A client that is not told might send its next request on a connection that is just ending.
    const head = `HTTP/1.1 200 OK\r\nconnection: close\r\n${header}content-length: ${bytes.length}`;
    socket.end(`${head}\r\n\r\n${bytes}`, 'latin1');
  });
  await run(server).finally(() => server.close());
}

facts('decodes some encodings, and keeps their headers', () =>
  withServer(
    (encoding) => BODIES[encoding] ?? '',
    async ({ origin }) => {
      for (const [encoding, runtimes] of Object.entries(DECODED)) {
        const response = await fetch(`${origin}/${encodeURIComponent(encoding)}`, {
          headers: { 'accept-encoding': 'gzip, br' },
        });
        assert.is((await response.text()) === 'hello', runtimes.includes(runtime), encoding);
        assert.is(response.headers.get('content-encoding'), encoding);
        assert.is(response.headers.get('content-length'), String(atob(BODIES[encoding] ?? '').length));
      }
    },
  ),
);

facts('sends some methods as others', () =>
  withServer(
    () => '',
    async ({ origin, requests }) => {
      for (const [method, others] of Object.entries(METHODS)) {
        await (await fetch(new Request(origin, { method }))).text();
        assert.is(requests.at(-1)?.start.split(' ')[0], others[runtime] ?? method, method);
      }
    },
  ),
);

facts.run();
