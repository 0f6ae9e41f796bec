import type { WrittenVector } from '../layer-vectors.ts';
import { bothWays, type Case, jsonVectors } from './case.ts';

/*
 * Structs, options, enums of strings and repeated fields. Each rule is shown with a few types of
 * the protocol; the tables of types (types.ts) show the fields of all.
 */

const header = '{"name":"n","value_base64":"v"}';
const headerType = { type: 'v1.HeaderWire', id: 'struct' };
const identityText = '{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"n","plugin_version":"v"}';
const identityArray = '[[204,27,112,16,0,1,0,0],1,"n","v"]';

const fieldsOfObjects: readonly Case[] = [
  ['in-declared-order', header, header],
  ['in-another-order', '{"value_base64":"v","name":"n"}', header],
  ['with-an-escaped-name', '{"n\\u0061me":"n","value_base64":"v"}', header],
];

const undeclared: readonly Case[] = [
  ['undeclared-first', '{"x":1,"name":"n","value_base64":"v"}', null],
  ['undeclared-last', '{"name":"n","value_base64":"v","x":1}', null],
  ['undeclared-null', '{"name":"n","value_base64":"v","x":null}', null],
  ['undeclared-in-capitals', '{"Name":"n","value_base64":"v"}', null],
  ['undeclared-with-an-empty-name', '{"name":"n","value_base64":"v","":1}', null],
  ['undeclared-proto', '{"name":"n","value_base64":"v","__proto__":1}', null],
  ['undeclared-version', '{"_v":1,"name":"n","value_base64":"v"}', null],
];

const missing: readonly Case[] = [
  ['without-the-first', '{"value_base64":"v"}', null],
  ['without-the-last', '{"name":"n"}', null],
  ['without-any', '{}', null],
];

const notStructs: readonly Case[] = [
  ['null', 'null', null],
  ['string', '"n"', null],
  ['number', '1', null],
];

const arrays: readonly Case[] = [
  ['array', '["n","v"]', header],
  ['array-of-arrays', '[["n"],["v"]]', null],
];

const lengths: readonly Case[] = [
  ['array-of-one-less', '["n"]', null],
  ['array-of-one-more', '["n","v",null]', null],
  ['array-of-none', '[]', null],
  ['array-in-another-order', '["v","n"]', '{"name":"v","value_base64":"n"}'],
];

const record = (identity: string, metadata: string): Case => [
  metadata.startsWith('[') ? 'arrays-in-arrays' : 'an-array-in-objects',
  metadata.startsWith('[')
    ? `["id",${metadata},9]`
    : `{"plugin_id":"id","augmented_metadata":${metadata},"registered_at":9}`,
  `{"plugin_id":"id","augmented_metadata":{"identity":${identity},"negotiated_functions":{},` +
    '"negotiated_capabilities":[],"handshake_completed_at":1,"self_check_passed":true,"self_check_completed_at":1,' +
    '"expires_at":2},"registered_at":9}',
];

const deep: readonly Case[] = [
  record(identityText, `[${identityArray},{},[],1,true,1,2]`),
  record(
    identityText,
    `{"identity":${identityArray},"negotiated_functions":{},"negotiated_capabilities":[],"handshake_completed_at":1,` +
      '"self_check_passed":true,"self_check_completed_at":1,"expires_at":2}',
  ),
];

const signed = (headers: string): string => `{"url":null,"method":null,"headers":${headers},"body_base64":null}`;

const options: readonly Case[] = [
  ['all-missing', '{}', signed('null')],
  ['all-null', signed('null'), signed('null')],
  ['one-given', `{"headers":[${header}]}`, signed(`[${header}]`)],
  ['of-a-list-that-is-empty', '{"headers":[]}', signed('[]')],
  ['array-of-nulls', '[null,null,null,null]', signed('null')],
  ['of-another-type', '{"url":1}', null],
  ['of-a-list-with-null', '{"headers":[null]}', null],
  ['of-an-empty-object', '{"url":{}}', null],
];

const optionElements: readonly Case[] = [
  ['array-of-one-less', '[null,null,null]', null],
  ['array-of-none', '[]', null],
  ['array-of-one-more', '[null,null,null,null,null]', null],
];

const scoreFields = (more: string): string =>
  '{"predicted_cache_read_tokens":1,"predicted_cache_creation_tokens_5m":2,"predicted_cache_creation_tokens_1h":3,' +
  `"predicted_uncached_input_tokens":4,${more}}`;

const skipped: readonly Case[] = [
  ['null', scoreFields('"matched_breakpoint_index":null,"confidence":0.5'), scoreFields('"confidence":0.5')],
  [
    'given',
    scoreFields('"confidence":0.5,"ambiguity_reason":""'),
    scoreFields('"confidence":0.5,"ambiguity_reason":""'),
  ],
  ['array-with-null-at-the-end', '[1,2,3,4,null,null,0.5,null]', scoreFields('"confidence":0.5')],
  ['array-without-the-last', '[1,2,3,4,null,null,0.5]', scoreFields('"confidence":0.5')],
  ['array-without-the-middle', '[1,2,3,4,0.5]', null],
  ['array-that-ends-too-early', '[1,2,3,4,null,null]', null],
  ['array-of-one-more', '[1,2,3,4,null,null,0.5,null,null]', null],
];

const route = (end: string): string =>
  '{"request_id":"r","headers":[],"method":"m","path":"p","query":null,"body_base64":"",' +
  `"principal":{"id":"i","kind":"k","claims":{}},"candidates":[]${end}}`;
