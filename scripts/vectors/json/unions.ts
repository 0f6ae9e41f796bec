import type { WrittenVector } from '../layer-vectors.ts';
import { bothWays, type Case, jsonVectors } from './case.ts';

/*
 * Unions tagged by `kind`.
 */

const upstream = '{"kind":"anthropic_direct"}';
const error = '{"kind":"error","code":"a","message":"b","source":"c"}';
const started = '{"kind":"request_started","request_id":"a","downstream_user_agent":null}';
const chosen = `{"kind":"upstream_chosen","upstream":${upstream}}`;

const objects: readonly Case[] = [
  ['kind-first', error, error],
  ['kind-last', '{"code":"a","message":"b","source":"c","kind":"error"}', error],
  ['kind-in-between', '{"source":"c","message":"b","kind":"error","code":"a"}', error],
  ['without-an-option', '{"kind":"request_started","request_id":"a"}', started],
  ['without-an-option-kind-last', '{"request_id":"a","kind":"request_started"}', started],
  ['with-a-union', chosen, chosen],
  ['with-a-union-as-an-array', '{"kind":"upstream_chosen","upstream":["anthropic_direct"]}', chosen],
];

const notObjects: readonly Case[] = [
  ['without-kind', '{"code":"a","message":"b","source":"c"}', null],
  ['without-anything', '{}', null],
  ['of-another-kind', '{"kind":"failure","code":"a","message":"b","source":"c"}', null],
  ['of-a-kind-in-capitals', '{"kind":"Error","code":"a","message":"b","source":"c"}', null],
  ['with-kind-null', '{"kind":null,"code":"a","message":"b","source":"c"}', null],
  ['with-the-index-of-a-kind', '{"kind":5,"code":"a","message":"b","source":"c"}', null],
  ['with-kind-as-an-object', '{"kind":{"error":null},"code":"a","message":"b","source":"c"}', null],
  ['with-kind-as-an-array', '{"kind":["error"],"code":"a","message":"b","source":"c"}', null],
  ['with-a-field-of-another-kind', '{"kind":"error","code":"a","message":"b","source":"c","request_id":"a"}', null],
  ['with-an-undeclared-field', '{"kind":"error","code":"a","message":"b","source":"c","x":1}', null],
  ['without-a-field', '{"kind":"error","code":"a","message":"b"}', null],
  ['with-a-field-of-another-type', '{"kind":"error","code":1,"message":"b","source":"c"}', null],
  ['with-a-fraction-for-an-integer', '{"kind":"chunk","batch_index":1.0,"event_count":2,"total_bytes":3}', null],
  ['as-the-name-alone', '"error"', null],
  ['as-an-object-of-the-name', '{"error":{"code":"a","message":"b","source":"c"}}', null],
  ['null', 'null', null],
];

const arrays: readonly Case[] = [
  ['array', '["error","a","b","c"]', error],
  ['array-with-an-option', '["request_started","a",null]', started],
  ['array-without-an-option', '["request_started","a"]', null],
  ['array-of-one-less', '["error","a","b"]', null],
  ['array-of-one-more', '["error","a","b","c","d"]', null],
  ['array-of-the-name-and-an-object', '["error",{"code":"a","message":"b","source":"c"}]', null],
  ['array-of-the-name', '["error"]', null],
  ['array-of-nothing', '[]', null],
  ['array-with-the-index-of-a-kind', '[5,"a","b","c"]', null],
  ['array-of-another-kind', '["failure","a","b","c"]', null],
  ['array-with-a-union', `["upstream_chosen",${upstream}]`, chosen],
];

const withoutFields: readonly Case[] = [
  ['alone', upstream, upstream],
  ['with-another-field', '{"kind":"anthropic_direct","x":1}', upstream],
  ['with-a-field-before', '{"x":{"kind":"self"},"kind":"anthropic_direct"}', upstream],
  ['with-another-field-twice', '{"x":1,"kind":"anthropic_direct","x":2}', upstream],
  ['array', '["anthropic_direct"]', upstream],
  ['array-of-one-more', '["anthropic_direct",null]', null],
  ['array-of-nothing', '[]', null],
  ['without-kind', '{}', null],
  ['of-another-kind', '{"kind":"anthropic"}', null],
  ['with-the-index-of-its-kind', '{"kind":0}', null],
  ['array-with-the-index-of-its-kind', '[0]', null],
  ['as-the-name-alone', '"anthropic_direct"', null],
  ['as-an-object-of-the-name', '{"anthropic_direct":null}', null],
];

