import { createHash } from 'node:crypto';
import { builtInFunctions, wireFunctions } from './built-in-offer.ts';
import { undecoded } from './ends.ts';
import type { LayerVectors, WrittenVector } from './layer-vectors.ts';

type Entry = readonly [name: string, versions: readonly number[]];

/** The raw form of an offer, with these functions and capabilities. */
const raw = (functions: readonly Entry[], capabilities: readonly string[] = [], changes: object = {}): string =>
  JSON.stringify({
    handshake_schema_version: 1,
    envelope_version: 1,
    function_versions: functions.map(([name, versions]) => ({ function: name, versions })),
    host_capabilities: capabilities,
    ...changes,
  });

/** The canonical form, as the text of its functions and capabilities. */
const canonical = (functions: string, capabilities = '[]', versions = [1, 1]): string =>
  `{"handshake_schema_version":${versions[0]},"envelope_version":${versions[1]},` +
  `"function_versions":${functions},"host_capabilities":${capabilities}}`;

const hashed = (response: string): object => ({
  response,
  hash: createHash('sha256').update(response).digest('hex'),
});

type Row = readonly [rule: string, raw: string, ends: object];

const builtIn = wireFunctions.map((name): Entry => [name, [1]]);
const builtInEnd = {
  response: canonical(builtInFunctions),
  hash: '771e8580232de17aefe0af04fe5e49b3e8d45f3709d087a3ff4dfbdff6b584b5',
};

const rows: Readonly<Record<string, Row>> = {
  'built-in': ['O-3.6', raw(builtIn), builtInEnd],
  'built-in-in-reverse': ['O-3.4', raw([...builtIn].reverse()), builtInEnd],
  'built-in-twice': ['O-3.1', raw([...builtIn, ...builtIn]), builtInEnd],
  empty: ['O-3.5', raw([]), hashed(canonical('{}'))],
  'function-without-versions': ['O-3.1', raw([['shape', []]]), hashed(canonical('{"shape":[]}'))],
  'function-in-two-entries': [
    'O-3.1',
    raw([
      ['shape', [1]],
      ['sign', [1]],
      ['shape', [2]],
    ]),
    hashed(canonical('{"shape":[1,2],"sign":[1]}')),
  ],
  'function-in-two-entries-with-a-common-version': [
    'O-3.1',
    raw([
      ['shape', [3, 1]],
      ['shape', [2, 3]],
    ]),
    hashed(canonical('{"shape":[1,2,3]}')),
  ],
  'function-in-two-entries-one-of-them-empty': [
    'O-3.1',
    raw([
      ['shape', []],
      ['shape', [7]],
    ]),
    hashed(canonical('{"shape":[7]}')),
  ],
  'functions-with-another-case': [
    'O-3.1',
    raw([
      ['shape', [1]],
      ['Shape', [1]],
    ]),
    hashed(canonical('{"Shape":[1],"shape":[1]}')),
  ],
  'versions-sorted-by-number': [
    'O-3.2',
    raw([['shape', [10, 9, 100, 1]]]),
    hashed(canonical('{"shape":[1,9,10,100]}')),
  ],
  'versions-repeated': ['O-3.2', raw([['shape', [2, 2, 1, 2]]]), hashed(canonical('{"shape":[1,2]}'))],
  'versions-that-no-offer-may-have': [
    'O-2',
    raw([['shape', [65536, 0, 4294967295]]]),
    hashed(canonical('{"shape":[0,65536,4294967295]}')),
  ],
  'version-past-u32': ['O-2', raw([['shape', [4294967296]]]), undecoded],
  'functions-sorted-by-utf8': [
    'O-3.4',
    raw([
      ['\u{1f600}', [1]],
      ['\uff5e', [1]],
      ['a', [1]],
      ['Z', [1]],
      ['', [1]],
    ]),
    hashed(canonical('{"":[1],"Z":[1],"a":[1],"\uff5e":[1],"\u{1f600}":[1]}')),
  ],
  'functions-with-names-of-digits': [
    'O-3.4',
    raw([
      ['10', [1]],
      ['9', [1]],
      ['__proto__', [1]],
    ]),
    hashed(canonical('{"10":[1],"9":[1],"__proto__":[1]}')),
  ],
  'functions-of-a-prefix': [
    'O-3.4',
    raw([
      ['ab', [1]],
      ['a_', [1]],
      ['a', [1]],
    ]),
    hashed(canonical('{"a":[1],"a_":[1],"ab":[1]}')),
  ],
  'functions-more-than-an-offer-may-have': [
    'O-2',
    raw(Array.from({ length: 33 }, (_, index): Entry => [`f${index + 10}`, [1]])),
    hashed(canonical(`{${Array.from({ length: 33 }, (_, index) => `"f${index + 10}":[1]`).join(',')}}`)),
  ],
  'capabilities-in-lower-case': [
    'O-3.3',
    raw([], ['Storage', 'NETWORK', 'storage']),
    hashed(canonical('{}', '["network","storage"]')),
  ],
  'capabilities-sorted-in-lower-case': [
    'O-3.3',
    raw([], ['b', 'C', 'A', '_', 'Z']),
    hashed(canonical('{}', '["_","a","b","c","z"]')),
  ],
  'capabilities-beyond-ascii-keep-their-case': [
    'O-3.3',
    raw([], ['ÀÉ', 'İ', 'K\u212a']),
    hashed(canonical('{}', '["k\u212a","ÀÉ","İ"]')),
  ],
  'capabilities-sorted-by-utf8': [
    'O-3.3',
    raw([], ['\u{1f600}', '\uff5e', '']),
    hashed(canonical('{}', '["","\uff5e","\u{1f600}"]')),
  ],
  'texts-with-escapes': [
    'O-3.5',
    raw([['a"\\\n', [1]]], ['\u0001/']),
    hashed(canonical('{"a\\"\\\\\\n":[1]}', '["\\u0001/"]')),
  ],
  'other-versions-of-the-offer': [
    'O-3.5',
    raw([['shape', [1]]], [], { handshake_schema_version: 2, envelope_version: 4294967295 }),
    hashed(canonical('{"shape":[1]}', '[]', [2, 4294967295])),
  ],
  'capability-changes-the-hash': [
    'O-3.6',
    raw(builtIn, ['storage']),
    {
      response: canonical(builtInFunctions, '["storage"]'),
      hash: '560852199a908984ab8c7c14d169c5285e81865c866fe59f38df4ec8512ce4a5',
    },
  ],
  'fields-in-another-order': [
    'O-2',
    '{"host_capabilities":[],"function_versions":[{"versions":[1],"function":"shape"}],' +
      '"envelope_version":1,"handshake_schema_version":1}',
    hashed(canonical('{"shape":[1]}')),
  ],
  'array-of-fields': ['O-2', '[1,1,[["shape",[1]]],[]]', hashed(canonical('{"shape":[1]}'))],
  'undeclared-field': ['O-2', raw([], [], { author: 'me' }), undecoded],
  'form-of-an-offer': ['O-2', raw([], [], { function_versions: { shape: [1] } }), undecoded],
};

/** The canonical form of an offer and its hash. */
export const offers: LayerVectors = {
  layer: 'offers',
  about: 'The canonical form of an offer, and its hash.',
  vectors: Object.entries(rows).map(
    ([name, [rule, text, ends]]): WrittenVector => ({ id: `offers/${name}`, rule, raw: text, ends }),
  ),
};
