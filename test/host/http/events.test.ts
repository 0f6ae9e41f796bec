// Streams of events, cut at every byte, through a proxy that observes and transforms them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  eventsAfterTransform,
  type SseEvent,
  type TransformEvent,
  type TransformSseEventResult,
} from '../../../src/hooks/index.ts';
import { observedResponse } from '../../../src/host/index.ts';
import type { ObserveEventWire, ObserveRequest } from '../../../src/protocol/messages/index.ts';
import { servers } from './http-server.ts';
import { withProxy } from './proxy.ts';
import { ask } from './raw-http.ts';

/** The characters of bytes in UTF-8. */
const raw = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));

/** A stream with all that can be cut: a mark, comments, line ends of each kind, long characters. */
const STREAM = raw(
  '\ufeffevent: message_start\ndata: {"message":{"usage":{"input_tokens":7,"output_tokens":1}}}\n\n' +
    ': a comment\n\nevent: \u00e9\u20ac\r\ndata: \u{1f600}\r\ndata:b\r\n\r\ndata: c\r\r' +
    'event: message_delta\ndata: {"usage":{"output_tokens":9}}\n\nid: 1\n\ndata: unfinished',
);

/** What the client gets if each event without a name gets one. */
const TRANSFORMED = STREAM.replace('data: c\r\r', 'event: named\ndata: c\n\n');

const named = (event: SseEvent): TransformSseEventResult =>
  event.event === '' ? { kind: 'Replace', events: [{ ...event, event: 'named' }] } : { kind: 'Unchanged' };

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n';
const get = 'GET / HTTP/1.1\r\nhost: lb.test\r\nconnection: close\r\n\r\n';

/** The sum of all batches. */
function countsOf(events: readonly ObserveEventWire[]): [events: number, bytes: number] {
  const chunks = events.flatMap((event) => (event.kind === 'chunk' ? [event] : []));
  const sum = (field: 'event_count' | 'total_bytes'): number =>
    chunks.reduce((total, chunk) => total + Number(chunk[field]), 0);
  return [sum('event_count'), sum('total_bytes')];
}

for (const [name, serve] of Object.entries(servers)) {
  const events = suite(`events through ${name}`);

  events('are the same for plugins and clients wherever the stream is cut', async () => {
    let cut = 0;
    let observed: ObserveEventWire[] = [];
    const report = async (request: ObserveRequest): Promise<void> => {
      observed.push(...request.events);
    };
    // The hook answers later, as one in a worker does.
    const transform: TransformEvent = async ({ event }) => ({ kind: 'ok', response: named(event) });
    await withProxy(
      serve,
      (socket) => {
        socket.setNoDelay(true);
        socket.write(head + STREAM.slice(0, cut), 'latin1');
        setTimeout(() => socket.end(STREAM.slice(cut), 'latin1'), 2);
      },
      async ({ origin }) => {
        for (cut = 0; cut <= STREAM.length; cut++) {
          observed = [];
          const { body, isWhole } = await ask(origin, get);
          assert.equal([body, isWhole], [TRANSFORMED, true], `cut at ${cut}`);
          assert.equal(countsOf(observed), [4, STREAM.length], `cut at ${cut}`);
          const last = observed.at(-1);
          if (last?.kind !== 'request_finished') throw new Error(`the last event is ${last?.kind}`);
          assert.equal([last.status, last.input_tokens, last.output_tokens], [200, 7, 9], `cut at ${cut}`);
        }
      },
      (response) => eventsAfterTransform(observedResponse(response, report), transform),
    );
  });

  events('come one by one: none waits for the next', async () => {
    let sendSecond = (): void => undefined;
    await withProxy(
      serve,
      (socket) => {
        socket.write(`${head}data: 1\n\n`);
        sendSecond = () => socket.end('data: 2\n\n');
      },
      async ({ origin }) => {
        const reader = (await fetch(origin)).body?.getReader();
        const next = async (): Promise<string> => new TextDecoder().decode((await reader?.read())?.value);
        assert.is(await next(), 'data: 1\n\n');
        sendSecond();
        assert.is(await next(), 'data: 2\n\n');
      },
      (response) => eventsAfterTransform(response, () => ({ kind: 'ok', response: { kind: 'Unchanged' } })),
    );
  });

  events.run();
}
