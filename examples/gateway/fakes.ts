import { setTimeout } from 'node:timers/promises';
import { Hono } from 'hono';
import { type Listening, serve } from './serve.ts';
import type { Upstream } from './upstreams.ts';

/** A fake upstream that listens. */
export interface FakeUpstream extends Upstream, Listening {}

const LOOPBACK = { hostname: '127.0.0.1', port: 0 };

/** What it answers for models that fail. The text is not JSON, as that of a proxy in between. */
const failures = {
  'fails-with-401': 401,
  'fails-with-429': 429,
  'fails-with-500': 500,
} as const;

/** The name of the model whose stream breaks off, and after how many events. */
const BREAKS_OFF = 'breaks-off';
const EVENTS_BEFORE = 3;

/**
 * Starts a service that answers as the Anthropic API does, as far as an example needs it: with a
 * message, or with a stream of events for `"stream": true`. Some names of models make it fail: see
 * `fails-with-...`, and `breaks-off`, which ends the connection in the middle of a stream.
 *
 * @param number tells this one from others: a digit.
 * @param pauseMs how long it waits before each event.
 */
export async function startFake(number: number, pauseMs = 0): Promise<FakeUpstream> {
  const id = `6f1c0d52-0000-4000-8000-00000000000${number}`;
  const name = `fake-${number}`;
  const apiKey = `sk-${name}`;
  const app = new Hono();
  app.post('/v1/messages', async (c) => {
    const { model, stream } = await c.req.json<{ model: string; stream?: boolean }>();
    const status = c.req.header('x-api-key') === apiKey ? failureOf(model) : 401;
    if (status !== undefined) return c.text(`${name} fails with ${status}`, status);
    const text = `Hello from ${name}`;
    return stream
      ? events(model, text, pauseMs)
      : c.json({ type: 'message', model, content: [{ type: 'text', text }] });
  });
  const { url, close } = await serve(app.fetch, LOOPBACK);
  return { id, name, kind: 'anthropic_api_key', baseUrl: url, apiKey, url, close };
}

function failureOf(model: string) {
  return Object.entries(failures).find(([name]) => name === model)?.[1];
}

/** Sends the words of a text one by one. */
function events(model: string, text: string, pauseMs: number): Response {
  const words = text.split(' ').map((word) => ({ index: 0, delta: { type: 'text_delta', text: `${word} ` } }));
  const frames = [
    frame('message_start', { message: { model, usage: { input_tokens: 3 } } }),
    frame('ping', {}),
    ...words.map((fields) => frame('content_block_delta', fields)),
    frame('message_delta', { usage: { output_tokens: words.length } }),
    frame('message_stop', {}),
  ];
  let sent = 0;
  const body = new ReadableStream({
    async pull(controller) {
      await setTimeout(pauseMs);
      if (model === BREAKS_OFF && sent === EVENTS_BEFORE) throw new Error('the fake breaks off');
      const next = frames[sent++];
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

function frame(type: string, fields: object): Uint8Array {
  return new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
}
