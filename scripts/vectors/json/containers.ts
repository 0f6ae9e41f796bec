import type { WrittenVector } from '../layer-vectors.ts';
import { bothWays, type Case, jsonVectors } from './case.ts';

/*
 * Scalars that are not numbers, lists, maps, sets, and values that a host does not interpret.
 */

const header = (name: string): string => `{"name":${name},"value_base64":""}`;

const strings: readonly Case[] = [
  ['empty', header('""'), header('""')],
  ['null', header('null'), null],
  ['number', header('1'), null],
  ['true', header('true'), null],
  ['list', header('["n"]'), null],
  ['object', header('{"n":null}'), null],
];

/** Fields of base64 are strings for the codec. */
const base64: readonly Case[] = [
  ['not-base64', '{"status":1,"body_base64":"not base64!"}', '{"status":1,"body_base64":"not base64!"}'],
  ['without-padding', '{"status":1,"body_base64":"YQ"}', '{"status":1,"body_base64":"YQ"}'],
];

const metadata = (passed: string): string =>
  '{"identity":{"magic":[0,0,0,0,0,0,0,0],"abi_envelope":1,"plugin_name":"n","plugin_version":"v"},' +
  `"negotiated_functions":{},"negotiated_capabilities":[],"handshake_completed_at":1,"self_check_passed":${passed},` +
  '"self_check_completed_at":1,"expires_at":2}';

const bools: readonly Case[] = [
  ['true', metadata('true'), metadata('true')],
  ['false', metadata('false'), metadata('false')],
  ['null', metadata('null'), null],
  ['one', metadata('1'), null],
  ['string', metadata('"true"'), null],
];

const offered = (versions: string): string => `{"function":"f","versions":${versions}}`;

const lists: readonly Case[] = [
  ['empty', offered('[]'), offered('[]')],
  ['with-repeats', offered('[2,1,2]'), offered('[2,1,2]')],
  ['with-null', offered('[1,null]'), null],
  ['with-another-type', offered('[1,"2"]'), null],
  ['null', offered('null'), null],
  ['object', offered('{"0":1}'), null],
  ['number', offered('1'), null],
];

const identity = (magic: string): string =>
  `{"magic":${magic},"abi_envelope":1,"plugin_name":"n","plugin_version":"v"}`;

const fixedArrays: readonly Case[] = [
  ['exact', identity('[1,2,3,4,5,6,7,8]'), identity('[1,2,3,4,5,6,7,8]')],
  ['one-less', identity('[1,2,3,4,5,6,7]'), null],
  ['one-more', identity('[1,2,3,4,5,6,7,8,9]'), null],
  ['empty', identity('[]'), null],
  ['null', identity('null'), null],
  ['string', identity('"12345678"'), null],
  ['object', identity('{}'), null],
];

const accept = (chosen: string, supported = '{}', implemented = '[]'): string =>
  `{"handshake_schema_version":1,"envelope_version":1,"chosen_versions":${chosen},"plugin_supported":${supported},` +
  `"implemented_functions":${implemented},"required_capabilities":[]}`;

const maps: readonly Case[] = [
  ['empty', accept('{}'), accept('{}')],
  ['sorted-when-written', accept('{"b":1,"a":2}'), accept('{"a":2,"b":1}')],
  ['with-any-key', accept('{"":1,"__proto__":2,"a b":3}'), accept('{"":1,"__proto__":2,"a b":3}')],
  ['with-null', accept('{"a":null}'), null],
  ['with-another-type', accept('{"a":"1"}'), null],
  ['null', accept('null'), null],
  ['array', accept('[]'), null],
  ['array-of-pairs', accept('[["a",1]]'), null],
];

