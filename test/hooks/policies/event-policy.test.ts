import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SseEvent, TransformSseEventResult } from '../../../src/hooks/messages/shape.ts';
import type { HookOutcome } from '../../../src/hooks/plugin.ts';
import {
  type EventPolicyOptions,
  eventsAfterTransform,
  isEventStream,
  type TransformEvent,
} from '../../../src/hooks/policies/event-policy.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { answered, bytesOf, entriesOf, textOf, trapped } from './outcomes.ts';

const events = suite('the policy of transform_sse_event');

const ERROR_FRAME = `event: error
data: {"type":"error","error":{"type":"response_transform_error","message":"the response could not be transformed"}}

`;

/** A body of chunks, which says whether it was cancelled. */
function upstream(...chunks: readonly string[]): { readonly response: Response; readonly isCancelled: () => boolean } {
  let cancelled = false;
  let next = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = chunks[next++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(bytesOf(chunk));
    },
    cancel() {
      cancelled = true;
    },
  });
  const headers = { 'content-type': 'text/event-stream', 'content-length': '7', 'x-ratelimit-a': '1', 'x-kept': '1' };
  return { response: new Response(body, { status: 203, statusText: 'S', headers }), isCancelled: () => cancelled };
}

const answers: Readonly<Record<string, (event: SseEvent) => HookOutcome<TransformSseEventResult>>> = {
  drop: () => answered({ kind: 'Drop' }),
  trap: trapped,
  upper: ({ event, data }) =>
    answered({ kind: 'Replace', events: [{ event, data: bytesOf(textOf(data).toUpperCase()) }] }),
  twice: (event) => answered({ kind: 'Replace', events: [event, event] }),
  none: () => answered({ kind: 'Replace', events: [] }),
  inject: () => answered({ kind: 'Replace', events: [{ event: 'a\ndata: x\n\nevent: b', data: new Uint8Array() }] }),
};

/** A plugin that does what the name of an event says. */
const plugin: TransformEvent = ({ event }) => answers[event.event]?.(event) ?? answered({ kind: 'Unchanged' });

const streamed = (chunks: readonly string[], options?: EventPolicyOptions, transform = plugin): Promise<string> =>
  eventsAfterTransform(upstream(...chunks).response, transform, options).text();

events('the plugin sees status, headers and each event', async () => {
  const seen: unknown[] = [];
  const chunks = ['event: a\nda', 'ta: b\n\n: comment\n\n', 'data: c\n\n'];
  await streamed(chunks, {}, ({ response_status, response_headers, event }) => {
    seen.push([response_status, response_headers.length, event.event, textOf(event.data)]);
    return answered({ kind: 'Unchanged' });
  });
  assert.equal(seen, [
    [203, 4, 'a', 'b'],
    [203, 4, '', 'c'],
  ]);
});

events('what no plugin changes passes on byte for byte', async () => {
  const stream = '\ufeffid: 1\r\ndata: a\r\n\r\n: x\n\nretry: 5\r\rdata:b\n\nevent: c\n\ndata: unfinished';
  for (const size of [1, 2, 3, 7, 1000]) {
    const bytes = bytesOf(stream);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    const found = await eventsAfterTransform(new Response(body), plugin).arrayBuffer();
    assert.equal(new Uint8Array(found), bytes);
  }
});

events('an event can be replaced by several, or dropped', async () => {
  const chunks = [
    'event: upper\ndata: a\n\nevent: twice\ndata: b\n\n',
    'event: drop\ndata: c\n\nevent: none\ndata: d\n\n',
  ];
  const expected = 'event: upper\ndata: A\n\nevent: twice\ndata: b\n\nevent: twice\ndata: b\n\ndata: e\n\n';
  assert.is(await streamed([...chunks, 'data: e\n\n']), expected);
});

events('the response has the status, and no lengths, encodings or limits', () => {
  const found = eventsAfterTransform(upstream().response, plugin);
  assert.equal([found.status, found.statusText], [203, 'S']);
  assert.equal(entriesOf(found.headers), [
    ['content-type', 'text/event-stream'],
    ['x-kept', '1'],
  ]);
});

events('a response without a body stays as it is', () => {
  const empty = new Response(null, { status: 204 });
  assert.is(eventsAfterTransform(empty, plugin), empty);
});