const routeElements = '"r",[],"m","p",null,"",["i","k",{}],[]';
const emptyRoute = route(',"cache_breakpoints":[],"canonical_model_id":""');

const empty: readonly Case[] = [
  ['both-missing', route(''), emptyRoute],
  ['one-missing', route(',"canonical_model_id":"c"'), route(',"cache_breakpoints":[],"canonical_model_id":"c"')],
  ['both-given', emptyRoute, emptyRoute],
  ['list-null', route(',"cache_breakpoints":null'), null],
  ['string-null', route(',"canonical_model_id":null'), null],
  ['array-without-both', `[${routeElements}]`, emptyRoute],
  ['array-without-the-last', `[${routeElements},[]]`, emptyRoute],
  ['array-with-both', `[${routeElements},[],""]`, emptyRoute],
  ['array-of-one-more', `[${routeElements},[],"",null]`, null],
  ['array-that-ends-too-early', '["r",[],"m","p",null,"",["i","k",{}]]', null],
];

const enums: readonly Case[] = [
  ['object', '{"success":null}', '"success"'],
  ['object-with-an-escaped-name', '{"\\u0073uccess":null}', '"success"'],
];

const notEnums: readonly Case[] = [
  ['another-string', '"succeeded"', null],
  ['capitals', '"Success"', null],
  ['index', '0', null],
  ['index-as-a-string', '"0"', null],
  ['null', 'null', null],
  ['array', '["success"]', null],
  ['object-of-another-string', '{"succeeded":null}', null],
  ['object-with-an-object', '{"success":{}}', null],
  ['object-with-a-list', '{"success":[]}', null],
  ['object-with-a-number', '{"success":1}', null],
  ['object-with-true', '{"success":true}', null],
  ['object-with-two-keys', '{"success":null,"failure":null}', null],
  ['object-without-keys', '{}', null],
];

const repeatedFields: readonly Case[] = [
  ['the-same-twice', '{"name":"n","name":"n","value_base64":"v"}', null, header],
  ['two-values', '{"name":"m","name":"n","value_base64":"v"}', null, header],
  ['three-times', '{"name":"m","name":"l","name":"n","value_base64":"v"}', null, header],
  ['apart', '{"name":"m","value_base64":"v","name":"n"}', null, header],
  ['first-of-another-type', '{"name":1,"name":"n","value_base64":"v"}', null, header],
  ['last-of-another-type', '{"name":"n","name":1,"value_base64":"v"}', null],
  ['undeclared-twice', '{"name":"n","value_base64":"v","x":1,"x":2}', null],
];

const repeatedDeep: readonly Case[] = [
  ['in-a-list', '{"headers":[{"name":"m","name":"n","value_base64":"v"}]}', null, signed(`[${header}]`)],
  ['option-null-and-given', '{"url":null,"url":null}', null, signed('null')],
];

const escapedRepeats: readonly Case[] = [
  ['one-escaped', '{"name":"m","n\\u0061me":"n","value_base64":"v"}', null, header],
];

const repeatedEnums: readonly Case[] = [
  ['enum-name-twice', '{"success":null,"success":null}', null, '"success"'],
  ['enum-name-twice-first-of-another-type', '{"success":1,"success":null}', null, '"success"'],
  ['enum-name-twice-last-of-another-type', '{"success":null,"success":1}', null],
];

/** How structs, options and enums are read. */
export const structVectors: readonly WrittenVector[] = [
  ...bothWays({ rule: 'J-16', ...headerType }, [...fieldsOfObjects, ...notStructs]),
  ...bothWays({ rule: 'J-17', ...headerType }, undeclared),
  ...bothWays({ rule: 'J-18', ...headerType }, missing),
  ...bothWays({ rule: 'J-19', ...headerType }, arrays),
  ...bothWays({ rule: 'J-19', type: 'PluginRegistryRecord', id: 'struct' }, deep),
  ...jsonVectors({ rule: 'J-19', type: 'PluginIdentity', id: 'struct' }, [
    ['array-of-the-identity', identityArray, identityText],
  ]),
  ...bothWays({ rule: 'J-20', ...headerType }, lengths),
  ...bothWays({ rule: 'J-20', type: 'v1.SignResponse', id: 'option' }, optionElements),
  ...bothWays({ rule: 'J-21', type: 'v1.SignResponse', id: 'option' }, options),
  ...bothWays({ rule: 'J-19', type: 'v2.CacheScoreWire', id: 'skipped' }, skipped),
  ...bothWays({ rule: 'J-22', type: 'v2.RouteRequest', id: 'empty' }, empty),
  ...bothWays({ rule: 'J-23', type: 'SelfCheckStatus', id: 'enum' }, enums),
  ...bothWays({ rule: 'J-24', type: 'SelfCheckStatus', id: 'enum' }, notEnums),
  ...jsonVectors({ rule: 'J-36', valueRule: 'J-38', type: 'v1.HeaderWire', id: 'repeated' }, repeatedFields),
  ...jsonVectors({ rule: 'J-38', type: 'v1.SignResponse', id: 'repeated' }, repeatedDeep),
  ...jsonVectors({ rule: 'J-40', type: 'v1.HeaderWire', id: 'repeated' }, escapedRepeats),
  ...jsonVectors({ rule: 'J-36', valueRule: 'J-38', type: 'SelfCheckStatus', id: 'repeated' }, repeatedEnums),
];