const dialect: readonly Case[] = [
  ['dialect-with-another-field', '{"kind":"self","x":1}', '{"kind":"self"}'],
  ['dialect-as-an-array', '["self"]', '{"kind":"self"}'],
  ['dialect-as-a-longer-array', '["self",1]', null],
];

const inner = (words: string, value: string, outcome: string | null): Case => [
  words,
  `{"kind":"upstream_chosen","upstream":${value}}`,
  outcome,
];

const buffered: readonly Case[] = [
  inner('index', '{"kind":0}', chosen),
  inner('index-in-an-array', '[0]', chosen),
  ['index-in-arrays', '["upstream_chosen",[0]]', chosen],
  inner('index-with-another-field', '{"kind":0,"x":1}', chosen),
  inner('index-of-no-variant', '{"kind":1}', null),
  inner('index-far-too-large', '{"kind":18446744073709551615}', null),
  inner('index-with-fraction', '{"kind":0.0}', null),
  inner('index-minus-zero', '{"kind":-0}', null),
  inner('index-negative', '{"kind":-1}', null),
  inner('index-as-a-string', '{"kind":"0"}', null),
  inner('index-in-a-longer-array', '[0,1]', null),
  ['index-outside', '{"kind":2,"upstream":{"kind":"anthropic_direct"}}', null],
];

/** The same field is not buffered where no union is around it. */
const notBuffered: readonly Case[] = [
  ['index-in-a-struct', '{"upstream":{"kind":0},"factory_state":null}', null],
  ['index-in-an-array-in-a-struct', '{"upstream":[0],"factory_state":null}', null],
];

const repeated: readonly Case[] = [
  ['kind-twice', '{"kind":"error","kind":"error","code":"a","message":"b","source":"c"}', null, error],
  ['another-kind-first', '{"kind":"chunk","kind":"error","code":"a","message":"b","source":"c"}', null, error],
  ['another-kind-last', '{"kind":"error","kind":"chunk","code":"a","message":"b","source":"c"}', null],
  ['a-field-of-a-union', '{"kind":"error","code":"z","code":"a","message":"b","source":"c"}', null, error],
  ['kind-twice-in-a-union', `{"kind":"upstream_chosen","upstream":${twice('anthropic_direct')}}`, null, chosen],
];

function twice(kind: string): string {
  return `{"kind":"${kind}","kind":"anthropic_direct"}`;
}

const repeatedWithoutFields: readonly Case[] = [
  ['kind-twice-without-fields', twice('anthropic_direct'), null, upstream],
  ['kind-twice-without-fields-unknown-first', twice('anthropic'), null, upstream],
];

const events = { type: 'v1.ObserveEventWire', id: 'union' };
const upstreams = { type: 'v1.UpstreamWire', id: 'union-without-fields' };

/** How unions are read. */
export const unionVectors: readonly WrittenVector[] = [
  ...bothWays({ rule: 'J-25', ...events }, objects),
  ...bothWays({ rule: 'J-26', ...events }, notObjects),
  ...bothWays({ rule: 'J-27', ...events }, arrays),
  ...bothWays({ rule: 'J-28', ...upstreams }, withoutFields),
  ...bothWays({ rule: 'J-28', type: 'v1.DialectBinding', id: 'union-without-fields' }, dialect),
  ...bothWays({ rule: 'J-35', type: 'v1.ObserveEventWire', id: 'buffered' }, buffered),
  ...bothWays({ rule: 'J-35', type: 'v1.BuildSignerRequest', id: 'buffered' }, notBuffered),
  ...jsonVectors({ rule: 'J-36', valueRule: 'J-38', type: 'v1.ObserveEventWire', id: 'repeated' }, repeated),
  ...jsonVectors({ rule: 'J-36', valueRule: 'J-38', type: 'v1.UpstreamWire', id: 'repeated' }, repeatedWithoutFields),
];
