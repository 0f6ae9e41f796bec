import type { WrittenVector } from '../layer-vectors.ts';
import { answering } from '../parts.ts';
import { failed } from './ends.ts';
import { functionNamed } from './wire-functions.ts';

/*
 * What a plugin answers, and what becomes of it.
 */

/** An answer: a few words on it, its bytes, and how the dispatch ends. */
type AnswerCase = readonly [words: string, answer: string | readonly object[], ends: object];

/** The vectors of a plugin that answers a function with the bytes of each case. */
function withAnswers(rule: string, name: string, cases: readonly AnswerCase[], version = 1): WrittenVector[] {
  const { request } = functionNamed(name);
  return cases.map(([words, answer, ends]) => ({
    id: `dispatch/${words}`,
    rule,
    wasm: answering('answer-functions', answer),
    negotiated: { [name]: version },
    steps: [{ function: name, request, ends }],
  }));
}

const NAME = 'normalize_error';
const good = { response: '{"body_base64":null}' };
const versioned = (version: string): string => `{"_v":${version},"body_base64":null}`;
const mismatch = (actual: unknown, expected: unknown = 1): object =>
  failed(NAME, 'ResponseVersionMismatch', { expected, actual });
const invalid = failed(NAME, 'ResponseVersionInvalid');
const missing = failed(NAME, 'ResponseVersionMissing');
const notObject = failed(NAME, 'ResponseNotObject');
const notJson = failed(NAME, 'DeserializeResponseEnvelope');
const notUtf8 = failed(NAME, 'PluginCall');
const notOfType = failed(NAME, 'ResponseDecode');

const versions: readonly AnswerCase[] = [
  ['version-first', versioned('1'), good],
  ['version-last', '{"body_base64":null,"_v":1}', good],
  ['version-with-an-escape', '{"\\u005fv":1,"body_base64":null}', good],
  ['version-twice', '{"_v":1,"_v":1,"body_base64":null}', good],
  ['version-twice-the-last-is-right', '{"_v":2,"body_base64":null,"_v":1}', good],
  ['version-twice-the-first-is-no-integer', '{"_v":"x","body_base64":null,"_v":1}', good],
  ['version-three-times', '{"_v":1,"_v":2,"_v":1,"body_base64":null}', good],
];

const otherVersions: readonly AnswerCase[] = [
  ['version-0', versioned('0'), mismatch(0)],
  ['version-2', versioned('2'), mismatch(2)],
  ['version-4294967297', versioned('4294967297'), mismatch(4_294_967_297)],
  ['version-twice-the-last-is-another', '{"_v":1,"_v":2,"body_base64":null}', mismatch(2)],
];

/** The tables here cannot have the version: a double cannot hold it. */
const largestVersion: WrittenVector = {
  id: 'dispatch/version-18446744073709551615',
  rule: 'D-18',
  wasm: answering('answer-functions', versioned('18446744073709551615')),
  negotiated: { [NAME]: 1 },
  steps: [
    {
      function: NAME,
      request: '{"status":500,"body_base64":""}',
      ends: failed(NAME, 'ResponseVersionMismatch', { expected: 1 }),
    },
  ],
};

const invalidVersions: readonly AnswerCase[] = [
  ['18446744073709551616', '18446744073709551616'],
  ['negative', '-1'],
  ['minus-zero', '-0'],
  ['fraction', '1.0'],
  ['exponent', '1e0'],
  ['string', '"1"'],
  ['null', 'null'],
  ['true', 'true'],
  ['list', '[1]'],
  ['object', '{"_v":1}'],
].map(([words, token = '']): AnswerCase => [`version-${words}`, versioned(token), invalid]);

const invalidLast: readonly AnswerCase[] = [
  ['version-twice-the-last-is-no-integer', '{"_v":1,"_v":"x","body_base64":null}', invalid],
  ['version-twice-the-last-is-null', '{"_v":1,"body_base64":null,"_v":null}', invalid],
];

const missingVersions: readonly AnswerCase[] = [
  ['no-version', '{"body_base64":null}', missing],
  ['empty-object', '{}', missing],
  ['version-in-capitals', '{"_V":1,"body_base64":null}', missing],
  ['version-inside-only', '{"body_base64":{"_v":1}}', missing],
];

