import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HookPolicyError } from '../../../src/hooks/policies/policy-error.ts';
import {
  readBody,
  type VisibilityOptions,
  visibleRequest,
  visibleResponse,
} from '../../../src/hooks/policies/visible.ts';
import { bytesOf, requestsKeep, textOf } from './outcomes.ts';

const visible = suite('what plugins see');

const secret = {
  Authorization: 'Bearer s',
  'X-Api-Key': 's',
  'proxy-authorization': 's',
  host: 'lb.test',
  cookie: 's=1',
  'anthropic-version': '2023-06-01',
};

visible('method, path and query are those of the request', () => {
  const seen = visibleRequest(new Request('https://lb.test/v1/a%20b?x=1&y=%2F#z', { method: 'POST', body: 'b' }));
  assert.equal([seen.method, seen.path, seen.query], ['POST', '/v1/a%20b', 'x=1&y=%2F']);
  assert.is(visibleRequest(new Request('https://lb.test/?')).query, null);
});

visible('a request has no credentials and no host, and cookies only if they are not redacted', () => {
  const namesOf = (options?: VisibilityOptions): string[] =>
    visibleRequest(new Request('https://lb.test/', { headers: secret }), options).headers.map(({ name }) => name);
  assert.equal(namesOf({ cookieRedaction: true }), ['anthropic-version']);
  const shown = ['anthropic-version', 'cookie'].filter(requestsKeep);
  assert.equal(namesOf(), shown);
  assert.equal(namesOf({ cookieRedaction: false }), shown);
});

visible('a response has no credentials either', () => {
  const response = new Response('', { status: 201, headers: { ...secret, 'content-type': 'a/b' } });
  const { response_status, response_headers } = visibleResponse(response, { cookieRedaction: true });
  assert.is(response_status, 201);
  assert.equal(
    response_headers.map(({ name, value }) => [name, textOf(value)]),
    [
      ['anthropic-version', '2023-06-01'],
      ['content-type', 'a/b'],
    ],
  );
});

visible('a value is its bytes, whatever they encode', () => {
  const { headers } = visibleRequest(new Request('https://lb.test/', { headers: { 'x-a': 'caf\xe9 \x80\xff' } }));
  const found = headers.find(({ name }) => name === 'x-a');
  assert.equal(found?.value, Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20, 0x80, 0xff));
});

visible('repeated headers are joined, but each set-cookie stays alone', () => {
  const headers = new Headers([
    ['set-cookie', 'a=1, b'],
    ['x-a', '1'],
    ['set-cookie', 'c=2'],
    ['x-a', '2'],
  ]);
  // A browser's Response has no set-cookie.
  const response = new Response(null, { headers });
  const values = (name: string): string[] =>
    visibleResponse(response)
      .response_headers.filter((header) => header.name === name)
      .map(({ value }) => textOf(value));
  assert.equal(values('x-a'), ['1, 2']);
  assert.equal(values('set-cookie'), response.headers.getSetCookie());
  if (response.headers.getSetCookie().length === 0) console.log('skipped: set-cookie: browsers hide it');
});

visible('options are checked', () => {
  const request = new Request('https://lb.test/');
  // The cast: what a caller without a type checker can pass.
  const options = { cookieRedacted: true } as VisibilityOptions;
  assert.throws(() => visibleRequest(request, options), /the options are cookieRedaction/);
  assert.throws(() => visibleResponse(new Response(''), options), /the options are cookieRedaction/);
});

const body = suite('reading a body');

/** A body of chunks. */
const streamOf = (...chunks: readonly string[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytesOf(chunk));
      controller.close();
    },
  });

body('joins its chunks', async () => {
  assert.is(textOf(await readBody(new Response(streamOf('ab', '', 'c')), 3)), 'abc');
  assert.is(textOf(await readBody(new Request('https://a.test', { method: 'POST', body: 'abc' }), 3)), 'abc');
});

body('is empty if there is none', async () => {
  assert.is((await readBody(new Request('https://a.test'), 0)).length, 0);
  assert.is((await readBody(new Response(null, { status: 204 }), 0)).length, 0);
});

body('ends at the limit, without waiting for the end', async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(1024)),
    cancel: () => {
      cancelled = true;
    },
  });
  const error: unknown = await readBody(new Response(endless), 10_000).catch((thrown: unknown) => thrown);
  assert.equal(error instanceof HookPolicyError && error.failure, { kind: 'BodyTooLarge', max: 10_000 });
  assert.ok(cancelled);
});

body('is refused if it was read before, also in part', async () => {
  const whole = new Response(streamOf('ab', 'c'));
  await whole.text();
  const part = new Response(streamOf('ab', 'c'));
  const reader = part.body?.getReader();
  await reader?.read();
  reader?.releaseLock();
  for (const response of [whole, part]) {
    const error: unknown = await readBody(response, 10).catch((thrown: unknown) => thrown);
    assert.instance(error, TypeError);
    assert.match(String(error), /the body was read before/);
  }
});

body('is refused if a chunk is not bytes', async () => {
  for (const chunk of ['ab', new ArrayBuffer(2), new Uint16Array(2), null, undefined]) {
    const stream = new ReadableStream<unknown>({ start: (controller) => controller.enqueue(chunk) });
    // The cast: that such a body is wrong is what the test is about.
    const response = new Response(stream as ReadableStream<Uint8Array>);
    const error: unknown = await readBody(response, 10).catch((thrown: unknown) => thrown);
    assert.instance(error, TypeError);
    assert.match(String(error), /must be a stream of Uint8Array/);
  }
});

body('can be read from a clone, beyond the limit too, and the original stays whole', async () => {
  const original = new Response(streamOf('abc', 'def'));
  const error: unknown = await readBody(original.clone(), 4).catch((thrown: unknown) => thrown);
  assert.instance(error, HookPolicyError);
  assert.is(await original.text(), 'abcdef');
});

visible.run();
body.run();
