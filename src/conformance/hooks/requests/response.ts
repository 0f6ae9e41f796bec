import type { SseEvent, TransformResponseRequest, TransformSseEventRequest } from '../../../hooks/messages/shape.ts';
import { binaryBody } from '../../exercises.ts';
import {
  bodyForms,
  header,
  headerForms,
  LARGE_HINT,
  MODEL,
  manyClaims,
  oddHeaders,
  PATH,
  principal,
  principalForms,
  upstream,
  upstreamForms,
  utf8,
} from './common.ts';
import { FULL, HUGE, HUGE_BYTES, LARGE, LARGE_BYTES, oneRequest, type RequestForm, SAMPLE } from './form.ts';

/** What both requests about a response have. */
function answered(type: string): Omit<TransformResponseRequest, 'body'> {
  return {
    request_id: '',
    principal,
    upstream,
    request_method: 'POST',
    request_path: PATH,
    canonical_model_id: MODEL,
    response_status: 200,
    response_headers: [header('content-type', type)],
  };
}

/** What a request with every option set has. */
const everyOption = (): Pick<
  TransformResponseRequest,
  'principal' | 'upstream' | 'response_status' | 'response_headers'
> => ({
  principal: { ...principal, claims: manyClaims() },
  upstream: { kind: 'AnthropicDirect', base_url: 'https://example.test/base' },
  response_status: 599,
  response_headers: oddHeaders(),
});

/** A response that is not a success: its status, and the type of its error. */
const errors: readonly (readonly [status: number, type: string])[] = [
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [529, 'overloaded_error'],
];

/** A body of the API that says what went wrong. */
const errorBody = (type: string): string => `{"type":"error","error":{"type":"${type}","message":"m"}}`;

/** The requests of `transform_response`. */
export function transformResponseForms(): readonly RequestForm<TransformResponseRequest>[] {
  const body = utf8(
    `{"id":"msg_1","type":"message","role":"assistant","model":"${MODEL}","content":[{"type":"text","text":"Hi"}],` +
      `"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":1}}`,
  );
  const sample: TransformResponseRequest = { ...answered('application/json'), body };
  const failed = errors.map(([status, type]): [string, TransformResponseRequest] => [
    `a response with status ${status}`,
    { ...sample, response_status: status, body: utf8(errorBody(type)) },
  ]);
  return [
    oneRequest(SAMPLE, 'the sample', 'Answer an ordinary response with status 200.', sample),
    oneRequest(FULL, 'a request with every option set', 'Read every field of the request.', {
      ...sample,
      ...everyOption(),
      body: binaryBody,
    }),
    {
      id: 'statuses',
      what: 'responses with statuses of errors, and one without content',
      hint: 'Accept every status from 200 to 599, with any body.',
      cases: {
        ...Object.fromEntries(failed),
        'a response with status 204': { ...sample, response_status: 204, body: new Uint8Array() },
        'a response with status 502 whose body is a page': {
          ...sample,
          response_status: 502,
          response_headers: [header('content-type', 'text/html')],
          body: utf8('<html>Bad Gateway</html>'),
        },
      },
    },
    upstreamForms(sample),
    ...headerForms((response_headers) => ({ ...sample, response_headers })),
    ...principalForms(sample),
    ...bodyForms(sample),
  ];
}

/** The data of each event of the Messages API. Deltas have several forms. */
const events = (): Readonly<Record<string, readonly string[]>> => ({
  message_start: [
    `{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"${MODEL}",` +
      `"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}`,
  ],
  content_block_start: ['{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}'],
  content_block_delta: [
    '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello, \u{1f30d}"}}',
    '{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\": \\""}}',
    '{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"First"}}',
    '{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}',
  ],
  content_block_stop: ['{"type":"content_block_stop","index":0}'],
  message_delta: [
    '{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}',
  ],
  message_stop: ['{"type":"message_stop"}'],
  ping: ['{"type":"ping"}'],
  error: [errorBody('overloaded_error')],
});

/** The requests of `transform_sse_event`. */
export function transformSseEventForms(): readonly RequestForm<TransformSseEventRequest>[] {
  const text = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}';
  const event: SseEvent = { event: 'content_block_delta', data: utf8(text) };
  const sample: TransformSseEventRequest = { ...answered('text/event-stream'), event };
  const withData = (data: Uint8Array, name = event.event): TransformSseEventRequest => ({
    ...sample,
    event: { event: name, data },
  });
  const long = (bytes: number): Uint8Array => utf8(text.replace('Hello', 'x'.repeat(bytes)));
  const typed = Object.entries(events()).flatMap(([name, forms]) =>
    forms.map((form, index): [string, TransformSseEventRequest] => [
      `an event ${name}${index === 0 ? '' : `, form ${index + 1}`}`,
      withData(utf8(form), name),
    ]),
  );
  return [
    oneRequest(SAMPLE, 'the sample', 'Answer an ordinary event with a text.', sample),
    oneRequest(FULL, 'a request with every option set', 'Read every field of the request.', {
      ...sample,
      ...everyOption(),
      event: { event: 'unknown_event', data: binaryBody },
    }),
    {
      id: 'events',
      what: 'an event of each type that the Messages API sends',
      hint: 'Answer Unchanged for events that the plugin does not know.',
      cases: Object.fromEntries(typed),
    },
    oneRequest('unnamed-event', 'an event without a name', 'Accept an empty text as name of an event.', {
      ...withData(utf8('{"type":"ping"}'), ''),
    }),
    oneRequest('empty-data', 'an event without data', 'Accept data of no bytes.', withData(new Uint8Array())),
    oneRequest(
      'binary-data',
      'data that is not UTF-8',
      'Read the data as bytes. It need not be text or JSON.',
      withData(binaryBody),
    ),
    upstreamForms(sample),
    ...headerForms((response_headers) => ({ ...sample, response_headers })),
    ...principalForms(sample),
    oneRequest(LARGE, 'data of 64 KiB', LARGE_HINT, withData(long(LARGE_BYTES))),
    oneRequest(HUGE, 'data of 1 MiB', LARGE_HINT, withData(long(HUGE_BYTES))),
  ];
}