const repeatedKeys: readonly Case[] = [
  ['the-last', accept('{"a":1,"a":2}'), accept('{"a":2}')],
  ['the-last-with-one-escaped', accept('{"a":1,"\\u0061":2}'), accept('{"a":2}')],
  ['the-last-of-lists', accept('{}', '{"a":[1],"a":[2]}'), accept('{}', '{"a":[2]}')],
  ['first-of-another-type', accept('{"a":"x","a":1}'), null, accept('{"a":1}')],
  ['first-null', accept('{"a":null,"a":1}'), null, accept('{"a":1}')],
  ['middle-of-another-type', accept('{"a":1,"a":[],"a":2}'), null, accept('{"a":2}')],
  ['last-of-another-type', accept('{"a":1,"a":"x"}'), null],
  ['last-out-of-range', accept('{"a":1,"a":4294967296}'), null],
];

const sets: readonly Case[] = [
  ['sorted-when-written', accept('{}', '{}', '["b","a"]'), accept('{}', '{}', '["a","b"]')],
  ['repeats-count-once', accept('{}', '{}', '["b","a","b","b"]'), accept('{}', '{}', '["a","b"]')],
  ['repeats-by-escapes', accept('{}', '{}', '["a","\\u0061"]'), accept('{}', '{}', '["a"]')],
  ['with-the-empty-string', accept('{}', '{}', '["a",""]'), accept('{}', '{}', '["","a"]')],
  ['with-a-number', accept('{}', '{}', '["a",1]'), null],
  ['with-null', accept('{}', '{}', '[null]'), null],
  ['null', accept('{}', '{}', 'null'), null],
  ['object', accept('{}', '{}', '{"a":null}'), null],
  ['string', accept('{}', '{}', '"a"'), null],
];

/** Sorted by UTF-8 bytes: capitals before `_` before small letters, U+FFEE before U+1F600. */
const orders: readonly Case[] = [
  [
    'keys',
    accept('{"a":1,"_":2,"Z":3,"é":4,"a0":5,"10":6,"9":7}'),
    accept('{"10":6,"9":7,"Z":3,"_":2,"a":1,"a0":5,"é":4}'),
  ],
  ['keys-beyond-the-bmp', accept('{"\u{1f600}":1,"\uffee":2}'), accept('{"\uffee":2,"\u{1f600}":1}')],
  ['strings', accept('{}', '{}', '["a","B","_","aa","10","9"]'), accept('{}', '{}', '["10","9","B","_","a","aa"]')],
  [
    'strings-beyond-the-bmp',
    accept('{}', '{}', '["\u{1f600}","\uffee"]'),
    accept('{}', '{}', '["\uffee","\u{1f600}"]'),
  ],
];

const built = (state: string): string => `{"signer_state":${state}}`;
const kept = (words: string, state: string, written = state): Case => [words, built(state), built(written)];

const anyValues: readonly Case[] = [
  kept('null', 'null'),
  kept('true', 'true'),
  kept('false', 'false'),
  kept('string', '"s"'),
  kept('list', '[1,[null],{"a":[]}]'),
  kept('object', '{"a":{"b":{}}}'),
  ['missing', '{}', null],
  ['array-form', '[{"a":1}]', built('{"a":1}')],
  ['array-form-null', '[null]', built('null')],
  ['array-form-missing', '[]', null],
];

const claims = (value: string): string => `{"id":"i","kind":"k","claims":${value}}`;

const objects: readonly Case[] = [
  ['empty', claims('{}'), claims('{}')],
  ['with-anything', claims('{"a":[1.0,null]}'), claims('{"a":[1.0,null]}')],
  ['null', claims('null'), null],
  ['list', claims('[]'), null],
  ['string', claims('"{}"'), null],
  ['missing', '{"id":"i","kind":"k"}', null],
];

