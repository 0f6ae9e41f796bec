import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AskOptions, askUpstream, forwardedResponse } from '../../../src/host/index.ts';
import { requestsKeep } from '../../hooks/policies/outcomes.ts';
import { messageFailureOf, streamOf } from './messages.ts';

const answer = suite('the answer of an upstream');

/** A request that is not sent anywhere. */
const request = (): Request => new Request('https://up.test/', { method: 'POST', body: 'a' });

const entriesOf = ({ headers }: Response): [string, string][] => [...headers];

answer('loses what belongs to the connection', async () => {
  const headers = { connection: 'close, X-Hop', 'x-hop': '1', 'keep-alive': '1', te: 'x', 'x-kept': '1' };
  const response = forwardedResponse(new Response('hello', { status: 201, statusText: 'Made', headers }));
  assert.equal([response.status, response.statusText, await response.text()], [201, 'Made', 'hello']);
  assert.equal(
    entriesOf(response).filter(([name]) => name !== 'content-type'),
    [['x-kept', '1']],
  );
});

answer('keeps its length only if it was not encoded', () => {
  const lengthOf = (encoding: string): string | null =>
    forwardedResponse(
      new Response('hello', { headers: { 'content-encoding': encoding, 'content-length': '5' } }),
    ).headers.get('content-length');
  assert.equal([' identity', '', 'GZIP', 'br '].map(lengthOf), ['5', '5', null, null]);
});

answer('is refused in an encoding that some runtimes do not decode', async () => {
  for (const encoding of ['zstd', 'deflate', 'gzip, br', 'gzip, identity', 'x-gzip']) {
    let isCancelled = false;
    const body = streamOf([], 'stays open', () => {
      isCancelled = true;
    });
    const work = () => forwardedResponse(new Response(body, { headers: { 'content-encoding': encoding } }));
    assert.equal(await messageFailureOf(work), { kind: 'ContentEncoding' });
    assert.ok(isCancelled, 'and nobody waits for its body');
  }
  const head = new Response(null, { headers: { 'content-encoding': 'zstd' } });
  assert.is(
    forwardedResponse(head).headers.has('content-encoding'),
    false,
    'without a body there is nothing to decode',
  );
});

answer('has a body that is cancelled with it', async () => {
  let reason: unknown;
  const body = new ReadableStream({
    cancel: (given) => {
      reason = given;
    },
  });
  await forwardedResponse(new Response(body)).body?.cancel('gone');
  assert.is(reason, 'gone');
});

const asking = suite('asking an upstream');

asking('sends the request with the encodings that every runtime decodes, and the signal', async () => {
  const { signal } = new AbortController();
  let sent: [string | null, AbortSignal | undefined] | undefined;
  const fetch: AskOptions['fetch'] = async ({ headers }, init) => {
    sent = [headers.get('accept-encoding'), init.signal];
    return new Response('ok');
  };
  assert.is(await (await askUpstream(request(), { fetch, signal })).text(), 'ok');
  if (!requestsKeep('accept-encoding')) console.log('skipped: accept-encoding: browsers set their own');
  else assert.is(sent?.[0], 'gzip, br');
  assert.is(sent?.[1], signal);
});

asking('is a failure with a name if nothing answers', async () => {
  const rejects: AskOptions['fetch'] = async () => await Promise.reject(new TypeError('fetch failed: 10.0.0.1'));
  const throws: AskOptions['fetch'] = () => {
    throw new Error('no network');
  };
  for (const fetch of [rejects, throws])
    assert.equal(await messageFailureOf(() => askUpstream(request(), { fetch })), { kind: 'UpstreamUnreachable' });
  const error: unknown = await askUpstream(request(), { fetch: rejects }).catch((thrown: unknown) => thrown);
  assert.not.match(String(error), /10\.0\.0\.1/);
  assert.match(String(error instanceof Error && error.cause), /10\.0\.0\.1/);
});

asking('is another failure if the signal ended it', async () => {
  const fetch: AskOptions['fetch'] = (_request, { signal }) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const controller = new AbortController();
  const failure = messageFailureOf(() => askUpstream(request(), { fetch, signal: controller.signal }));
  controller.abort();
  assert.equal(await failure, { kind: 'Aborted' });
});

asking('checks its options', async () => {
  // The casts: what a caller without a type checker can pass.
  for (const options of [{ signal: 5 }, { fetch: 'fetch' }, { timeout: 5 }])
    assert.match(
      String(await askUpstream(request(), options as object).catch((thrown: unknown) => thrown)),
      /^TypeError: options/,
    );
});

answer.run();
asking.run();