const utf8Faults: readonly AnswerCase[] = [
  ['output-byte-ff', [{ hex: 'ff' }], notUtf8],
  ['output-not-utf-8-in-a-string', [{ text: '{"_v":1,"body_base64":"' }, { hex: 'c3' }, { text: '"}' }], notUtf8],
  [
    'output-with-an-encoded-surrogate',
    [{ text: '{"_v":1,"body_base64":"' }, { hex: 'eda080' }, { text: '"}' }],
    notUtf8,
  ],
  ['output-not-utf-8-after-an-object', [{ text: versioned('1') }, { hex: '80' }], notUtf8],
  ['output-neither-utf-8-nor-json', [{ text: '{' }, { hex: 'c080' }], notUtf8],
];

const jsonFaults: readonly AnswerCase[] = [
  ['output-empty', '', notJson],
  ['output-white-space', ' ', notJson],
  ['output-ends-early', '{"_v":1,"body_base64":null', notJson],
  ['output-is-text', 'ok', notJson],
  ['output-in-single-quotes', "{'_v':1,'body_base64':null}", notJson],
  ['output-with-a-comma-too-many', '{"_v":1,"body_base64":null,}', notJson],
  ['output-with-more-behind-it', `${versioned('1')}x`, notJson],
  ['output-twice', `${versioned('1')}${versioned('1')}`, notJson],
  ['output-with-a-byte-order-mark', [{ hex: 'efbbbf' }, { text: versioned('1') }], notJson],
  ['output-with-nul-behind-it', `${versioned('1')}\u0000`, notJson],
  ['output-with-a-lone-surrogate', '{"_v":1,"body_base64":"\\ud800"}', notJson],
  ['output-with-a-control-character', '{"_v":1,"body_base64":"\n"}', notJson],
  ['output-with-a-number-out-of-range', '{"_v":1,"body_base64":1e400}', notJson],
  ['output-with-a-number-out-of-range-that-is-replaced', '{"_v":1,"body_base64":1e400,"body_base64":null}', notJson],
  ['output-with-version-01', versioned('01'), notJson],
  ['output-with-version-NaN', versioned('NaN'), notJson],
  [
    'output-nested-too-deep',
    [
      { text: '[', times: 128 },
      { text: ']', times: 128 },
    ],
    notJson,
  ],
  [
    'output-nested-too-deep-in-a-field',
    [{ text: '{"_v":1,"body_base64":' }, { text: '[', times: 127 }, { text: ']', times: 127 }, { text: '}' }],
    notJson,
  ],
];

const otherValues: readonly AnswerCase[] = [
  ['output-null', 'null', notObject],
  ['output-true', 'true', notObject],
  ['output-number', '1', notObject],
  ['output-string', '"{}"', notObject],
];

/** A struct may be an array anywhere but here. */
const lists: readonly AnswerCase[] = [
  ['output-empty-list', '[]', notObject],
  ['output-list-of-the-fields', '[null]', notObject],
  ['output-list-with-the-version', '[1,null]', notObject],
  ['output-list-of-an-object', `[${versioned('1')}]`, notObject],
];

/** Of two faults, the one of the earlier row. */
const order: readonly AnswerCase[] = [
  ['no-version-and-another-type', '{"undeclared":1}', missing],
  ['invalid-version-and-another-type', '{"_v":null,"undeclared":1}', invalid],
  ['another-version-and-another-type', '{"_v":2,"undeclared":1}', mismatch(2)],
  [
    'list-nested-deep',
    [
      { text: '[', times: 127 },
      { text: ']', times: 127 },
    ],
    notObject,
  ],
];

const decoded: readonly AnswerCase[] = [
  ['undeclared-field', '{"_v":1,"body_base64":null,"x":null}', notOfType],
  ['field-of-another-type', '{"_v":1,"body_base64":1}', notOfType],
  ['version-in-another-spelling-beside-it', '{"_v":1,"_V":1,"body_base64":null}', notOfType],
  ['missing-option', '{"_v":1}', good],
  ['white-space-around', ' \t\r\n{ "_v" : 1 }\n', good],
  ['repeated-field', '{"_v":1,"body_base64":"a","body_base64":null}', good],
  ['repeated-field-first-of-another-type', '{"_v":1,"body_base64":1,"body_base64":null}', good],
  ['repeated-field-last-of-another-type', '{"_v":1,"body_base64":null,"body_base64":1}', notOfType],
  ['repeated-undeclared-field', '{"_v":1,"x":1,"x":2}', notOfType],
];

const headers = (value: string): string => `{"_v":1,"headers":${value}}`;
const signed = (value: string): object => ({
  response: `{"url":null,"method":null,"headers":${value},"body_base64":null}`,
});
const oneHeader = '[{"name":"n","value_base64":"v"}]';

