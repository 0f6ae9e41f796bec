import type { WrittenVector } from '../layer-vectors.ts';
import { hexByte } from '../parts.ts';
import { type Case, jsonVectors } from './case.ts';

/*
 * How values are written. Order and numbers stand with the rules of reading them.
 */

const header = (name: string): string => `{"name":${name},"value_base64":""}`;

const space: readonly Case[] = [
  [
    'no-white-space',
    '{ "headers" : [ { "name" : "n" , "value_base64" : "" } , [ "m" , "" ] ] }',
    '{"url":null,"method":null,"headers":[{"name":"n","value_base64":""},{"name":"m","value_base64":""}],' +
      '"body_base64":null}',
  ],
];

const order: readonly Case[] = [
  [
    'declared-order',
    '{"url":"u","method":"m","headers":[{"value_base64":"","name":"n"}],"body_base64":""}',
    '{"url":"u","method":"m","headers":[{"name":"n","value_base64":""}],"body_base64":""}',
  ],
];

const warm = (ttl: string): string =>
  `{"prefix_hash":"h","expires_at_unix_secs":1,"ttl_class":${ttl},"last_observed_at_unix_secs":2}`;

const options: readonly Case[] = [
  ['option-null', '{}', '{"body_base64":null}'],
  ['option-given', '{"body_base64":""}', '{"body_base64":""}'],
];

const shape = (end: string): string =>
  '{"request":{"request_id":"r","headers":[],"method":"m","path":"p","query":null,"body_base64":""},' +
  `"upstream":{"kind":"anthropic_direct"},"principal":{"id":"i","kind":"k","claims":{}}${end}}`;

const skipped: readonly Case[] = [
  ['skipped-when-null', shape(',"upstream_base_url":null'), shape('')],
  ['not-skipped-when-empty', shape(',"upstream_base_url":""'), shape(',"upstream_base_url":""')],
];

/** Each string as the text of JSON has it, and as it is written. */
const strings: readonly (readonly [words: string, read: string, written: string])[] = [
  ['short-escapes', '\\u0008\\u0009\\u000a\\u000c\\u000d\\u0022\\u005c', '\\b\\t\\n\\f\\r\\"\\\\'],
  ['all-controls', controls((digits) => digits.toUpperCase()), controls()],
  ['slash', '\\/', '/'],
  ['delete', '\\u007f', '\u007f'],
  ['letters-as-escapes', '\\u0041\\u00e9\\u20ac', 'Aé€'],
  ['a-pair-as-escapes', '\\ud83d\\ude00', '\u{1f600}'],
  ['line-separators', '\\u2028\\u2029', '\u2028\u2029'],
  ['a-byte-order-mark', '\\ufeff', '\ufeff'],
  ['html', "<&>'", "<&>'"],
  ['300-letters-and-a-line-feed', `${'x'.repeat(300)}\\n`, `${'x'.repeat(300)}\\n`],
];

/** The characters below U+0020 that have no short escape, as escapes. */
function controls(digitsOf = (digits: string): string => digits): string {
  const short = [0x08, 0x09, 0x0a, 0x0c, 0x0d];
  const codes = Array.from({ length: 0x20 }, (_, code) => code).filter((code) => !short.includes(code));
  return codes.map((code) => `\\u00${digitsOf(hexByte(code))}`).join('');
}

const keyStrings: readonly Case[] = strings
  .slice(0, 3)
  .map(([words, read, written]) => [
    `key-${words}`,
    `{"signer_state":{"${read}":1}}`,
    `{"signer_state":{"${written}":1}}`,
  ]);

/** How values are written. */
export const writtenVectors: readonly WrittenVector[] = [
  ...jsonVectors({ rule: 'J-42', type: 'v1.SignResponse', id: 'written' }, space),
  ...jsonVectors({ rule: 'J-43', type: 'v1.SignResponse', id: 'written' }, order),
  ...jsonVectors({ rule: 'J-45', type: 'v1.NormalizeErrorResponse', id: 'written' }, options),
  ...jsonVectors({ rule: 'J-45', type: 'v2.ShapeRequest', id: 'written' }, skipped),
  ...jsonVectors({ rule: 'J-46', type: 'v1.ObserveEventWire', id: 'written' }, [
    [
      'kind-first',
      '{"message":"b","code":"a","source":"c","kind":"error"}',
      '{"kind":"error","code":"a","message":"b","source":"c"}',
    ],
  ]),
  ...jsonVectors({ rule: 'J-46', type: 'v2.WarmCacheEntryWire', id: 'written' }, [
    ['enum-as-a-string', warm('{"ephemeral1h":null}'), warm('"ephemeral1h"')],
  ]),
  ...jsonVectors(
    { rule: 'J-47', type: 'v1.HeaderWire', id: 'written' },
    strings.map(([words, read, written]) => [words, header(`"${read}"`), header(`"${written}"`)]),
  ),
  ...jsonVectors({ rule: 'J-47', type: 'v1.BuildSignerResponse', id: 'written' }, keyStrings),
  ...jsonVectors({ rule: 'J-48', type: 'FunctionVersionOfferRaw', id: 'written' }, [
    ['integers', '{"function":"f","versions":[0,10,4294967295]}', '{"function":"f","versions":[0,10,4294967295]}'],
  ]),
  ...jsonVectors({ rule: 'J-49', type: 'v1.BuildSignerResponse', id: 'written' }, [
    ['floats', '{"signer_state":[1.0,10.50,1e2,0.1]}', '{"signer_state":[1.0,10.5,100.0,0.1]}'],
  ]),
];
