import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { receiveRequest, requestWire } from '../../../src/host/index.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { requestsKeep } from '../../hooks/policies/outcomes.ts';
import { thrownBy } from '../../support/failure.ts';
import { base64Of, bytesOf, messageFailureOf, streamOf } from './messages.ts';

const url = 'https://lb.test/v1/messages?beta=true';

/** A request with a stream as its body. */
function streaming(body: ReadableStream<Uint8Array<ArrayBuffer>>, headers: Record<string, string> = {}): Request {
  // The cast: TypeScript's `RequestInit` leaves `duplex` out, without which streams are refused.
  return new Request(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
}

const receiving = suite("a client's request");

receiving('is read once, and can then be sent more than once', async () => {
  const { request, body } = await receiveRequest(streaming(streamOf(['{"a"', ':1}'], 'closes')));
  assert.equal(body, bytesOf('{"a":1}'));
  assert.ok(request.bodyUsed);
});

receiving('without a body has none', async () => {
  for (const method of ['GET', 'HEAD', 'DELETE'])
    assert.is((await receiveRequest(new Request(url, { method }))).body.length, 0);
});

receiving('has a body up to a limit', async () => {
  const four = (): Request => streaming(streamOf(['ab', 'cd'], 'closes'));
  assert.is((await receiveRequest(four(), { bodyMaxBytes: 4 })).body.length, 4);
  const failure = await messageFailureOf(() => receiveRequest(four(), { bodyMaxBytes: 3 }));
  assert.equal(failure, { kind: 'BodyTooLarge', max: 3 });
});

receiving('that says that it is too large is given up unread', async () => {
  if (!requestsKeep('content-length')) return console.log('skipped: content-length: browsers take it from a Request');
  let isCancelled = false;
  const body = streamOf([], 'stays open', () => {
    isCancelled = true;
  });
  const request = streaming(body, { 'content-length': '33554433' });
  assert.equal(await messageFailureOf(() => receiveRequest(request)), { kind: 'BodyTooLarge', max: 33_554_432 });
  assert.ok(isCancelled);
});

receiving('that lies about its length is read as it is', async () => {
  for (const length of ['1e99', '-1', 'x', ''])
    assert.is(
      (await receiveRequest(streaming(streamOf(['abc'], 'closes'), { 'content-length': length }))).body.length,
      3,
    );
});

receiving('whose body breaks off is a failure with the cause', async () => {
  const work = () => receiveRequest(streaming(streamOf(['abc'], 'fails')));
  assert.equal(await messageFailureOf(work), { kind: 'BodyInterrupted', of: 'request' });
  const error: unknown = await work().catch((thrown: unknown) => thrown);
  assert.is(error instanceof Error && error.cause instanceof Error && error.cause.message, 'the connection broke');
});

receiving('is refused if the method would arrive as another', async () => {
  for (const method of ['PURGE', 'PROPFIND'])
    assert.equal(await messageFailureOf(() => receiveRequest(new Request(url, { method }))), { kind: 'Method' });
});

receiving('is refused as an argument if it was read before, or an option is unknown', async () => {
  const read = new Request(url, { method: 'POST', body: 'a' });
  await read.text();
  const error: unknown = await receiveRequest(read).catch((thrown: unknown) => thrown);
  assert.match(String(error), /^TypeError: the body was read before/);
  // The cast: what a caller without a type checker can pass.
  const options = { maxBytes: 1 } as object;
  const other: unknown = await receiveRequest(new Request(url), options).catch((thrown: unknown) => thrown);
  assert.match(String(other), /^TypeError: options.maxBytes must be left out/);
});

const seeing = suite('what plugins of generation 1 see of it');

seeing('is all but its credentials, as base64', async () => {
  const request = new Request(url, {
    method: 'POST',
    headers: { authorization: 'Bearer s', 'x-api-key': 's', 'x-latin': 'caf\xe9', 'content-type': 'text/plain' },
    body: 'h\u00e9',
  });
  const seen = requestWire(await receiveRequest(request), 'r-1');
  assert.equal(seen, {
    request_id: 'r-1',
    method: 'POST',
    path: '/v1/messages',
    query: 'beta=true',
    headers: [
      { name: 'content-type', value_base64: base64Of('text/plain') },
      { name: 'x-latin', value_base64: 'Y2Fm6Q==' },
    ],
    body_base64: base64Of('h\u00e9'),
  });
});

seeing('goes into requests of shape and filter', async () => {
  const seen = requestWire(await receiveRequest(new Request(url)), 'r-1');
  const principal = wire.v3.filter.dryRunRequest().principal;
  const filter = { ...seen, principal, candidates: [] };
  assert.equal(Object.keys(filter).sort(), Object.keys(wire.v3.filter.dryRunRequest()).sort());
  assert.equal(Object.keys(seen).sort(), Object.keys(wire.v2.shape.dryRunRequest().request).sort());
});

seeing('has no cookies if they are hidden', async () => {
  if (!requestsKeep('cookie')) return console.log('skipped: cookie: browsers take it from a Request');
  const received = await receiveRequest(new Request(url, { headers: { cookie: 'a=1' } }));
  assert.equal(requestWire(received, 'r').headers, [{ name: 'cookie', value_base64: base64Of('a=1') }]);
  assert.equal(requestWire(received, 'r', { cookieRedaction: true }).headers, []);
  // The cast: what a caller without a type checker can pass.
  const options = { cookieRedaction: 'yes' } as object;
  assert.match(String(thrownBy(() => requestWire(received, 'r', options))), /^TypeError: options.cookieRedaction/);
});

receiving.run();
seeing.run();