events('after a failure the stream passes on as it is, without further calls', async () => {
  const telemetry = recordedTelemetry();
  let calls = 0;
  const counted: TransformEvent = (seen) => {
    calls++;
    return plugin(seen);
  };
  const chunks = [
    'data: a\n\nevent: trap\nid: 7\ndata: b\n\nevent: upper\ndata: c\n\nevent: up',
    'per\ndata: d\n\nrest',
  ];
  assert.is(await streamed(chunks, { telemetry }, counted), chunks.join(''));
  assert.is(calls, 2);
  assert.equal(
    telemetry.events.map(({ level, fields }) => [level, fields]),
    [['warn', { hook: 'transform_sse_event', policy: 'original_events', error: 'GuestTrap', phase: 'cc_lb_shape' }]],
  );
});

events('after something transformed was sent, a failure ends the stream with an error frame', async () => {
  const telemetry = recordedTelemetry();
  const chunks = ['event: upper\ndata: a\n\n', 'data: b\n\nevent: trap\ndata: c\n\ndata: d\n\n', 'data: e\n\n', 'x'];
  const { response, isCancelled } = upstream(...chunks);
  const found = await eventsAfterTransform(response, plugin, { telemetry }).text();
  assert.is(found, `event: upper\ndata: A\n\ndata: b\n\n${ERROR_FRAME}`);
  assert.is(telemetry.events.length, 1);
  assert.is(telemetry.events[0]?.fields.policy, 'end_stream');
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(isCancelled(), 'the upstream is given up');
});

events('a dropped event sends nothing, so after it the stream still passes on as it is', async () => {
  for (const name of ['drop', 'none']) {
    const rest = 'data: b\n\nevent: trap\ndata: c\n\nevent: upper\ndata: d\n\n';
    assert.is(await streamed([`event: ${name}\ndata: a\n\n${rest}`]), rest);
  }
});

events('an answer that would add fields is refused', async () => {
  const telemetry = recordedTelemetry();
  assert.is(await streamed(['event: inject\ndata: a\n\n'], { telemetry }), 'event: inject\ndata: a\n\n');
  assert.is(telemetry.events[0]?.fields.error, 'EventName: the name of event 0 has a line break');
  const replaced = 'event: upper\ndata: A\n\n';
  assert.is(await streamed([`${replaced}event: inject\ndata: a\n\n`]), replaced + ERROR_FRAME);
});

events('an answer that is too large is refused', async () => {
  const chunks = ['event: twice\ndata: a\n\n'];
  assert.is(await streamed(chunks, { bounds: { outputMaxBytes: 43 } }), 'event: twice\ndata: a\n\n');
  assert.is(await streamed(chunks, { bounds: { outputMaxBytes: 44 } }), 'event: twice\ndata: a\n\n'.repeat(2));
});

events('an event of the upstream that is too large is a failure', async () => {
  const long = ['data: 1\n\nda', 'ta: 0123456789', '0123456789\n\n', 'event: upper\ndata: x\n\n'];
  assert.is(await streamed(long, { eventMaxBytes: 21 }), long.join(''));
  const replaced = 'event: upper\ndata:\n\n';
  const expected = `event: upper\ndata: \n\ndata: 1\n\n${ERROR_FRAME}`;
  assert.is(await streamed([replaced, ...long], { eventMaxBytes: 21 }), expected);
});

events('an event passes on before the next one comes', async () => {
  let send = (_text: string): void => undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      send = (text) => controller.enqueue(bytesOf(text));
    },
  });
  const reader = eventsAfterTransform(new Response(body), plugin).body?.getReader();
  send('event: upper\ndata: a\r\n\r');
  assert.is(textOf((await reader?.read())?.value ?? new Uint8Array()), 'event: upper\ndata: A\n\n');
  await reader?.cancel();
});

events('the plugin is called for an event only when the client has taken what came before', async () => {
  let calls = 0;
  const counted: TransformEvent = ({ event }) => {
    calls++;
    return answered({ kind: 'Replace', events: [event] });
  };
  const { response, isCancelled } = upstream('data\n\n'.repeat(1_000), 'data\n\n', 'data\n\n');
  const reader = eventsAfterTransform(response, counted).body?.getReader();
  assert.is(calls, 0);
  for (const expected of [1, 2, 3]) {
    assert.is(textOf((await reader?.read())?.value ?? new Uint8Array()), 'data: \n\n');
    assert.is(calls, expected);
  }
  await reader?.cancel();
  assert.is(calls, 3);
  assert.ok(isCancelled(), 'the upstream is given up');
});