const repeatedInside: readonly Case[] = [
  kept('key', '{"a":1,"a":2}', '{"a":2}'),
  kept('key-of-another-type', '{"a":{},"a":2}', '{"a":2}'),
  kept('key-deep', '[{"a":{"b":1,"b":2}}]', '[{"a":{"b":2}}]'),
  kept('key-with-one-escaped', '{"a":1,"\\u0061":2}', '{"a":2}'),
  kept('key-whose-objects-do-not-merge', '{"a":{"x":1},"a":{"y":2}}', '{"a":{"y":2}}'),
];

const exact: readonly Case[] = [
  ...['0', '-1', '9007199254740993', '18446744073709551615', '-9223372036854775808', '9223372036854775808'].map(
    (token) => kept(token, token),
  ),
  kept('in-lists-and-objects', '{"a":[18446744073709551615]}'),
  ...['1.0', '-1.0', '0.0', '-0.0', '0.1', '1.5e-7', '100.0'].map((token) => kept(token, token)),
];

const doubles: readonly Case[] = [
  kept('18446744073709551616', '18446744073709551616', '1.8446744073709552e+19'),
  kept('-9223372036854775809', '-9223372036854775809', '-9.223372036854776e+18'),
  kept('100000000000000000000', '100000000000000000000', '1e+20'),
  kept('-0', '-0', '-0.0'),
  kept('1e0', '1e0', '1.0'),
  kept('1e16', '1e16', '1e+16'),
  kept('0.10', '0.10', '0.1'),
];

const keys: readonly Case[] = [
  kept('sorted', '{"b":1,"a":{"d":1,"c":2}}', '{"a":{"c":2,"d":1},"b":1}'),
  kept('sorted-in-lists', '[{"b":1,"a":2}]', '[{"a":2,"b":1}]'),
  kept('proto', '{"toString":1,"__proto__":{"constructor":null}}', '{"__proto__":{"constructor":null},"toString":1}'),
  kept('numbers', '{"9":1,"10":2}', '{"10":2,"9":1}'),
  kept('beyond-the-bmp', '{"\u{1f600}":1,"\uffee":2,"":3}', '{"":3,"\uffee":2,"\u{1f600}":1}'),
  kept('kind', '{"kind":0,"_v":2}', '{"_v":2,"kind":0}'),
];

const acceptType = { type: 'HandshakeAccept' };
const state = { type: 'v1.BuildSignerResponse' };

/** How values that are not structs or numbers are read. */
export const containerVectors: readonly WrittenVector[] = [
  ...jsonVectors({ rule: 'J-11', type: 'v1.HeaderWire', id: 'string' }, strings),
  ...jsonVectors({ rule: 'T-30', type: 'v1.NormalizeErrorRequest', id: 'base64' }, base64),
  ...jsonVectors({ rule: 'J-12', type: 'AugmentedMetadata', id: 'bool' }, bools),
  ...jsonVectors({ rule: 'J-29', type: 'FunctionVersionOfferRaw', id: 'list' }, lists),
  ...jsonVectors({ rule: 'J-30', type: 'PluginIdentity', id: 'fixed-array' }, fixedArrays),
  ...jsonVectors({ rule: 'J-31', ...acceptType, id: 'map' }, maps),
  ...bothWays({ rule: 'J-32', ...acceptType, id: 'set' }, sets),
  ...bothWays({ rule: 'J-33', ...state, id: 'any' }, anyValues),
  ...jsonVectors({ rule: 'J-34', type: 'v1.Principal', id: 'object' }, objects),
  ...bothWays({ rule: 'J-37', valueRule: 'J-39', ...acceptType, id: 'repeated-key' }, repeatedKeys),
  ...bothWays({ rule: 'J-41', ...state, id: 'repeated-inside' }, repeatedInside),
  ...jsonVectors({ rule: 'J-44', ...acceptType, id: 'sorted' }, orders),
  ...bothWays({ rule: 'J-53', ...state, id: 'kept' }, exact),
  ...bothWays({ rule: 'J-54', ...state, id: 'double' }, doubles),
  ...bothWays({ rule: 'J-55', ...state, id: 'keys' }, keys),
];