const deep: readonly AnswerCase[] = [
  ['struct-as-an-array-inside', headers('[["n","v"]]'), signed(oneHeader)],
  ['struct-as-a-short-array-inside', headers('[["n"]]'), failed('sign', 'ResponseDecode')],
  ['repeated-field-inside', headers('[{"name":1,"name":"n","value_base64":"v"}]'), signed(oneHeader)],
  ['undeclared-field-inside', headers('[{"name":"n","value_base64":"v","_v":1}]'), failed('sign', 'ResponseDecode')],
  ['missing-field-inside', headers('[{"name":"n"}]'), failed('sign', 'ResponseDecode')],
];

const routed = (upstream: string, dialect = '{"kind":"self"}'): string =>
  `{"_v":1,"dialect":${dialect},"upstream":${upstream}}`;
const direct = '{"kind":"anthropic_direct"}';
const route = { response: `{"upstream_id":null,"dialect":{"kind":"self"},"upstream":${direct}}` };

const unions: readonly AnswerCase[] = [
  ['union', routed(direct), route],
  ['union-with-kind-twice', routed('{"kind":"x","kind":"anthropic_direct"}'), route],
  ['union-as-an-array', routed('["anthropic_direct"]'), route],
  ['union-with-the-index', routed('{"kind":0}'), failed('route', 'ResponseDecode')],
  ['union-of-another-kind', routed(direct, direct), failed('route', 'ResponseDecode')],
];

const state = (value: string): string => `{"_v":1,"signer_state":${value}}`;
const built = (value: string): object => ({ response: `{"signer_state":${value}}` });

const opaque: readonly AnswerCase[] = [
  ['state-null', state('null'), built('null')],
  ['state-missing', '{"_v":1}', failed('build_signer', 'ResponseDecode')],
  ['state-with-a-version-inside', state('{"_v":2}'), built('{"_v":2}')],
  [
    'state-with-large-integers',
    state('[18446744073709551615,-9223372036854775808]'),
    built('[18446744073709551615,-9223372036854775808]'),
  ],
  ['state-with-floats', state('[1.0,-0,1e16]'), built('[1.0,-0.0,1e+16]')],
  ['state-with-keys', state('{"b":1,"a":2,"b":3,"__proto__":4}'), built('{"__proto__":4,"a":2,"b":3}')],
  [
    'state-nested-as-deep-as-possible',
    [{ text: '{"_v":1,"signer_state":' }, { text: '[', times: 126 }, { text: ']', times: 126 }, { text: '}' }],
    built('['.repeat(126) + ']'.repeat(126)),
  ],
];

const filtered: readonly AnswerCase[] = [
  ['no-results', '{"_v":1,"results":[]}', { response: '{"results":[]}' }],
  ['results-missing', '{"_v":1}', failed('filter', 'ResponseDecode')],
  ['results-null', '{"_v":1,"results":null}', failed('filter', 'ResponseDecode')],
  [
    'any-words-as-a-decision',
    '{"_v":1,"results":[["u","maybe",""]]}',
    { response: '{"results":[{"upstream_id":"u","decision":"maybe","reason":""}]}' },
  ],
];

/** The negotiated version is any u32. */
const negotiated: readonly WrittenVector[] = [
  ...withAnswers('D-5', NAME, [['negotiated-0', versioned('0'), good]], 0),
  ...withAnswers('D-5', NAME, [['negotiated-2', versioned('2'), good]], 2),
  ...withAnswers('D-5', NAME, [['negotiated-4294967295', versioned('4294967295'), good]], 4_294_967_295),
  ...withAnswers('D-18', NAME, [['negotiated-2-answered-1', versioned('1'), mismatch(1, 2)]], 2),
];

/** What becomes of answers. */
export const answerVectors: readonly WrittenVector[] = [
  ...withAnswers('D-5', NAME, versions),
  ...withAnswers('D-18', NAME, otherVersions),
  largestVersion,
  ...withAnswers('D-17', NAME, [...invalidVersions, ...invalidLast]),
  ...withAnswers('D-16', NAME, missingVersions),
  ...withAnswers('D-13', NAME, utf8Faults),
  ...withAnswers('D-14', NAME, jsonFaults),
  ...withAnswers('D-15', NAME, otherValues),
  ...withAnswers('D-4', NAME, lists),
  ...withAnswers('D-16', NAME, order),
  ...withAnswers('D-19', NAME, decoded),
  ...withAnswers('D-6', 'sign', deep),
  ...withAnswers('D-6', 'route', unions),
  ...withAnswers('D-6', 'build_signer', opaque),
  ...withAnswers('D-19', 'filter', filtered),
  ...negotiated,
];