events('no byte order mark gets to the start of the stream because an event was dropped', async () => {
  const hidden = '\ufeffdata: hidden\n\n';
  const dropped = 'event: drop\ndata: a\n\n';
  const sent = async (...chunks: string[]): Promise<string> => {
    const body = eventsAfterTransform(upstream(...chunks).response, plugin);
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await body.arrayBuffer());
  };
  assert.is(await sent(dropped + hidden), `\n${hidden}`);
  assert.is(await sent(dropped, hidden.slice(0, -1)), `\n${hidden.slice(0, -1)}`);
  assert.is(await sent(`${dropped}data: b\n\n${hidden}`), `data: b\n\n${hidden}`);
  assert.is(await sent(hidden), hidden);
});

events('a body that was read in part is refused', async () => {
  const { response } = upstream('data: a\n\n', 'data: b\n\n');
  const reader = response.body?.getReader();
  await reader?.read();
  reader?.releaseLock();
  assert.throws(() => eventsAfterTransform(response, plugin), /the body was read before/);
});

events('a chunk that is not bytes makes the body fail', async () => {
  const body = new ReadableStream<unknown>({
    start(controller) {
      controller.enqueue('data: a\n\n');
    },
  });
  // The cast: that such a body is wrong is what the test is about.
  const reader = eventsAfterTransform(new Response(body as ReadableStream<Uint8Array>), plugin).body?.getReader();
  const error: unknown = await reader?.read().catch((thrown: unknown) => thrown);
  assert.instance(error, TypeError);
  assert.match(String(error), /must be a stream of Uint8Array/);
});

events("exceptions of the host's own code make the body fail", async () => {
  const mine = new Error('mine');
  const throwing = (): never => {
    throw mine;
  };
  const { response, isCancelled } = upstream('data: a\n\n', 'x', 'x');
  const reader = eventsAfterTransform(response, throwing).body?.getReader();
  const error: unknown = await reader?.read().catch((thrown: unknown) => thrown);
  assert.is(error, mine);
  assert.ok(isCancelled(), 'the upstream is given up');
});

events('options are checked', () => {
  assert.throws(() => eventsAfterTransform(new Response(''), plugin, { eventMaxBytes: -1 }), /options\.eventMaxBytes/);
});

events('a stream of events is recognised by its content type', () => {
  const typed = (type?: string): boolean =>
    isEventStream(new Response('', type === undefined ? {} : { headers: { 'content-type': type } }));
  for (const type of ['text/event-stream', 'Text/Event-Stream; charset=utf-8', 'text/event-stream;x'])
    assert.ok(typed(type));
  for (const type of ['application/json', 'text/event-streams', 'x; text/event-stream', undefined])
    assert.not(typed(type));
});

events('the plugin may answer later, and gets one event after the other', async () => {
  let underWay = 0;
  let most = 0;
  const later: TransformEvent = async (seen) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve));
    underWay--;
    return await plugin(seen);
  };
  const chunks = ['event: upper\ndata: a\n\nevent: drop\ndata: b\n\n', 'data: c\n\nevent: trap\ndata: d\n\ndata: e'];
  assert.is(await streamed(chunks, {}, later), `event: upper\ndata: A\n\ndata: c\n\n${ERROR_FRAME}`);
  assert.is(most, 1);
});

events('a host that rejects makes the stream fail', async () => {
  const { response, isCancelled } = upstream('data: 1\n\n', 'data: 2\n\n');
  const rejects: TransformEvent = async () => await Promise.reject(new RangeError('a fault of the host'));
  const error: unknown = await eventsAfterTransform(response, rejects)
    .text()
    .catch((thrown: unknown) => thrown);
  assert.instance(error, Error);
  assert.ok(isCancelled());
});

events('a client may leave while a plugin is asked', async () => {
  let answer = (): void => undefined;
  const asked: TransformEvent = () =>
    new Promise((resolve) => {
      answer = () => resolve(answered({ kind: 'Unchanged' }));
    });
  const { response, isCancelled } = upstream('data: 1\n\n', 'data: 2\n\n');
  const reader = eventsAfterTransform(response, asked).body?.getReader();
  const first = reader?.read();
  await new Promise((resolve) => setTimeout(resolve));
  await reader?.cancel('gone');
  answer();
  assert.is((await first)?.done, true);
  assert.ok(isCancelled());
});

events.run();
