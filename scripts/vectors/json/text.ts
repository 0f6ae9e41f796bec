import type { WrittenVector } from '../layer-vectors.ts';
import { hexByte } from '../parts.ts';
import { bothWays, type Case, jsonVectors } from './case.ts';

/*
 * The rules of the text. Most texts stand in the field of a type that takes any value.
 */

const type = 'v1.BuildSignerResponse';

/** The text with a value in its field. */
const around = (value: string): string => `{"signer_state":${value}}`;

/** A case whose value stands in the field. It is written as itself, or as `written`. */
const accepted = (words: string, value: string, written = value): Case => [words, around(value), around(written)];

const refused = (words: string, value: string): Case => [words, around(value), null];

/** A case with bytes, in hexadecimal digits, inside the string in the field. */
const withBytes = (words: string, hex: string, written: string | null): Case => [
  words,
  [{ text: '{"signer_state":"' }, { hex }, { text: '"}' }],
  written === null ? null : around(`"${written}"`),
];

const header = '{"name":"n","value_base64":"v"}';

const encoding: readonly Case[] = [
  withBytes('two-bytes', 'c3a9', 'é'),
  withBytes('three-bytes', 'e282ac', '€'),
  withBytes('four-bytes', 'f09f9880', '\u{1f600}'),
  withBytes('the-last-character', 'f48fbfbf', '\u{10ffff}'),
  withBytes('a-noncharacter', 'efbfbf', '\uffff'),
  withBytes('the-replacement-character', 'efbfbd', '\ufffd'),
  withBytes('a-byte-order-mark-in-a-string', 'efbbbf', '\ufeff'),
  withBytes('byte-ff', 'ff', null),
  withBytes('a-continuation-alone', '80', null),
  withBytes('a-character-cut-short', 'c3', null),
  withBytes('overlong-nul', 'c080', null),
  withBytes('overlong-slash', 'e080af', null),
  withBytes('an-encoded-surrogate', 'eda080', null),
  withBytes('beyond-the-last-character', 'f4908080', null),
];

const byteOrderMark = { hex: 'efbbbf' };

const encodingOfText: readonly Case[] = [
  ['a-byte-order-mark', [byteOrderMark, { text: header }], null],
  ['a-byte-order-mark-at-the-end', [{ text: header }, byteOrderMark], null],
  ['byte-ff-in-a-key', [{ text: '{"' }, { hex: 'ff' }, { text: `":1,${header.slice(1)}` }], null],
  ['byte-ff-after-the-value', [{ text: header }, { hex: 'ff' }], null],
  ['utf-16', [{ hex: '7b00' }, { hex: '7d00' }], null],
];

const spaceEverywhere =
  ' \t\r\n{ \t\r\n"name" \t\r\n: \t\r\n"n" \t\r\n, \t\r\n"value_base64" \t\r\n: \t\r\n"v" \t\r\n} \t\r\n';

const whiteSpace: readonly Case[] = [
  ['all-four-everywhere', spaceEverywhere, header],
  ['in-a-string', '{"name":" n ","value_base64":"v"}', '{"name":" n ","value_base64":"v"}'],
  ['in-a-key', '{"name ":"n","value_base64":"v"}', null],
  ...Object.entries({
    'vertical-tab': '\u000b',
    'form-feed': '\f',
    'no-break-space': '\u00a0',
    'next-line': '\u0085',
    'line-separator': '\u2028',
    'ideographic-space': '\u3000',
    nul: '\u0000',
  }).flatMap(([words, space]): Case[] => [
    [`${words}-before-the-value`, `${space}${header}`, null],
    [`${words}-after-a-comma`, `{"name":"n",${space}"value_base64":"v"}`, null],
  ]),
];

