// Bodies that are too large or break off, and connections that end, through a proxy.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { servers } from './http-server.ts';
import { BODY_MAX_BYTES, withProxy } from './proxy.ts';
import { ask, parseMessage, type RawAnswer, rawClient } from './raw-http.ts';

const ok: RawAnswer = (socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok');

const post = (header: string, body: string): string =>
  `POST / HTTP/1.1\r\nhost: lb.test\r\nconnection: close\r\n${header}\r\n\r\n${body}`;

const get = 'GET / HTTP/1.1\r\nhost: lb.test\r\nconnection: close\r\n\r\n';

/** Waits until something holds. A test that waits in vain is ended by the runner. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

for (const [name, serve] of Object.entries(servers)) {
  const bodies = suite(`bodies through ${name}`);

  bodies('a body of the most bytes is passed on', () =>
    withProxy(serve, ok, async ({ origin, upstream }) => {
      const body = 'x'.repeat(BODY_MAX_BYTES);
      assert.match((await ask(origin, post(`content-length: ${body.length}`, body))).start, /200/);
      assert.is(upstream.requests[0]?.body, body);
    }),
  );

  bodies('one that says that it is larger is refused before it came', () =>
    withProxy(serve, ok, async ({ origin, failures, upstream }) => {
      const answer = await ask(origin, post(`content-length: ${BODY_MAX_BYTES + 1}`, 'x'));
      assert.match(answer.start, /413/);
      assert.is(answer.body, 'the body has more than 1000 bytes');
      assert.equal([failures, upstream.requests.length], [['BodyTooLarge'], 0]);
    }),
  );

  bodies('one that turns out to be larger is refused', () =>
    withProxy(serve, ok, async ({ origin, failures, upstream }) => {
      const chunk = `1f4\r\n${'x'.repeat(500)}\r\n`;
      const answer = await ask(origin, post('transfer-encoding: chunked', `${chunk}${chunk}${chunk}`));
      assert.match(answer.start, /413/);
      assert.equal([failures, upstream.requests.length], [['BodyTooLarge'], 0]);
    }),
  );

  const broken: Readonly<Record<string, string>> = {
    'a body whose client goes away': post('content-length: 100', 'only this'),
    'a chunked body whose client goes away': post('transfer-encoding: chunked', '5\r\nonly '),
  };
  for (const [what, bytes] of Object.entries(broken))
    bodies(`${what} is not passed on`, () =>
      withProxy(serve, ok, async ({ origin, failures, upstream }) => {
        const client = rawClient(origin);
        client.send(bytes);
        // Otherwise the server may see nothing but a connection that ends.
        await new Promise((resolve) => setTimeout(resolve, 30));
        client.abort();
        await until(() => failures.length > 0);
        assert.equal([failures, upstream.requests.length], [['BodyInterrupted'], 0]);
      }),
    );

  bodies('an upstream that closes without an answer is a failure with a name', () =>
    withProxy(
      serve,
      (socket) => socket.destroy(),
      async ({ origin, failures }) => {
        const answer = await ask(origin, get);
        assert.match(answer.start, /502/);
        assert.is(answer.body, 'the upstream did not answer with HTTP: see the cause');
        assert.equal(failures, ['UpstreamUnreachable']);
      },
    ),
  );

  bodies('so is one that nobody serves', () =>
    withProxy(serve, ok, async ({ origin, failures, upstream }) => {
      upstream.close();
      assert.match((await ask(origin, get)).start, /502/);
      assert.equal(failures, ['UpstreamUnreachable']);
    }),
  );

  bodies('so is one that does not answer with HTTP', () =>
    withProxy(
      serve,
      (socket) => socket.end('hello\r\n\r\n'),
      async ({ origin, failures }) => {
        assert.match((await ask(origin, get)).start, /502/);
        assert.equal(failures, ['UpstreamUnreachable']);
      },
    ),
  );

  bodies('an answer that breaks off breaks off at the client', () =>
    withProxy(
      serve,
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n');
        setTimeout(() => socket.destroy(), 30);
      },
      async ({ origin }) => {
        const client = rawClient(origin);
        client.send(get);
        const answer = parseMessage(await client.until(() => false), true);
        assert.is(answer?.body, 'hello');
        assert.is(answer?.isWhole, false);
      },
    ),
  );

  bodies('a client that goes away ends a request that has no answer yet', async () => {
    let isClosed = false;
    await withProxy(
      serve,
      (socket) => socket.on('close', () => (isClosed = true)),
      async ({ origin, failures, upstream }) => {
        const client = rawClient(origin);
        client.send(get);
        await until(() => upstream.requests.length > 0);
        client.abort();
        await until(() => isClosed && failures.length > 0);
        assert.equal(failures, ['Aborted']);
      },
    );
  });

  bodies('a client that goes away ends an answer that is under way', async () => {
    let isClosed = false;
    await withProxy(
      serve,
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n');
        socket.on('close', () => (isClosed = true));
      },
      async ({ origin }) => {
        const client = rawClient(origin);
        client.send(get);
        await client.until((bytes) => bytes.includes('data: 1'));
        client.abort();
        await until(() => isClosed);
      },
    );
  });

  bodies('a client that does not read stops the upstream', async () => {
    let sent = 0;
    await withProxy(
      serve,
      (socket) => {
        const chunk = Buffer.alloc(1 << 16, 'x');
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
        const write = (): void => {
          sent += chunk.length;
          if (sent < 1e9) socket.write(chunk, write);
        };
        write();
      },
      async ({ origin }) => {
        const client = rawClient(origin);
        client.send(get);
        await client.until((bytes) => bytes.length > 0);
        client.pause();
        let before = -1;
        // Until nothing was taken for a while.
        while (before !== sent) {
          before = sent;
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        assert.ok(sent < 64e6, `${sent} bytes are held between the upstream and the client`);
        client.abort();
      },
    );
  });

  bodies.run();
}
