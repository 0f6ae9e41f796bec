import { candidate, choice, score, sentSign, shape, shaped } from '../request-texts.ts';
import type { RequestCase } from './case.ts';

/** Forms of a request that a host reads. */
export const formCases: readonly RequestCase[] = [
  {
    words: 'read-as-an-array',
    rule: 'D-7',
    function: 'normalize_error',
    request: '[1,""]',
    sent: '{"_v":1,"body_base64":"","status":1}',
  },
  {
    words: 'read-with-arrays-inside',
    rule: 'D-7',
    function: 'sign',
    request: '{"shaped":["u","m",[],""],"signer_state":[1]}',
    sent: sentSign('[1]'),
  },
  {
    words: 'read-in-another-order',
    rule: 'D-7',
    function: 'normalize_error',
    request: ' { "body_base64" : "" , "status" : 1 } ',
    sent: '{"_v":1,"body_base64":"","status":1}',
  },
];

const normalize = (words: string, request: string): RequestCase => ({
  words,
  rule: 'D-7',
  function: 'normalize_error',
  request,
});

/** Texts that are not of the request type. */
export const refusalCases: readonly RequestCase[] = [
  normalize('repeated-field', '{"status":1,"status":1,"body_base64":""}'),
  normalize('repeated-field-that-is-first-of-another-type', '{"status":"1","status":1,"body_base64":""}'),
  {
    words: 'repeated-field-inside',
    rule: 'D-7',
    function: 'sign',
    request: `{"shaped":${shaped.replace('"url":"u"', '"url":"t","url":"u"')},"signer_state":null}`,
  },
  normalize('with-a-version', '{"_v":1,"status":1,"body_base64":""}'),
  normalize('not-json', '{"status":1,"body_base64":""'),
  normalize('nothing', ''),
  ...(
    [
      ['undeclared-field', '{"status":1,"body_base64":"","x":1}'],
      ['missing-field', '{"status":1}'],
      ['out-of-range', '{"status":65536,"body_base64":""}'],
      ['negative', '{"status":-1,"body_base64":""}'],
      ['fraction', '{"status":1.0,"body_base64":""}'],
      ['null', 'null'],
      ['list', '[]'],
    ] as const
  ).map(([words, request]): RequestCase => ({ ...normalize(words, request), rule: 'D-9' })),
  { words: 'any-missing', rule: 'D-9', function: 'sign', request: `{"shaped":${shaped}}` },
  { words: 'claims-null', rule: 'D-9', function: 'shape', request: shape().replace('"claims":{}', '"claims":null') },
  { words: 'base-url-in-v1', rule: 'D-9', function: 'shape', request: shape(',"upstream_base_url":null') },
  {
    words: 'score-in-v1',
    rule: 'D-9',
    function: 'route',
    request: choice(candidate(`,"cache_score":${score('0.5')}`)),
  },
  { words: 'breakpoints-in-filter', rule: 'D-9', function: 'filter', request: choice('', ',"cache_breakpoints":[]') },
  {
    words: 'integer-out-of-range-inside',
    rule: 'J-48',
    function: 'observe',
    request: '{"events":[{"kind":"chunk","batch_index":-1,"event_count":0,"total_bytes":0}]}',
  },
];