const grammar: readonly Case[] = [
  ['nothing', '', null],
  ['white-space-only', ' \n', null],
  refused('a-comment-to-the-end-of-the-line', '1// one\n'),
  refused('a-comment', '/* one */1'),
  refused('a-hash', '1# one\n'),
  refused('a-comma-before-the-end-of-an-array', '[1,]'),
  refused('a-comma-before-the-end-of-an-object', '{"a":1,}'),
  refused('a-comma-at-the-beginning', '[,1]'),
  refused('two-commas', '[1,,2]'),
  refused('a-comma-alone', '[,]'),
  refused('no-comma-in-an-array', '[1 2]'),
  refused('no-comma-in-an-object', '{"a":1 "b":2}'),
  refused('no-colon', '{"a" 1}'),
  refused('two-colons', '{"a"::1}'),
  refused('a-semicolon', '[1;2]'),
  refused('a-key-without-value', '{"a"}'),
  refused('a-key-that-is-a-number', '{1:1}'),
  refused('a-key-without-quotes', '{a:1}'),
  refused('a-key-in-single-quotes', "{'a':1}"),
  refused('a-string-in-single-quotes', "'a'"),
  refused('a-string-in-backquotes', '`a`'),
  refused('True', 'True'),
  refused('NULL', 'NULL'),
  refused('undefined', 'undefined'),
  refused('NaN', 'NaN'),
  refused('Infinity', 'Infinity'),
  refused('minus-Infinity', '-Infinity'),
  refused('a-name-cut-short', 'nul'),
  refused('a-name-too-long', 'nulls'),
  refused('no-value', ''),
  refused('brackets-that-do-not-match', '[1}'),
  ['an-object-that-does-not-end', '{"signer_state":1', null],
  ['an-array-that-does-not-end', '{"signer_state":[1', null],
  ['a-string-that-does-not-end', '{"signer_state":"a', null],
  ['a-comma-and-no-more', '{"signer_state":1,', null],
  ['a-bracket-that-closes-nothing', ']', null],
  accepted('an-empty-array', '[ ]', '[]'),
  accepted('an-empty-object', '{ }', '{}'),
  accepted('an-empty-key', '{"":1}'),
];

const numbers: readonly Case[] = [
  ...[
    '+1',
    '01',
    '-01',
    '00',
    '-00',
    '1.',
    '.5',
    '-.5',
    '-',
    '--1',
    '1e',
    '1e+',
    '1.e1',
    '1e1.5',
    '0x1',
    '1_000',
    '1n',
  ].map((token) => refused(`token-${token}`, token)),
  refused('space-after-the-sign', '- 1'),
  refused('space-in-a-number', '1 0'),
  accepted('capital-exponent', '1E2', '100.0'),
  accepted('exponent-with-plus', '1e+2', '100.0'),
  accepted('exponent-with-zeros', '1e002', '100.0'),
  accepted('negative-exponent', '25e-2', '0.25'),
  accepted('zero-with-exponent', '0e5', '0.0'),
  accepted('zero-with-fraction', '0.50', '0.5'),
];

const overflow: readonly Case[] = [
  accepted('the-largest-double', '1.7976931348623157e308', '1.7976931348623157e+308'),
  accepted('far-below-the-least', '1e-400', '0.0'),
  accepted('zero-with-a-large-exponent', '0e99999999999', '0.0'),
  accepted('an-exponent-that-is-very-negative', '1e-99999999999', '0.0'),
  refused('1e309', '1e309'),
  refused('-1e309', '-1e309'),
  refused('1.8e308', '1.8e308'),
  refused('a-very-large-exponent', '1e99999999999'),
  refused('in-a-list', '[1,1e400]'),
  ['400-digits', [{ text: '{"signer_state":' }, { text: '1', times: 400 }, { text: '}' }], null],
];

const escapes: readonly Case[] = [
  accepted('all-short-ones', '"\\b\\t\\n\\f\\r\\"\\\\"'),
  accepted('slash', '"\\/"', '"/"'),
  accepted('lower-case-digits', '"\\u00e9"', '"é"'),
  accepted('upper-case-digits', '"\\u00E9"', '"é"'),
  accepted('u-of-a-quotation-mark', '"\\u0022"', '"\\""'),
  accepted('u-of-nul', '"\\u0000"'),
  refused('x', '"\\x41"'),
  refused('v', '"\\v"'),
  refused('0', '"\\0"'),
  refused('single-quote', '"\\\'"'),
  refused('capital-u', '"\\U0041"'),
  refused('a-line-feed', '"\\\n"'),
  refused('u-with-three-digits', '"\\u123"'),
  refused('u-with-another-letter', '"\\u12g4"'),
  refused('u-in-braces', '"\\u{41}"'),
  refused('at-the-end', '"\\'),
];

const surrogates: readonly Case[] = [
  accepted('a-pair', '"\\ud83d\\ude00"', '"\u{1f600}"'),
  accepted('a-pair-in-capitals', '"\\uD83D\\uDE00"', '"\u{1f600}"'),
  accepted('just-below', '"\\ud7ff"', '"\ud7ff"'),
  accepted('just-above', '"\\ue000"', '"\ue000"'),
  refused('high', '"\\ud83d"'),
  refused('low', '"\\ude00"'),
  refused('low-and-high', '"\\ude00\\ud83d"'),
  refused('high-high-low', '"\\ud83d\\ud83d\\ude00"'),
  refused('high-and-a-letter', '"\\ud83dx"'),
  refused('high-and-another-escape', '"\\ud83d\\n"'),
  refused('pair-and-low', '"\\ud83d\\ude00\\ude00"'),
  refused('in-a-key', '{"\\ud800":1}'),
];

