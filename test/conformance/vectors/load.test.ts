import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Layer, loadVectors, type Vector, VectorFileError } from '../../../src/conformance/vectors/index.ts';

const load = suite('vectors: loadVectors');

const utf8 = new TextEncoder();

/** Loads a file of one layer, with one module `m`. */
async function loaded(layer: Layer, vectors: readonly object[], more: object = {}): Promise<readonly Vector[]> {
  const text = JSON.stringify({ layer, about: 'a test', vectors, ...more });
  const files = new Map([
    [`${layer}.json`, utf8.encode(text)],
    ['modules/m.wasm', Uint8Array.of(1, 2, 3)],
  ]);
  return await loadVectors(async (path) => files.get(path) ?? Promise.reject(new Error(`no ${path}`)), [layer]);
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof VectorFileError) return error.message;
    throw error;
  }
  throw new Error('it was loaded');
}

const identity = (wasm: unknown, more: object = {}): object => ({
  id: 'identity/a',
  rule: 'I-1',
  wasm,
  ends: { response: '' },
  ...more,
});

const modules: readonly (readonly [string, unknown, readonly number[]])[] = [
  ['a file', 'm', [1, 2, 3]],
  ['a file among parts', [{ file: 'm' }, { hex: '00ff' }], [1, 2, 3, 0, 255]],
  ['text', [{ text: 'aé' }], [0x61, 0xc3, 0xa9]],
  [
    'a part several times',
    [
      { hex: '0102', times: 3 },
      { text: 'x', times: 0 },
    ],
    [1, 2, 1, 2, 1, 2],
  ],
  ['no part', [], []],
  ['a custom section', [{ custom: 'ab', payload: 'xyz' }], [0, 6, 2, 0x61, 0x62, 0x78, 0x79, 0x7a]],
  ['an answer', [{ answer: [{ hex: 'ff' }, { text: 'a' }] }], [11, 12, 1, 0, 0x41, 0, 0x0b, 6, 2, 0, 0, 0, 0xff, 0x61]],
];

for (const [what, written, bytes] of modules)
  load(`a module: ${what}`, async () => {
    const [vector] = await loaded('identity', [identity(written)]);
    assert.equal(vector?.layer === 'identity' && [...vector.wasm], bytes);
  });

load('bytes are a text, or parts', async () => {
  const json = (written: unknown): object => ({
    type: 'u8',
    way: 'direct',
    json: written,
    rule: 'J-1',
    ends: { response: '' },
  });
  const vectors = await loaded('json', [
    { id: 'json/a', ...json('é') },
    { id: 'json/b', ...json([{ hex: 'c3' }]) },
  ]);
  assert.equal(
    vectors.map((vector) => vector.layer === 'json' && [...vector.json]),
    [[0xc3, 0xa9], [0xc3]],
  );
});

const refused: readonly (readonly [string, readonly object[], RegExp, object?])[] = [
  [
    'an undeclared field',
    [identity('m', { offer: '{}' })],
    /^identity\.json is not a file of vectors: unknown field `offer` in `\$\.vectors\[0\]`; known: `id`/,
  ],
  ['a missing field', [{ id: 'identity/a', rule: 'I-1', ends: {} }], /missing field `wasm`/],
  ['another layer', [], /layer/, { layer: 'kernel' }],
  ['an id of another layer', [identity('m', { id: 'kernel/a' })], /kernel\/a: the id must begin with identity\//],
  ['an id twice', [identity('m'), identity('m')], /identity\/a: the id occurs twice/],
  ['neither ends nor steps', [identity('m', { ends: null })], /must have either ends or steps/],
  ['odd hexadecimal digits', [identity([{ hex: 'abc' }])], /hexadecimal/],
  ['a part of too many bytes', [identity([{ hex: '00', times: 4_000_000_000 }])], /at most 16777216 bytes/],
  [
    'many parts of too many bytes',
    [identity(Array(9).fill({ hex: '00', times: 2_000_000 }))],
    /wasm\[8\], .*in all parts/,
  ],
  ['a part of two kinds', [identity([{ hex: '00' }, { text: 'a', hex: '00' }])], /wasm\[1\], .*with one of text, hex/],
  ['a part of no kind', [identity([{}])], /with one of text, hex, file, custom, answer, found one with 0/],
  ['a file several times', [identity([{ file: 'm', times: 2 }])], /times beside text or hex/],
  ['a payload without a custom section', [identity([{ text: '', payload: '' }])], /payload beside custom/],
  ['a module in another folder', [identity('../modules/m')], /the name of a file in modules/],
  ['fields of a part as an array', [identity([['00']])], /wasm\[0\], .*an object, found an array/],
  ['fields of an end as an array', [identity('m', { ends: ['00'] })], /ends, .*an object, found an array/],
  ['an end without fields', [identity('m', { ends: {} })], /identity\/a: an end must have a field/],
  ['no end of several', [identity('m', { ends: { oneOf: [] } })], /oneOf must have ends/],
  ['an empty end of several', [identity('m', { ends: { oneOf: [{}] } })], /each with a field/],
  [
    'an end beside several',
    [identity('m', { ends: { oneOf: [{ hash: '' }], hash: '' } })],
    /must not have other fields/,
  ],
  ['an escape sequence in an id', [identity('m', { id: '\u001b[31m' })], /: \\u\{1b\}\[31m: the id must begin/],
  [
    'an unknown field of an end',
    [identity('m', { ends: { respons: '' } })],
    /unknown field `respons` in `\$\.vectors\[0\]\.ends`.*did you mean `response`/,
  ],
];

for (const [what, vectors, message, more] of refused)
  load(`${what} is refused with the name of the file`, async () => {
    assert.match(await refusal(loaded('identity', vectors, more)), message);
  });

load('a record of nothing, and of two things, is refused', async () => {
  const record = (more: object): object => ({ id: 'record/a', rule: 'R-1', ends: { response: '' }, ...more });
  assert.match(await refusal(loaded('record', [record({})])), /record\/a: it must have one of make, metadata, record/);
  assert.match(await refusal(loaded('record', [record({ make: '', record: '' })])), /one of make, metadata, record/);
});

load('ends beside steps, and no steps, are refused', async () => {
  const kernel = (more: object): object => ({ id: 'kernel/a', rule: 'K-1', wasm: 'm', ...more });
  const both = loaded('kernel', [kernel({ ends: {}, steps: [{ call: 'a', ends: {} }] })]);
  assert.match(await refusal(both), /either ends or steps/);
  assert.match(await refusal(loaded('kernel', [kernel({ steps: [] })])), /steps must not be empty/);
});

load('a text that is not JSON, and bytes that are not UTF-8, are refused', async () => {
  const of = (bytes: Uint8Array) => loadVectors(async () => bytes, ['identity']);
  assert.match(await refusal(of(utf8.encode('{'))), /identity\.json/);
  assert.match(await refusal(of(Uint8Array.of(0xff))), /identity\.json/);
});

load('a module that does not exist rejects as reading it does', async () => {
  const error = await loaded('identity', [identity('other')]).catch((thrown: unknown) => thrown);
  assert.is(error instanceof Error && error.message, 'no modules/other.wasm');
});

load.run();
