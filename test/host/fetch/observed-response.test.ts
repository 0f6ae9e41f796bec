import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BatchReports } from '../../../src/host/fetch/batch-reports.ts';
import { type ObserveOptions, observedResponse, PluginHostError } from '../../../src/host/index.ts';
import { encodeJson, type ObserveEventWire, type ObserveRequest, wire } from '../../../src/protocol/messages/index.ts';
import { thrownBy } from '../../support/failure.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { streamOf } from './messages.ts';

const events = { 'content-type': 'text/event-stream' };

/** An observer, with what it was told. */
function observer(answer: () => Promise<unknown> = async () => undefined) {
  const reports: (readonly ObserveEventWire[])[] = [];
  const report = async (request: ObserveRequest): Promise<void> => {
    reports.push(request.events);
    // The protocol must be able to write it.
    encodeJson(wire.v1.observe.schemas.request, request, 'declared');
    await answer();
  };
  return { reports, report };
}

/** Waits until all that is under way is done. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const noTokens = {
  input_tokens: null,
  output_tokens: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
};

const batch = (batch_index: number, event_count: number, total_bytes: number) =>
  ({ kind: 'chunk', batch_index, event_count, total_bytes }) as const;

const finished = (changes: object = {}) => ({
  kind: 'request_finished',
  status: 200,
  ...noTokens,
  duration_ms: 0,
  ...changes,
});

const clock =
  (...times: number[]): (() => number) =>
  () =>
    times.shift() ?? 0;
const still = { now: () => 0 };

const observed = suite('an observed response');

observed('has the same bytes, status and headers', async () => {
  const { report } = observer();
  const original = new Response(streamOf(['data: 1\n\n', 'da'], 'closes'), {
    status: 201,
    statusText: 'A',
    headers: events,
  });
  const response = observedResponse(original, report);
  assert.equal(
    [response.status, response.statusText, response.headers.get('content-type'), await response.text()],
    [201, 'A', 'text/event-stream', 'data: 1\n\nda'],
  );
});

observed('is reported in batches of events', async () => {
  const { reports, report } = observer();
  const chunks = ['data: 1\n\n', 'data: 2\n\ndata: 3', '\n\n: c\n\n', 'data: 4\n\nrest'];
  await observedResponse(new Response(streamOf(chunks, 'closes'), { headers: events }), report, {
    ...still,
    batchMaxEvents: 2,
  }).text();
  await settled();
  const bytes = chunks.map(({ length }) => length);
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  assert.equal(reports, [[batch(0, 2, first + second)], [batch(1, 2, third + fourth)], [finished()]]);
});

observed('is reported after a time too', async () => {
  const { reports, report } = observer();
  const response = new Response(streamOf(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'], 'closes'), { headers: events });
  // The start, three chunks, and the end.
  const now = clock(1000, 1400, 1500, 1600, 1999);
  await observedResponse(response, report, { now, batchMs: 500, startedAt: 900 }).text();
  await settled();
  assert.equal(reports, [[batch(0, 2, 18)], [batch(1, 1, 9), finished({ duration_ms: 1099 })]]);
});

observed('does not wait for an observer: what comes meanwhile is one batch', async () => {
  let answer = (): void => undefined;
  const { reports, report } = observer(
    () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      }),
  );
  const chunks = Array.from({ length: 1000 }, () => 'data: 1\n\n');
  const response = new Response(streamOf(chunks, 'closes'), { headers: events });
  assert.is((await observedResponse(response, report, { ...still, batchMaxEvents: 1 }).text()).length, 9000);
  assert.equal(reports, [[batch(0, 1, 9)]]);
  answer();
  await settled();
  assert.equal(reports.slice(1), [[batch(1, 999, 8991), finished()]]);
});

observed('reports the tokens of a stream, the latest of each', async () => {
  const { reports, report } = observer();
  const usage = { input_tokens: 7, output_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 'x' };
  const stream = [
    `event: message_start\ndata: ${JSON.stringify({ message: { usage } })}\n\n`,
    'event: message_delta\ndata: {"usage":{"output_tokens":9,"input_tokens":-1}}\n\n',
    'event: message_delta\ndata: not JSON\n\nevent: message_delta\ndata: null\n\nevent: __proto__\ndata: {}\n\n',
    'event: other\ndata: {"usage":{"output_tokens":99}}\n\n',
  ].join('');
  await observedResponse(new Response(stream, { headers: events }), report, still).text();
  await settled();
  const tokens = { input_tokens: 7, output_tokens: 9, cache_read_input_tokens: 0 };
  assert.equal(reports, [[batch(0, 6, stream.length), finished(tokens)]]);
});

observed('reports the tokens of a whole answer', async () => {
  const answer = JSON.stringify({ usage: { input_tokens: 1, output_tokens: 2 } });
  for (const [eventMaxBytes, tokens] of [
    [answer.length, { input_tokens: 1, output_tokens: 2 }],
    [answer.length - 1, {}],
  ] as const) {
    const { reports, report } = observer();
    await observedResponse(new Response(answer), report, { ...still, eventMaxBytes }).text();
    await settled();
    assert.equal(reports, [[batch(0, 0, answer.length), finished(tokens)]]);
  }
});

observed('counts only bytes after an event that is too large', async () => {
  const { reports, report } = observer();
  const stream = `data: 1\n\ndata: ${'x'.repeat(100)}\n\ndata: 3\n\n`;
  await observedResponse(new Response(stream, { headers: events }), report, { ...still, eventMaxBytes: 50 }).text();
  await settled();
  assert.equal(reports, [[batch(0, 1, stream.length), finished()]]);
});

observed('without a body is finished at once', async () => {
  const { reports, report } = observer();
  const response = new Response(null, { status: 204 });
  assert.is(observedResponse(response, report, still), response);
  await settled();
  assert.equal(reports, [[finished({ status: 204 })]]);
});

observed('that breaks off breaks off for the client, and is reported so', async () => {
  const { reports, report } = observer();
  const response = new Response(streamOf(['data: 1\n\n'], 'fails'), { headers: events });
  const error: unknown = await observedResponse(response, report, still)
    .text()
    .catch((thrown: unknown) => thrown);
  assert.instance(error, Error);
  await settled();
  const [told = []] = reports;
  assert.equal(
    told.map((event) => (event.kind === 'error' ? [event.code, event.source] : event)),
    [batch(0, 1, 9), ['response_interrupted', 'upstream'], finished()],
  );
});

observed('whose client goes away is given up, and is reported so', async () => {
  const { reports, report } = observer();
  let isCancelled = false;
  const stream = streamOf(['data: 1\n\n'], 'stays open', () => {
    isCancelled = true;
  });
  const reader = observedResponse(new Response(stream, { headers: events }), report, still).body?.getReader();
  await reader?.read();
  const waiting = reader?.read();
  await settled();
  await reader?.cancel('gone');
  await waiting;
  await settled();
  assert.ok(isCancelled);
  const [told = [], ...more] = reports;
  assert.equal(more, [], 'the end is reported once');
  assert.equal(
    told.map((event) => (event.kind === 'error' ? [event.code, event.source] : event)),
    [batch(0, 1, 9), ['response_cancelled', 'downstream'], finished()],
  );
});

observed('does not fail with its observer, which is logged without its message', async () => {
  const telemetry = recordedTelemetry();
  const report = async (): Promise<void> => await Promise.reject(new Error('sk-secret'));
  const options: ObserveOptions = { ...still, telemetry, batchMaxEvents: 1 };
  const response = new Response('data: 1\n\n', { headers: events });
  assert.is(await observedResponse(response, report, options).text(), 'data: 1\n\n');
  await settled();
  assert.equal(
    telemetry.events.map(({ level, fields }) => [level, fields]),
    Array.from({ length: 2 }, () => ['warn', { function: 'observe', error: 'not an error of this package' }]),
  );
});

observed('tells the telemetry why an observer failed, if the error is of this package', async () => {
  const telemetry = recordedTelemetry();
  const error = new PluginHostError({ kind: 'Closed' });
  const report = async (): Promise<void> => await Promise.reject(error);
  await observedResponse(new Response('a'), report, { ...still, telemetry }).text();
  await settled();
  assert.equal(
    telemetry.events.map(({ fields }) => fields?.error),
    [`PluginHostError: ${error.message}`],
  );
});

observed('goes on being told if the telemetry of a failed report throws', async () => {
  const { reports, report } = observer(async () => await Promise.reject(new Error('no observer')));
  const telemetry = {
    ...recordedTelemetry(),
    log: () => {
      throw new Error('no log');
    },
  };
  const options = { ...still, telemetry, batchMaxEvents: 1 };
  await observedResponse(new Response('data: 1\n\n', { headers: events }), report, options).text();
  await settled();
  assert.equal(reports, [[batch(0, 1, 9)], [finished()]]);
});

observed('is read only when the client reads', async () => {
  let pulled = 0;
  const source = new ReadableStream({ pull: () => void pulled++ }, { highWaterMark: 0 });
  observedResponse(new Response(source), async () => undefined);
  await settled();
  assert.is(pulled, 0);
});

observed('reports counts that plugins of 32 bits can read', async () => {
  const { reports, report } = observer();
  const batches = new BatchReports(report, undefined);
  batches.add(2 ** 40, 2 ** 41);
  batches.flush();
  await settled();
  assert.equal(reports, [[batch(0, 2 ** 32 - 1, 2 ** 32 - 1)]]);
});

observed('is not reported where nothing has come', async () => {
  const { reports, report } = observer();
  new BatchReports(report, undefined).flush();
  await settled();
  assert.equal(reports, []);
});

observed('is refused if it was read before', async () => {
  const response = new Response('a');
  await response.text();
  const work = () => observedResponse(response, async () => undefined);
  assert.match(String(thrownBy(work)), /^TypeError: the body was read before/);
});

observed('checks its arguments', () => {
  const response = new Response('a');
  const report = async (): Promise<void> => undefined;
  // The casts: what a caller without a type checker can pass.
  assert.match(String(thrownBy(() => observedResponse(response, 5 as never))), /^TypeError: report must be a function/);
  for (const options of [{ batchSize: 1 }, { batchMs: 'x' }, { now: 5 }, { startedAt: '1' }])
    assert.match(String(thrownBy(() => observedResponse(response, report, options as object))), /^TypeError: options/);
});

observed.run();
