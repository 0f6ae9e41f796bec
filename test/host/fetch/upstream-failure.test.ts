import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type NormalizeDecision,
  type NormalizeError,
  type NormalizePolicyOptions,
  readUpstreamFailure,
  responseAfterNormalize,
  upstreamErrorCategory,
  upstreamErrorWire,
} from '../../../src/host/index.ts';
import { DispatchError } from '../../../src/protocol/dispatch.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { base64Of, messageFailureOf, streamOf } from './messages.ts';

/** An answer of an upstream that is overloaded. */
const overloaded = (): Response =>
  new Response('{"busy":1}', {
    status: 529,
    headers: { 'retry-after': '1', 'x-ratelimit-a': '1', 'content-type': 'application/json' },
  });

const reading = suite('the answer of an upstream that failed');

reading('is what plugins see of it, and still whole', async () => {
  const failure = await readUpstreamFailure(overloaded());
  assert.equal(upstreamErrorWire(failure), {
    status: 529,
    body_base64: base64Of('{"busy":1}'),
    category: 'retryable',
  });
  assert.is(await failure.response.text(), '{"busy":1}');
});

reading('is shown without a body that is too large, and still whole', async () => {
  const failure = await readUpstreamFailure(overloaded(), { bodyMaxBytes: 9 });
  assert.equal(upstreamErrorWire(failure), { status: 529, body_base64: null, category: 'retryable' });
  assert.is(await failure.response.text(), '{"busy":1}');
});

reading('is not known if it breaks off', async () => {
  const response = new Response(streamOf(['{'], 'fails'), { status: 500 });
  assert.equal(await messageFailureOf(() => readUpstreamFailure(response)), {
    kind: 'BodyInterrupted',
    of: 'response',
  });
});

reading('has a category', () => {
  const expected = { 400: 'failed', 401: 'unauthorized', 403: 'failed', 404: 'failed', 408: 'retryable' } as const;
  const later = { 429: 'retryable', 500: 'retryable', 501: 'failed', 503: 'retryable', 529: 'retryable' } as const;
  for (const [status, category] of Object.entries({ ...expected, ...later }))
    assert.is(upstreamErrorCategory(Number(status)), category, status);
});

const normalizing = suite('normalize_error');

const after = async (normalize: NormalizeError, options: NormalizePolicyOptions = {}): Promise<NormalizeDecision> =>
  await responseAfterNormalize(await readUpstreamFailure(overloaded()), normalize, options);

/** Answers with a body as base64, or with null for no change. */
const answering =
  (body_base64: string | null): NormalizeError =>
  async () => ({ kind: 'ok', response: { body_base64 } });

normalizing('sees status and body, and replaces the body', async () => {
  let seen: unknown;
  const { response, error } = await after((request) => {
    seen = request;
    return { kind: 'ok', response: { body_base64: base64Of('{"error":"b\u00fasy"}') } };
  });
  assert.equal(seen, { status: 529, body_base64: base64Of('{"busy":1}') });
  assert.is(error, undefined);
  assert.equal([response.status, await response.text()], [529, '{"error":"b\u00fasy"}']);
  assert.equal([...response.headers].sort(), [
    ['content-length', '17'],
    ['content-type', 'application/json'],
    ['retry-after', '1'],
  ]);
});

normalizing('leaves the answer as it is', async () => {
  const { response, error } = await after(answering(null));
  assert.equal([error, await response.text(), response.headers.get('x-ratelimit-a')], [undefined, '{"busy":1}', '1']);
});

normalizing('passes the answer on if its call failed', async () => {
  const failed = new DispatchError({ kind: 'MissingNegotiatedVersion' });
  const { response, error } = await after(() => ({ kind: 'fallback', policy: 'pass_through', error: failed }));
  assert.is(error, failed);
  assert.is(await response.text(), '{"busy":1}');
});

normalizing('passes the answer on if its own is not taken, with a warning', async () => {
  const telemetry = recordedTelemetry();
  const { response, error } = await after(answering('sk-secret!'), { telemetry });
  assert.equal(error?.failure, { kind: 'Base64', field: 'body_base64' });
  assert.is(await response.text(), '{"busy":1}');
  const large = await after(answering(base64Of('12345')), { telemetry, bounds: { outputMaxBytes: 4 } });
  assert.equal(large.error?.failure, { kind: 'OutputTooLarge', bytes: 5, max: 4 });
  assert.equal(
    telemetry.events.map(({ level, target, fields }) => ({ level, target, ...fields })),
    [
      'Base64: body_base64 must be base64 with padding',
      'OutputTooLarge: the answer has 5 bytes, at most 4 are allowed',
    ].map((error) => ({
      level: 'warn',
      target: 'cc_lb_plugin.dispatch',
      function: 'normalize_error',
      policy: 'pass_through',
      error,
    })),
  );
});

normalizing('is not asked about a body that it cannot see', async () => {
  const failure = await readUpstreamFailure(overloaded(), { bodyMaxBytes: 0 });
  const { response } = await responseAfterNormalize(failure, () => {
    throw new Error('it was asked');
  });
  assert.is(response, failure.response);
});

normalizing('does not hide what the host throws', async () => {
  const error: unknown = await after(() => {
    throw new RangeError('a fault of the host');
  }).catch((thrown: unknown) => thrown);
  assert.is(String(error), 'RangeError: a fault of the host');
});

reading.run();
normalizing.run();