const controls: readonly Case[] = [
  ...[0x00, 0x01, 0x08, 0x09, 0x0a, 0x0d, 0x1f].map((code) => withBytes(`byte-${hexByte(code)}`, hexByte(code), null)),
  refused('in-a-key', '{"a\tb":1}'),
  withBytes('byte-20', '20', ' '),
  withBytes('byte-7f', '7f', '\u007f'),
  withBytes('u0080', 'c280', '\u0080'),
  withBytes('u2028', 'e280a8', '\u2028'),
];

/** A text with arrays in the field, the outermost object and these arrays together `depth` deep. */
const arrays = (depth: number): readonly object[] => [
  { text: '{"signer_state":' },
  { text: '[', times: depth - 1 },
  { text: ']', times: depth - 1 },
  { text: '}' },
];

const objects = (depth: number): readonly object[] => [
  { text: '{"signer_state":' },
  { text: '{"a":', times: depth - 1 },
  { text: 'null' },
  { text: '}', times: depth },
];

const nested = (depth: number, open: string, inner: string, close: string): string =>
  around(open.repeat(depth - 1) + inner + close.repeat(depth - 1));

const nesting: readonly Case[] = [
  ['127-arrays', arrays(127), nested(127, '[', '', ']')],
  ['128-arrays', arrays(128), null],
  ['127-objects', objects(127), nested(127, '{"a":', 'null', '}')],
  ['128-objects', objects(128), null],
  [
    '127-with-the-struct-as-an-array',
    [
      { text: '[', times: 127 },
      { text: ']', times: 127 },
    ],
    nested(127, '[', '', ']'),
  ],
  [
    '128-with-the-struct-as-an-array',
    [
      { text: '[', times: 128 },
      { text: ']', times: 128 },
    ],
    null,
  ],
  ['a-million-that-do-not-end', [{ text: '[', times: 1_000_000 }], null],
  accepted('many-beside-one-another', `[${'[[]],'.repeat(200)}[]]`),
];

const ignored = (words: string, value: readonly object[], outcome: string | null): Case => [
  words,
  [{ text: '{"kind":"anthropic_direct","x":' }, ...value, { text: '}' }],
  outcome,
];

const upstream = '{"kind":"anthropic_direct"}';

const inIgnoredFields: readonly Case[] = [
  ignored(
    '127-in-an-ignored-field',
    [
      { text: '[', times: 126 },
      { text: ']', times: 126 },
    ],
    upstream,
  ),
  ignored(
    '128-in-an-ignored-field',
    [
      { text: '[', times: 127 },
      { text: ']', times: 127 },
    ],
    null,
  ),
];

const ends: readonly Case[] = [
  ['white-space', `${header} \t\r\n`, header],
  ['a-letter', `${header}x`, null],
  ['a-comma', `${header},`, null],
  ['a-bracket', `${header}}`, null],
  ['the-value-again', `${header}${header}`, null],
  ['the-value-on-the-next-line', `${header}\n${header}`, null],
  ['nul', `${header}\u0000`, null],
  ['a-comment', `${header}// end`, null],
];

/** How texts are read. */
export const textVectors: readonly WrittenVector[] = [
  ...jsonVectors({ rule: 'J-1', type, id: 'utf-8' }, encoding),
  ...jsonVectors({ rule: 'J-1', type: 'v1.HeaderWire', id: 'utf-8' }, encodingOfText),
  ...jsonVectors({ rule: 'J-2', type: 'v1.HeaderWire', id: 'white-space' }, whiteSpace),
  ...jsonVectors({ rule: 'J-3', type, id: 'grammar' }, grammar),
  ...jsonVectors({ rule: 'J-4', type, id: 'number' }, numbers),
  ...jsonVectors({ rule: 'J-5', type, id: 'overflow' }, overflow),
  ...jsonVectors({ rule: 'J-5', type: 'v1.UpstreamWire', id: 'overflow' }, [
    ignored('in-an-ignored-field', [{ text: '1e999' }], null),
  ]),
  ...jsonVectors({ rule: 'J-6', type, id: 'escape' }, escapes),
  ...jsonVectors({ rule: 'J-7', type, id: 'surrogate' }, surrogates),
  ...jsonVectors({ rule: 'J-8', type, id: 'control' }, controls),
  ...bothWays({ rule: 'J-9', type, id: 'nesting' }, nesting),
  ...bothWays({ rule: 'J-9', type: 'v1.UpstreamWire', id: 'nesting' }, inIgnoredFields),
  ...jsonVectors({ rule: 'J-10', type: 'v1.HeaderWire', id: 'end' }, ends),
];
